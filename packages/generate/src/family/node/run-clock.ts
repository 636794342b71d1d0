import { AttuneError } from '@attune/core';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How long a run may take; one of the three, else `defaultSteps` updates. */
export interface RunClockOptions {
  readonly steps?: number;
  readonly minutes?: number;
  readonly cpuMinutes?: number;
  readonly defaultSteps: number;
  /** Folder of the run, where the time spent is kept. */
  readonly folder: string;
  readonly resumed: boolean;
}

/** Says how much of a run is done and when it is over, by updates or by time; time spent before a resume counts. */
export interface RunClock {
  /** Updates in all; very many where time decides. */
  readonly steps: number;
  /** 0 … 1, how much of the run is done before this update. */
  share(step: number): number;
  /** Whether the time is up. */
  isOver(): boolean;
  /** To be called with each saved state. */
  save(): void;
  cpuMinutes(): number;
}

const CLOCK_FILE = 'elapsed.json';

/** Throws `argument/invalid` where more than one limit is given. */
export function createRunClock(options: RunClockOptions): RunClock {
  const { minutes, cpuMinutes, folder } = options;
  const given = [options.steps, minutes, cpuMinutes].filter((limit) => limit !== undefined);
  if (given.length > 1) {
    throw new AttuneError(
      'argument/invalid',
      'A run is limited by steps, by minutes or by processor minutes, not by several.',
    );
  }
  const file = path.join(folder, CLOCK_FILE);
  const before =
    options.resumed && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { seconds: number; cpuSeconds: number })
      : { seconds: 0, cpuSeconds: 0 };
  const [start, startCpu] = [performance.now(), process.cpuUsage()];
  const seconds = (): number => before.seconds + (performance.now() - start) / 1000;
  const cpuSeconds = (): number => {
    const { user, system } = process.cpuUsage(startCpu);
    return before.cpuSeconds + (user + system) / 1e6;
  };
  const limit = minutes ?? cpuMinutes;
  const spent = (): number => (cpuMinutes === undefined ? seconds() : cpuSeconds()) / 60;
  const steps = options.steps ?? (limit === undefined ? options.defaultSteps : Number.MAX_SAFE_INTEGER);
  return {
    steps,
    share: (step) => Math.min(1, limit === undefined ? step / steps : spent() / limit),
    isOver: () => limit !== undefined && spent() >= limit,
    save: () => writeFileSync(file, JSON.stringify({ seconds: seconds(), cpuSeconds: cpuSeconds() })),
    cpuMinutes: () => cpuSeconds() / 60,
  };
}
