import { constantSchedule, type TrainingState } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { expect, it } from 'vitest';
import { HOLD, REST } from './melody-grid.ts';
import { melodyWindows, spreadWindows, windowAt } from './melody-windows.ts';
import { noteAccuracy } from './measures.ts';
import { createVaeNetwork, noDirections } from './network.ts';
import { TINY_VAE, tinyVaeParameters } from './tiny-vae.ts';
import { trainPhrases, trainSongs, type LevelPlan, type TrainLevelOptions } from './train-vae.ts';

const { song: _, ...PHRASES } = TINY_VAE.shape;
const PLAN: LevelPlan = {
  rows: 8,
  learningRate: 1e-2,
  weightDecay: 0,
  beta: 0.01,
  betaWarmup: 10,
  freeNats: 0,
  untold: 0.3,
  distanceWeight: 0.5,
  evaluateEvery: 20,
  patience: 100,
};
/** Two tunes of four bars that are easy to tell apart. */
const PIECES = [
  { id: 'up', set: 'test', grid: tune([60, 62, 64, 65]) },
  { id: 'down', set: 'test', grid: tune([72, 71, 69, 67]) },
];

function tune(pitches: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: 64 }, (_unused, t) =>
    t % 16 >= 14 ? REST : t % 4 === 0 ? pitches[(t / 4 + Math.floor(t / 16)) % 4]! : HOLD,
  );
}

async function options(steps: number, stepsOfWindow: number): Promise<TrainLevelOptions> {
  return {
    backend: await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } }),
    shape: TINY_VAE.shape,
    plan: PLAN,
    train: melodyWindows(PIECES, stepsOfWindow),
    valid: melodyWindows(PIECES, stepsOfWindow, 16),
    validCount: 8,
    schedule: constantSchedule(PLAN.learningRate),
    steps,
    seed: 3,
  };
}

it('a tiny world is learned by heart: what was encoded comes back', async () => {
  const base = await options(150, 16);
  const wide = {
    ...PHRASES,
    phrase: { ...PHRASES.phrase, patchWidth: 16, hidden: 48, latent: 20, local: 4 },
    embedding: 12,
    headWidth: 24,
  };
  const { store, result } = await trainPhrases({
    ...base,
    plan: { ...PLAN, evaluateEvery: 150 },
    shape: wide,
  });
  const network = createVaeNetwork(
    { ...TINY_VAE, shape: wide },
    new Map([...store.save(), ...noDirections(wide)]),
  );
  const grids = spreadWindows(base.valid, 8).map((index) => windowAt(base.valid, index));
  const made = grids.map((grid) => network.decodePhrase(network.encodePhrase(grid).mean));
  expect(result.best!.score).toBeLessThan(16 * Math.log(130) * 0.1);
  expect(noteAccuracy(grids, made).steps).toBeGreaterThan(0.9);
}, 200_000);

it('phrases: going on from a saved state equals never having stopped', async () => {
  const base = { ...(await options(12, 16)), shape: PHRASES };
  const whole = await trainPhrases(base);
  let state: TrainingState | undefined;
  await trainPhrases({ ...base, steps: 7, saveState: (saved) => void (state = saved) });
  const resumed = await trainPhrases({ ...base, resume: state! });
  expect(resumed.store.save()).toEqual(whole.store.save());
}, 200_000);

it('songs: the same, and the lower level stays as it was given', async () => {
  const lower = new Map(
    [...tinyVaeParameters()].filter(
      ([name]) => name.startsWith('phrase/') && !/directions|attributes/.test(name),
    ),
  );
  const before = JSON.stringify([...lower.values()].map(({ data }) => [...data]));
  const base = { ...(await options(6, 32)), lower };
  const whole = await trainSongs(base);
  let state: TrainingState | undefined;
  await trainSongs({ ...base, steps: 4, saveState: (saved) => void (state = saved) });
  const resumed = await trainSongs({ ...base, resume: state! });
  expect(resumed.store.save()).toEqual(whole.store.save());
  expect(JSON.stringify([...lower.values()].map(({ data }) => [...data]))).toBe(before);
  expect(whole.store.names().every((name) => name.startsWith('song/'))).toBe(true);
}, 200_000);

it('no melodies are refused before anything starts', () => {
  const silent = [{ id: 'silence', set: 'test', grid: new Uint8Array(64).fill(REST) }];
  expect(() => melodyWindows(silent, 16)).toThrow(
    expect.objectContaining({ code: 'dataset/malformed' }) as Error,
  );
  expect(() => melodyWindows([], 16)).toThrow(
    expect.objectContaining({ code: 'dataset/malformed' }) as Error,
  );
});
