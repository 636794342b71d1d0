import { AttuneError } from '../foundation/errors.ts';
import type { Sample } from '../foundation/units.ts';
import { leadOf, type StftSettings } from './stft-settings.ts';
import { createWindow } from './window.ts';

/** Least sum of squared windows over the largest: below it, rounding would be amplified a thousandfold and more. */
export const LEAST_WINDOW_SUM = 1e-6;

/**
 * Σ w² over `frames` frames at each of `length` samples, [length].
 * Throws `argument/invalid` where a sample has less than `LEAST_WINDOW_SUM` of the largest sum.
 */
export function sumWindows(frames: number, length: Sample, settings: StftSettings): Float64Array {
  const { frameSize, hopSize } = settings;
  if (!Number.isInteger(length) || length < 0)
    throw new AttuneError('argument/invalid', `A signal has a whole number of samples, not ${length}.`, {
      length,
    });
  const squares = createWindow(settings.window, frameSize).map((w) => w * w);
  const sums = new Float64Array(length);
  for (let t = 0; t < frames; t++) {
    const start = t * hopSize - leadOf(settings);
    const end = Math.min(frameSize, length - start);
    for (let n = Math.max(0, -start); n < end; n++) sums[start + n]! += squares[n]!;
  }
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, sums[i]!);
  for (let i = 0; i < length; i++) {
    if (sums[i]! > LEAST_WINDOW_SUM * largest) continue;
    throw new AttuneError(
      'argument/invalid',
      `Sample ${i} of ${length} is not in the spectrogram: the squared windows over it sum to ${sums[i]!.toExponential(1)}.`,
      { sample: i, hopSize, window: settings.window },
    );
  }
  return sums;
}
