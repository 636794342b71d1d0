import { AttuneError } from '../foundation/errors.ts';
import type { Decibel } from '../foundation/units.ts';
import { largestOf } from './spectrogram.ts';

type Values = Float32Array | Float64Array;

/**
 * Spectral convergence ‖|Y| − S‖ / ‖S‖, Frobenius norms, as a ratio (Sturmel & Daudet 2011; some write it in dB).
 * `estimate` |Y| and `reference` S: magnitudes, both [frames, bins]. 0 for two silences, Infinity against one.
 * Throws `argument/invalid` where the lengths differ.
 */
export function spectralConvergence(estimate: Values, reference: Values): number {
  requireSameLength(estimate, reference);
  let difference = 0;
  let total = 0;
  for (let i = 0; i < reference.length; i++) {
    difference += (estimate[i]! - reference[i]!) ** 2;
    total += reference[i]! ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / total);
}

/**
 * Log-spectral distance (Gray & Markel 1976): root mean square over a frame's bins of the difference in dB, then mean
 * over frames. Magnitudes [frames, bins]; both are raised to `floorDb` (default −80) under the reference's largest
 * magnitude first, so that bins without sound do not decide. Throws `argument/invalid` where lengths differ, are not
 * whole frames, or the reference is silent.
 */
export function logSpectralDistance(
  estimate: Values,
  reference: Values,
  bins: number,
  floorDb: Decibel = -80,
): Decibel {
  requireSameLength(estimate, reference);
  const frames = reference.length / bins;
  if (!Number.isInteger(frames) || frames < 1)
    throw new AttuneError(
      'argument/invalid',
      `${reference.length} magnitudes are no frames of ${bins} bins.`,
      { bins },
    );
  const loudest = largestOf(reference);
  if (!(loudest > 0)) throw new AttuneError('argument/invalid', 'A silent reference has no levels.');
  const floor = loudest * 10 ** (floorDb / 20);
  let sum = 0;
  for (let start = 0; start < reference.length; start += bins) {
    let squares = 0;
    for (let i = start; i < start + bins; i++)
      squares += (20 * Math.log10(Math.max(floor, estimate[i]!) / Math.max(floor, reference[i]!))) ** 2;
    sum += Math.sqrt(squares / bins);
  }
  return sum / frames;
}

/**
 * Signal-to-noise ratio of a re-synthesised signal: 10 log10 (Σ x² / Σ (x − y)²), dB, over the whole signal; no gain
 * or delay is sought first, so a signal of right magnitudes and wrong phases scores low. Infinity for equal signals.
 * Throws `argument/invalid` where the lengths differ.
 */
export function signalToNoise(estimate: Values, reference: Values): Decibel {
  requireSameLength(estimate, reference);
  let noise = 0;
  let signal = 0;
  for (let i = 0; i < reference.length; i++) {
    noise += (estimate[i]! - reference[i]!) ** 2;
    signal += reference[i]! ** 2;
  }
  return noise === 0 ? Infinity : 10 * Math.log10(signal / noise);
}

function requireSameLength(estimate: Values, reference: Values): void {
  if (estimate.length === reference.length) return;
  throw new AttuneError(
    'argument/invalid',
    `Only arrays of one length can be compared, not ${estimate.length} and ${reference.length}.`,
    { estimate: estimate.length, reference: reference.length },
  );
}
