import { AttuneError } from '../../foundation/errors.ts';
import type { Second } from '../../foundation/units.ts';

/** Windows and threshold of `detectOnsets`. */
export interface OnsetDetectionOptions {
  /** An onset is the largest value within this long before and after. Default 0.03 s. */
  readonly peakSeconds?: Second;
  /** … and stands out of the mean of this long before and after. Default 0.1 s. */
  readonly meanSeconds?: Second;
  /** … by at least this share of the curve's largest value. Default 0.07. */
  readonly threshold?: number;
  /** Least time from one onset to the next. Default 0.03 s. */
  readonly gapSeconds?: Second;
}

/**
 * Times of note beginnings in a curve of onset strength, rising, seconds: the peak picking of Böck, Krebs & Schedl
 * 2012 ("Evaluating the online capabilities of onset detection methods", section 3.3), offline and with windows alike on
 * both sides. `onsets`: [frames], ≥ 0; frame t is at t / `frameRate`. A plateau counts at its first frame.
 * Throws `feature/invalid` for a rate or option that makes no sense.
 */
export function detectOnsets(
  onsets: Float32Array,
  frameRate: number,
  options: OnsetDetectionOptions = {},
): readonly Second[] {
  const { peakSeconds = 0.03, meanSeconds = 0.1, threshold = 0.07, gapSeconds = 0.03 } = options;
  requirePositive(frameRate, 'frameRate');
  for (const [name, value] of Object.entries({ peakSeconds, meanSeconds, threshold, gapSeconds }))
    requireNotNegative(value, name);
  const peakReach = Math.ceil(peakSeconds * frameRate);
  const meanReach = Math.ceil(meanSeconds * frameRate);
  const gap = Math.ceil(gapSeconds * frameRate);
  let largest = 0;
  for (const value of onsets) largest = Math.max(largest, value);
  const times: Second[] = [];
  let last = -Infinity;
  for (let t = 0; t < onsets.length; t++) {
    const value = onsets[t]!;
    if (value <= 0 || t - last <= gap || !isLargest(onsets, t, peakReach)) continue;
    if (value < meanAround(onsets, t, meanReach) + threshold * largest) continue;
    times.push(t / frameRate);
    last = t;
  }
  return times;
}

function isLargest(values: Float32Array, at: number, reach: number): boolean {
  const value = values[at]!;
  for (let t = Math.max(0, at - reach); t < at; t++) if (values[t]! >= value) return false;
  for (let t = at + 1; t <= Math.min(values.length - 1, at + reach); t++)
    if (values[t]! > value) return false;
  return true;
}

function meanAround(values: Float32Array, at: number, reach: number): number {
  const from = Math.max(0, at - reach);
  const to = Math.min(values.length, at + reach + 1);
  let sum = 0;
  for (let t = from; t < to; t++) sum += values[t]!;
  return sum / (to - from);
}

function requirePositive(value: number, name: string): void {
  if (value > 0 && value < Infinity) return;
  throw new AttuneError('feature/invalid', `${name} is a positive number, not ${value}.`, { [name]: value });
}

function requireNotNegative(value: number, name: string): void {
  if (value >= 0 && value < Infinity) return;
  throw new AttuneError('feature/invalid', `${name} is a number from 0 on, not ${value}.`, { [name]: value });
}
