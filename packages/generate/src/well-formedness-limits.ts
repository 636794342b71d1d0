import type { MeasureLimits, WellFormednessMeasure } from './well-formedness.ts';

/**
 * Percentiles of the measures over the last 32 bars of each training piece of the seven sets that shipped models
 * learn from; every style weighs the same. Made by `attune-generate fit-well-formedness`.
 */
export const WELL_FORMEDNESS_LIMITS: Readonly<
  Record<'pitched' | 'drums', Readonly<Partial<Record<WellFormednessMeasure, MeasureLimits>>>>
> = {
  pitched: {
    emptyBars: { p1: 0, p5: 0, p95: 0, p99: 0.03125 },
    leadingSilence: { p1: 0, p5: 0, p95: 1, p99: 3 },
    rangeViolations: { p1: 0, p5: 0, p95: 0.01292, p99: 0.2036 },
    sameBarRun: { p1: 1, p5: 1, p95: 2, p99: 3 },
    samePitchRun: { p1: 1, p5: 1, p95: 14, p99: 22 },
    density: { p1: 0.1565, p5: 0.7074, p95: 3.501, p99: 4.325 },
    polyphony: { p1: 1, p5: 1, p95: 6.7, p99: 8.789 },
    tension: { p1: 0, p5: 0, p95: 0.2331, p99: 0.2696 },
    keyClarity: { p1: 0.6269, p5: 0.7138, p95: 0.9761, p99: 0.987 },
    tonicEnd: { p1: 0, p5: 0, p95: 1, p99: 1 },
  },
  drums: {
    emptyBars: { p1: 0, p5: 0, p95: 0, p99: 0 },
    leadingSilence: { p1: 0, p5: 0, p95: 3.046, p99: 3.833 },
    rangeViolations: { p1: 0, p5: 0, p95: 0, p99: 0 },
    density: { p1: 1.037, p5: 1.432, p95: 2.911, p99: 3.117 },
  },
};
