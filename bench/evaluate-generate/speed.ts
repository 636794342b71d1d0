import { countNotes } from '@attune/core';
import type { Generator } from '@attune/generate';
import type { SpeedResult } from './results.ts';

const BARS = 32;
const QUARTET = [40, 41, 42, 48]; // violin, viola, cello, strings

/** CPU seconds to the first bar and to 32 bars for four instruments, medians of `rounds` seeds. */
export async function measureSpeed(
  name: string,
  generator: Generator,
  rounds: number,
  guidance?: number,
): Promise<SpeedResult> {
  const request = {
    conditioning: { style: 'string-quartet', instruments: QUARTET } as const,
    bars: BARS,
    ...(guidance !== undefined && { guidance }),
  };
  await generator.generate({ ...request, bars: 2, seed: 1 }); // so that compiling is not counted
  const runs: { notes: number; firstBar: number; whole: number }[] = [];
  for (let seed = 1; seed <= rounds; seed++) {
    const began = process.cpuUsage();
    let firstBar = NaN;
    const piece = await generator.generate(
      { ...request, seed },
      { onBar: (bar) => (firstBar = bar === 1 ? cpuSince(began) : firstBar) },
    );
    runs.push({ notes: countNotes(piece.score), firstBar, whole: cpuSince(began) });
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  return {
    name,
    notes: median(runs.map((run) => run.notes)),
    firstBar: median(runs.map((run) => run.firstBar)),
    whole: median(runs.map((run) => run.whole)),
  };
}

function cpuSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}
