import { createRng } from '@attune/core';
import { writeCheckpoint, type NamedArray } from '@attune/core/nn';
import { directionShapes, vaeParameterShapes, type VaeConfig } from './config.ts';
import { MELODY, type VoiceSet } from './voice-sets.ts';

/** Sizes for tests: phrases of a bar, songs of two. */
export function tinyVae({ voices }: VoiceSet): VaeConfig {
  return {
    version: 'tiny-vae',
    shape: {
      voices: [...voices],
      embedding: 6,
      headWidth: 10,
      phraseSteps: 16,
      phrase: { patches: 4, patchWidth: 8, hidden: 24, latent: 10, local: 2 },
      song: { patches: 2, patchWidth: 8, hidden: 24, latent: 11, local: 4 },
    },
    training: {},
  };
}

/** Untrained parameters of all names, drawn by a seed. */
export function tinyVaeParameters(set: VoiceSet = MELODY, seed = 1): Map<string, NamedArray> {
  const rng = createRng(seed);
  const { shape: sizes } = tinyVae(set);
  return new Map(
    [...vaeParameterShapes(sizes), ...directionShapes(sizes)].map(([name, shape]) => {
      const own = rng.fork(name);
      const size = shape.reduce((a, b) => a * b, 1);
      const deviation = name.endsWith('attributes') ? 1 : 1 / Math.sqrt(shape.length > 1 ? shape[0]! : 1);
      return [name, { shape, data: Float32Array.from({ length: size }, () => deviation * own.normal()) }];
    }),
  );
}

/** Files of an untrained checkpoint. */
export function tinyVaeFiles(set: VoiceSet = MELODY, seed = 1): Record<string, Uint8Array> {
  return writeCheckpoint({ kind: set.kind, config: tinyVae(set), parameters: tinyVaeParameters(set, seed) });
}
