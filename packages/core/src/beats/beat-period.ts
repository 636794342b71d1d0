import type { Second } from '../foundation/units.ts';
import { CURVE_RATE, type OnsetCurve } from './onset-curve.ts';

/** A length that the beat may have, and how well the curve agrees with itself at one to four times it, −1 … 1. */
export interface PeriodCandidate {
  readonly period: Second;
  readonly agreement: number;
}

const MIN_PERIOD: Second = 0.25; // 240 a minute
const MAX_PERIOD: Second = 2; // 30 a minute
const STEP = 1.01;
const BEATS = 4;
const MAX_CANDIDATES = 10;

/**
 * Periods at which the curve's autocorrelation, averaged over one to four beats, has a peak, best first; none where the
 * curve has no period (after Ellis 2007, "Beat tracking by dynamic programming", section 2; the prior over tempo comes
 * later, when candidates are weighed).
 */
export function findPeriods(curve: OnsetCurve): PeriodCandidate[] {
  const correlation = autocorrelate(curve.strength, Math.ceil(BEATS * MAX_PERIOD * CURVE_RATE) + 2);
  if (!(correlation[0]! > 0)) return [];
  const candidates: PeriodCandidate[] = [];
  for (let period = MIN_PERIOD / STEP; period <= MAX_PERIOD * STEP; period *= STEP) {
    let sum = 0;
    for (let beat = 1; beat <= BEATS; beat++) sum += interpolate(correlation, beat * period * CURVE_RATE);
    candidates.push({ period, agreement: sum / BEATS / correlation[0]! });
  }
  return candidates
    .filter(({ agreement }, i) => {
      const [before, after] = [candidates[i - 1]?.agreement, candidates[i + 1]?.agreement];
      return (
        before !== undefined &&
        after !== undefined &&
        agreement >= before &&
        agreement > after &&
        agreement > 0
      );
    })
    .sort((a, b) => b.agreement - a.agreement)
    .slice(0, MAX_CANDIDATES);
}

/** [lags]: Σ x[t] x[t + lag]; lags past the end are 0. */
function autocorrelate(values: Float64Array, lags: number): Float64Array {
  return Float64Array.from({ length: lags }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < values.length; t++) sum += values[t]! * values[t - lag]!;
    return sum;
  });
}

function interpolate(values: Float64Array, position: number): number {
  const index = Math.floor(position);
  const mix = position - index;
  return (values[index] ?? 0) * (1 - mix) + (values[index + 1] ?? 0) * mix;
}
