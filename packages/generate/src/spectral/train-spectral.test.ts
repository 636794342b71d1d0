import { createRng } from '@attune/core';
import {
  constantSchedule,
  readTrainingState,
  writeTrainingState,
  type Backend,
  type TrainingState,
} from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { BINS } from './frames.ts';
import { createSpectralNetwork } from './network.ts';
import { pitchParameterNames } from './parameters.ts';
import { TINY_SPECTRAL } from './test-network.ts';
import {
  completeParameters,
  SPECTRAL_PLAN,
  startOfTraining,
  trainSpectral,
  type SpectralPlan,
  type TrainSpectralOptions,
} from './train-spectral.ts';

const PLAN: SpectralPlan = {
  ...SPECTRAL_PLAN,
  ...TINY_SPECTRAL.shape,
  rows: 8,
  evaluateEvery: 4,
  quietWeight: 0.25,
};

/** Combs of lines, their spacing and slope drawn by chance. */
function combs(count: number, seed: number): Float32Array {
  const rng = createRng(seed);
  const frames = new Float32Array(count * BINS);
  for (let t = 0; t < count; t++) {
    const [spacing, slope] = [12 + rng.integer(6), 0.5 + rng.uniform()];
    for (let k = spacing; k < BINS; k += spacing) frames[t * BINS + k] = Math.max(0, 1 - (slope * k) / BINS);
  }
  return frames;
}

const START = startOfTraining(combs(40, 1), 3, 3);
let backend: Backend;
beforeAll(async () => {
  backend = await selectNodeBackend();
}, 60_000);

const options = (steps: number): TrainSpectralOptions => ({
  backend,
  plan: PLAN,
  frames: combs(40, 1),
  validation: combs(12, 2),
  seed: 3,
  start: START,
  steps,
  schedule: constantSchedule(2e-3),
});

describe('training', () => {
  it('starts as good as the principal components, and gets better', async () => {
    await backend.activate();
    const untrained = await trainSpectral({ ...options(1), schedule: constantSchedule(0) });
    const { mean, directions } = START;
    const held = combs(12, 2);
    let loss = 0;
    for (let t = 0; t < 12; t++) {
      const row = Float64Array.from({ length: BINS }, (_, k) => held[t * BINS + k]! - mean[k]!);
      const rest = Float64Array.from(row);
      for (let c = 0; c < 3; c++) {
        const own = directions.subarray(c * BINS, (c + 1) * BINS);
        const along = own.reduce((sum, value, k) => sum + value * row[k]!, 0);
        own.forEach((value, k) => (rest[k]! -= along * value));
      }
      rest.forEach(
        (value, k) => (loss += ((PLAN.quietWeight + held[t * BINS + k]!) * value * value) / held.length),
      );
    }
    const before = untrained.validate();
    expect(before.dense.loss / loss).toBeCloseTo(1, 3);
    expect(before.convolution.loss / loss).toBeCloseTo(1, 3);
    const { validate } = await trainSpectral({ ...options(20), plan: { ...PLAN, evaluateEvery: 20 } });
    expect(validate().dense.loss).toBeLessThan(0.9 * before.dense.loss);
    expect(validate().convolution.loss).toBeLessThan(0.95 * before.convolution.loss);
  });

  it('stopped and resumed equals never stopped, through files', async () => {
    await backend.activate();
    const whole = await trainSpectral(options(8));
    let saved: TrainingState | undefined;
    await trainSpectral({ ...options(5), saveState: (state) => void (saved = state) });
    const files = writeTrainingState(saved!);
    const resumed = await trainSpectral({ ...options(8), resume: readTrainingState(files) });
    expect(resumed.store.save()).toEqual(whole.store.save());
  });

  it('refuses empty data', async () => {
    for (const part of [{ frames: new Float32Array(0) }, { validation: new Float32Array(0) }]) {
      await expect(trainSpectral({ ...options(1), ...part })).rejects.toMatchObject({
        code: 'dataset/malformed',
      });
    }
  });
});

describe('fitting pitches', () => {
  it('finds mean and deviation of the codes of each pitch, for both networks', async () => {
    await backend.activate();
    const { store } = await trainSpectral({ ...options(1) });
    const config = { ...TINY_SPECTRAL, pitches: { lowest: 60, highest: 61 } };
    const shape = combs(5, 7);
    const fitted = completeParameters(config, store.save(), START, { shape, pitches: [60, 61, 60, 61, 61] });
    const network = createSpectralNetwork(config, fitted, 'dense');
    const codes = network.encode(shape);
    const [a, b] = [codes[0]!, codes[6]!]; // first latents of the two frames of pitch 60
    const names = pitchParameterNames('dense');
    expect(fitted.get(names.mean)!.data[0]).toBeCloseTo((a + b) / 2, 5);
    expect(fitted.get(names.deviation)!.data[0]).toBeCloseTo(Math.abs(a - b) / 2, 5);
    expect(() =>
      completeParameters(config, store.save(), START, { shape, pitches: [60, 60, 60, 60, 60] }),
    ).toThrow(/pitch 61/);
  });
});
