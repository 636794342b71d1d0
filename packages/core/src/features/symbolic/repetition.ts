import { isDrumRow } from './note-table.ts';
import type { SymbolicContext } from './context.ts';

/** Places in the bar are compared on a grid of 48 steps. */
const STEPS_PER_BAR = 48;

/**
 * Share of the bars with notes, the first aside, whose notes (place in the bar and pitch above the bar's lowest
 * pitch, so transposed copies count; drums by their own number) are those of an earlier bar. 0 … 1.
 */
export function barRepetition(context: SymbolicContext): number {
  const bars = barContents(context);
  const seen = new Set<string>();
  let repeated = 0;
  for (const content of bars) {
    if (seen.has(content)) repeated++;
    seen.add(content);
  }
  return bars.length < 2 ? 0 : repeated / (bars.length - 1);
}

/** Share of the bars whose pattern of onsets alone is that of an earlier bar. */
export function rhythmRepetition({ notes, beats }: SymbolicContext): number {
  const patterns = new Map<number, Set<number>>();
  for (let row = 0; row < notes.size; row++) {
    const pattern = patterns.get(beats.bar[row]!) ?? new Set();
    pattern.add(Math.round(beats.inBar[row]! * STEPS_PER_BAR));
    patterns.set(beats.bar[row]!, pattern);
  }
  const names = [...patterns.values()].map((pattern) => [...pattern].join(' '));
  return names.length < 2 ? 0 : (names.length - new Set(names).size) / (names.length - 1);
}

function barContents({ notes, beats }: SymbolicContext): string[] {
  const rowsByBar = new Map<number, number[]>();
  for (let row = 0; row < notes.size; row++) {
    const rows = rowsByBar.get(beats.bar[row]!);
    if (rows) rows.push(row);
    else rowsByBar.set(beats.bar[row]!, [row]);
  }
  return [...rowsByBar.values()].map((rows) => {
    let lowest = 127;
    for (const row of rows) if (!isDrumRow(notes, row)) lowest = Math.min(lowest, notes.pitch[row]!);
    return rows
      .map((row) => {
        const step = Math.round(beats.inBar[row]! * STEPS_PER_BAR);
        return isDrumRow(notes, row)
          ? `${step}d${notes.pitch[row]!}`
          : `${step}p${notes.pitch[row]! - lowest}`;
      })
      .sort()
      .join(' ');
  });
}
