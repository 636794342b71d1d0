import type { Rng } from '@attune/core';
import type { NamedArray } from '@attune/core/nn';
import { findPrincipalComponents } from '../spectral/principal-components.ts';
import type { VaeShape } from './config.ts';

/** Added to variances, so that a dimension that is certain does not count for everything. */
const LEAST_VARIANCE = 0.1;

/**
 * First values with which the level of songs is the best linear code of each phrase alone: the principal components of the
 * phrases' means, each dimension measured in the deviation of its own posterior, scaled to deviation 1. Training goes
 * on from there. `means` and `variances` [N, latent] of phrases of training; there must be more than local dimensions.
 */
export function linearStart(
  { phrase, song }: VaeShape,
  means: Float32Array,
  variances: Float32Array,
  rng: Rng,
): Map<string, NamedArray> {
  const { latent } = phrase;
  const { local, patches } = song!;
  const count = means.length / latent;
  const units = new Float64Array(latent);
  variances.forEach((value, i) => (units[i % latent]! += value / count));
  const unit = units.map((value) => Math.sqrt(value + LEAST_VARIANCE));
  const scaled = means.map((value, i) => value / unit[i % latent]!);
  const { mean, directions, deviations } = findPrincipalComponents(scaled, latent, local, rng);
  const encoder = new Float32Array(latent * local);
  const decoder = new Float32Array(local * latent);
  const encoderBias = new Float32Array(2 * local);
  for (let c = 0; c < local; c++) {
    const deviation = Math.max(1e-3, deviations[c]!);
    for (let d = 0; d < latent; d++) {
      const along = directions[c * latent + d]!;
      encoder[d * local + c] = along / (unit[d]! * deviation);
      decoder[c * latent + d] = along * unit[d]! * deviation;
      encoderBias[c]! -= (along * mean[d]!) / deviation;
    }
  }
  const decoderBias = Float32Array.from(
    { length: patches * latent },
    (_, i) => mean[i % latent]! * unit[i % latent]!,
  );
  return new Map<string, NamedArray>([
    ['song/encoder/shortcut/weight', { shape: [latent, local], data: encoder }],
    ['song/encoder/local/bias', { shape: [2 * local], data: encoderBias }],
    ['song/decoder/shortcut/weight', { shape: [local, latent], data: decoder }],
    ['song/decoder/patch/bias', { shape: [patches, latent], data: decoderBias }],
  ]);
}
