import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import type { SampleRequest } from '../family/model-family.ts';
import { readVae } from '../vae/network.ts';
import { tinyVaeFiles } from '../vae/tiny-vae.ts';
import { readVoices, scoreOfVoices } from '../vae/voice-lines.ts';
import { MELODY } from '../vae/voice-sets.ts';
import { createDenoiser } from './denoiser.ts';
import { createDiffusionSampler, fillHole } from './diffusion-sampler.ts';
import { TINY_DIFFUSION, tinyDenoiserParameters } from './tiny-denoiser.ts';

const vae = readVae(tinyVaeFiles(), MELODY);
const denoiser = createDenoiser(TINY_DIFFUSION, tinyDenoiserParameters());
const sampler = createDiffusionSampler(denoiser, vae);
const grid = Uint16Array.from({ length: 12 * 16 }, (_, t) => (t % 4 ? 128 : 60 + ((t / 4) % 9)));
const score = scoreOfVoices({ grid, bpm: 90, programs: [5] }, MELODY.voices);
const request = (given: Partial<SampleRequest> = {}): SampleRequest => ({
  seed: 1,
  count: 1,
  inputs: [],
  settings: { bars: 8 },
  ...given,
});

describe('the sampler of latent diffusion', () => {
  it('gives the same for the same request, whatever else is made', async () => {
    const [one] = await sampler.sample(request());
    const two = await sampler.sample(request({ count: 2 }));
    expect(two[0]).toEqual(one);
    expect(two[1]).not.toEqual(one);
  });

  it('keeps every step outside a hole, wherever the hole lies', async () => {
    for (const hole of [
      { first: 0, count: 2 },
      { first: 5, count: 3 },
      { first: 10, count: 2 },
    ]) {
      const filled = await fillHole(denoiser, vae, grid, hole, { steps: 3 }, createRng(1));
      expect(filled.length).toBe(grid.length);
      filled.forEach((value, t) => {
        if (t < hole.first * 16 || t >= (hole.first + hole.count) * 16) expect(value).toBe(grid[t]);
      });
      const other = await fillHole(denoiser, vae, grid, hole, { steps: 3 }, createRng(2));
      expect(other).not.toEqual(filled);
    }
  });

  it('fills the hole that a request names', async () => {
    const [sample] = await sampler.sample(
      request({ inputs: [{ score }], settings: { hole: 3, holeBars: 2 } }),
    );
    const made = readVoices(sample!.score!, MELODY.voices).grid;
    expect(made.subarray(0, 32)).toEqual(grid.subarray(0, 32));
    expect(sample!.score!.tracks[0]!.program).toBe(5);
  });

  it('goes towards what is given, in a form, in a style', async () => {
    const settings = { bars: 8, form: 'AABA', style: 'folk', denser: 1, towards: 1 };
    const [plain] = await sampler.sample(request({ settings }));
    const [liked] = await sampler.sample(request({ settings, inputs: [{ score }, { score }] }));
    expect(liked!.score).not.toEqual(plain!.score);
  });

  it('refuses a hole without its piece or outside of it, and a VAE that is not its own', async () => {
    const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
    await expect(sampler.sample(request({ settings: { hole: 1 } }))).rejects.toThrow(refused);
    await expect(
      sampler.sample(request({ inputs: [{ score }], settings: { hole: 12, holeBars: 2 } })),
    ).rejects.toThrow(refused);
    const other = createDenoiser({ ...TINY_DIFFUSION, vae: 'another' }, tinyDenoiserParameters());
    expect(() => createDiffusionSampler(other, vae)).toThrow(
      expect.objectContaining({ code: 'checkpoint/mismatch' }) as Error,
    );
  });
});
