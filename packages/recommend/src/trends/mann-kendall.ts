import { normalCdf } from '../algebra/normal.ts';
import { checkSeries } from './series.ts';

/** Whether a series rises or falls, whatever its shape. */
export interface TrendTest {
  /** Kendall's S: pairs that rise less pairs that fall. */
  readonly s: number;
  readonly z: number;
  /** Two-sided. */
  readonly p: number;
  /** Sen's slope: the median of the slopes of all pairs, a step. */
  readonly slope: number;
}

/** A series this autocorrelated is a random walk as far as can be told. */
const HIGHEST_RHO = 0.98;

/**
 * Mann–Kendall test with Sen's slope (Mann 1945; Kendall 1975; Sen 1968), ties in the variance and continuity correction; the
 * variance is widened for autocorrelation of the detrended series, taken as of first order (Yue & Wang 2004), and never
 * narrowed, so that a series that merely wanders is seldom called a trend. Seldom, not never: of very short series the
 * autocorrelation itself is uncertain.
 * @throws `argument/invalid` for under 4 values or values that are not finite.
 */
export function testTrend(
  values: readonly number[],
  options: { readonly isIndependent?: boolean } = {},
): TrendTest {
  checkSeries(values, 4);
  const n = values.length;
  let s = 0;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      s += Math.sign(values[j]! - values[i]!);
      slopes.push((values[j]! - values[i]!) / (j - i));
    }
  }
  const slope = medianOf(slopes);
  const widening = options.isIndependent ? 1 : varianceWidening(values.map((value, t) => value - slope * t));
  const variance = (widening * (n * (n - 1) * (2 * n + 5) - tieTerm(values))) / 18;
  const z = s === 0 || variance === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance);
  return { s, z, p: z === 0 ? 1 : 2 * (1 - normalCdf(Math.abs(z))), slope };
}

function tieTerm(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
}

/**
 * n / n* = 1 + 2 Σ (1 − k/n) ρᵏ of a first-order autoregression, at least 1. ρ is the lag-1 autocorrelation, corrected for the bias
 * −(2 + 4ρ) / n that a fitted line leaves.
 */
function varianceWidening(detrended: readonly number[]): number {
  const n = detrended.length;
  const mean = detrended.reduce((sum, value) => sum + value, 0) / n;
  let [power, product] = [0, 0];
  for (let t = 0; t < n; t++) {
    power += (detrended[t]! - mean) ** 2;
    if (t > 0) product += (detrended[t]! - mean) * (detrended[t - 1]! - mean);
  }
  if (power === 0 || n <= 4) return 1;
  const rho = Math.max(0, Math.min(HIGHEST_RHO, (product / power + 2 / n) / (1 - 4 / n)));
  let widening = 1;
  for (let k = 1; k < n; k++) widening += 2 * (1 - k / n) * rho ** k;
  return widening;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
