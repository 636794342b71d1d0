import { createRng } from '@attune/core';
import { selectNodeBackend } from '@attune/core/node';
import { describe, expect, it } from 'vitest';
import { conditionRow } from './condition.ts';
import { createDenoiser } from './denoiser.ts';
import { velocity, type DenoiserInput } from './model.ts';
import { TINY_DIFFUSION, tinyDenoiserParameters } from './tiny-denoiser.ts';

const { shape } = TINY_DIFFUSION;

function input(phrases: number): DenoiserInput {
  const rng = createRng(4);
  const noise = (): Float32Array => Float32Array.from({ length: phrases * shape.latent }, () => rng.normal());
  return {
    rows: 1,
    phrases,
    noisy: noise(),
    given: noise(),
    isGiven: Float32Array.from({ length: phrases }, (_, p) => p % 2),
    letters: Int32Array.from({ length: phrases }, (_, p) => p % (shape.letters + 1)),
    conditions: conditionRow(TINY_DIFFUSION, 0.4, { style: 'standards', attributes: { height: 60 } }),
  };
}

describe('the denoiser on plain arrays', () => {
  it('computes what the tensors compute', async () => {
    const { tf } = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } });
    const parameters = new Map(
      [...tinyDenoiserParameters()].map(([name, { shape: size, data }]) => [
        name,
        tf.tensor(data, [...size]),
      ]),
    );
    const denoiser = createDenoiser(TINY_DIFFUSION, tinyDenoiserParameters());
    for (const phrases of [1, 9]) {
      const wanted = tf.tidy(() => velocity(tf, shape, parameters, input(phrases)).dataSync());
      const found = denoiser.velocity(input(phrases));
      expect(found.length).toBe(phrases * shape.latent);
      found.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-4));
    }
  }, 200_000);

  it('refuses more phrases than it has places for, and parameters that do not fit', () => {
    const denoiser = createDenoiser(TINY_DIFFUSION, tinyDenoiserParameters());
    expect(() => denoiser.velocity(input(33))).toThrow(
      expect.objectContaining({ code: 'model/invalid' }) as Error,
    );
    const parameters = tinyDenoiserParameters();
    parameters.delete('output/bias');
    expect(() => createDenoiser(TINY_DIFFUSION, parameters)).toThrow(
      expect.objectContaining({ code: 'checkpoint/mismatch' }) as Error,
    );
    expect(() => conditionRow(TINY_DIFFUSION, 0, { style: 'polka' })).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }) as Error,
    );
  });
});
