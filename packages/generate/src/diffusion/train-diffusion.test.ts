import { createRng } from '@attune/core';
import { constantSchedule, type TrainingState } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { expect, it } from 'vitest';
import { excerptBatches, latentScale, type LatentSong } from './latent-songs.ts';
import { TINY_DIFFUSION } from './tiny-denoiser.ts';
import { trainDiffusion, type DiffusionPlan } from './train-diffusion.ts';

const { latent, letters } = TINY_DIFFUSION.shape;
const PLAN: DiffusionPlan = {
  lengths: [4, 8],
  tokens: 16,
  withoutStyle: 0.3,
  withoutAttribute: 0.5,
  withoutKey: 0.2,
  withoutPlan: 0.4,
  withGiven: 0.4,
  weightDecay: 0,
  averageDecay: 0,
  evaluateEvery: 50,
  patience: 100,
  validBatches: 4,
};

/** Songs whose latents are the same pattern, plus a little noise. */
function songs(count: number, phrases: number): LatentSong[] {
  const rng = createRng(9);
  return Array.from({ length: count }, () => ({
    style: 'folk',
    phrases: Array.from({ length: phrases }, () => new Uint16Array(16).fill(60)),
    means: Float32Array.from({ length: phrases * latent }, (_, i) => Math.sin(i) + 0.05 * rng.normal()),
    deviations: new Float32Array(phrases * latent).fill(0.05),
    letters: new Int32Array(phrases),
  }));
}

async function run(steps: number, extra: object = {}) {
  const train = songs(6, 8);
  return trainDiffusion({
    backend: await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } }),
    config: TINY_DIFFUSION,
    scale: latentScale(train, latent),
    plan: PLAN,
    train,
    valid: songs(2, 8),
    schedule: constantSchedule(5e-3),
    steps,
    seed: 2,
    ...extra,
  });
}

it('learns a world of one pattern: the error falls well below that of a network that says nothing', async () => {
  const { result } = await run(160, {
    schedule: constantSchedule(1e-2),
    plan: { ...PLAN, evaluateEvery: 160 },
  });
  expect(result.best!.score).toBeLessThan(0.85);
}, 200_000);

it('going on from a saved state equals never having stopped', async () => {
  const whole = await run(8);
  let state: TrainingState | undefined;
  await run(5, { saveState: (saved: TrainingState) => void (state = saved) });
  const resumed = await run(8, { resume: state });
  expect(resumed.store.save()).toEqual(whole.store.save());
}, 200_000);

it('batches tell letters within the table, charge only what is to be made, and hide what is not given', () => {
  const train = songs(3, 8);
  const batches = excerptBatches(train, TINY_DIFFUSION, latentScale(train, latent), PLAN, createRng(1));
  let given = 0;
  for (let i = 0; i < 20; i++) {
    const batch = batches.next();
    expect(Math.max(...batch.letters)).toBeLessThanOrEqual(letters);
    batch.isGiven.forEach((is, at) => {
      given += is;
      expect(batch.weights[at]).toBe(1 - is);
      const row = batch.given.subarray(at * latent, (at + 1) * latent);
      expect(row.some((value) => value !== 0)).toBe(is === 1);
    });
  }
  expect(given).toBeGreaterThan(0);
});

it('melodies that are too short are refused', () => {
  const train = songs(1, 3);
  expect(() => excerptBatches(train, TINY_DIFFUSION, latentScale(train, latent), PLAN, createRng(1))).toThrow(
    expect.objectContaining({ code: 'dataset/malformed' }) as Error,
  );
  expect(() => latentScale([], latent)).toThrow(
    expect.objectContaining({ code: 'dataset/malformed' }) as Error,
  );
});
