import { createRng } from '@attune/core';
import { writeCheckpoint, type NamedArray } from '@attune/core/nn';
import { directionShapes, VAE_KIND, vaeParameterShapes, type VaeConfig } from './config.ts';

/** Sizes for tests: phrases of a bar, songs of two. */
export const TINY_VAE: VaeConfig = {
  version: 'tiny-vae',
  shape: {
    embedding: 6,
    headWidth: 10,
    phraseSteps: 16,
    phrase: { patches: 4, patchWidth: 8, hidden: 24, latent: 10, local: 2 },
    song: { patches: 2, patchWidth: 8, hidden: 24, latent: 11, local: 4 },
  },
  training: {},
};

/** Untrained parameters of all names, drawn by a seed. */
export function tinyVaeParameters(seed = 1): Map<string, NamedArray> {
  const rng = createRng(seed);
  return new Map(
    [...vaeParameterShapes(TINY_VAE.shape), ...directionShapes(TINY_VAE.shape)].map(([name, shape]) => {
      const own = rng.fork(name);
      const size = shape.reduce((a, b) => a * b, 1);
      const deviation = name.endsWith('attributes') ? 1 : 1 / Math.sqrt(shape.length > 1 ? shape[0]! : 1);
      return [name, { shape, data: Float32Array.from({ length: size }, () => deviation * own.normal()) }];
    }),
  );
}

/** Files of an untrained checkpoint. */
export function tinyVaeFiles(seed = 1): Record<string, Uint8Array> {
  return writeCheckpoint({
    kind: VAE_KIND,
    config: TINY_VAE,
    parameters: tinyVaeParameters(seed),
  });
}
