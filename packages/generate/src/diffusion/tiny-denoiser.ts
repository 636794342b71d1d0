import { createRng } from '@attune/core';
import type { NamedArray } from '@attune/core/nn';
import { tinyVae } from '../vae/tiny-vae.ts';
import { MELODY } from '../vae/voice-sets.ts';
import { denoiserParameterShapes, latentScaleShape, type DiffusionConfig } from './config.ts';

const TINY = tinyVae(MELODY);

/** Sizes for tests, over the latents of `tinyVae`. */
export const TINY_DIFFUSION: DiffusionConfig = {
  version: 'tiny-diffusion',
  vae: TINY.version,
  shape: {
    latent: TINY.shape.phrase.latent,
    whole: 2,
    split: 2,
    phrases: 32,
    width: 12,
    layers: 2,
    heads: 2,
    feedForward: 20,
    letters: 6,
  },
  styles: ['folk', 'standards'],
  attributes: { means: [1, 70, 0.2, 2], deviations: [0.5, 5, 0.1, 1] },
  majorShare: 0.6,
  training: {},
};

/** Untrained parameters of all names, drawn by a seed. */
export function tinyDenoiserParameters(seed = 1): Map<string, NamedArray> {
  const { shape, styles } = TINY_DIFFUSION;
  const rng = createRng(seed);
  const [scaleName, scaleShape] = latentScaleShape(shape);
  const learned = denoiserParameterShapes(shape, styles.length).map(([name, size]): [string, NamedArray] => {
    const own = rng.fork(name);
    const count = size.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: count }, () => own.normal() / Math.sqrt(size[0]!));
    return [name, { shape: size, data }];
  });
  const scale = Float32Array.from({ length: 2 * shape.latent }, (_, i) =>
    i < shape.latent ? 0.1 * i : 1 + 0.1 * i,
  );
  return new Map([...learned, [scaleName, { shape: scaleShape, data: scale }]]);
}
