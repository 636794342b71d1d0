import { constantSchedule, type TrainingState } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { expect, it } from 'vitest';
import { gridWindows, spreadWindows, windowAt, type GridPiece } from './grid-windows.ts';
import { noteAccuracy } from './measures.ts';
import { createVaeNetwork, noDirections } from './network.ts';
import { tinyVae, tinyVaeParameters } from './tiny-vae.ts';
import { trainPhrases, trainSongs, type LevelPlan, type TrainLevelOptions } from './train-vae.ts';
import { gridOfLines } from './voice-grid.ts';
import { MELODY, TRIO, type VoiceSet } from './voice-sets.ts';
import { HOLD, REST } from './voices.ts';

const TINY_VAE = tinyVae(MELODY);

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
const PIECES: readonly GridPiece[] = [
  { id: 'up', set: 'test', grid: tune([60, 62, 64, 65]) },
  { id: 'down', set: 'test', grid: tune([72, 71, 69, 67]) },
];
/** The same with a bass of their own and a beat. */
const BANDS: readonly GridPiece[] = PIECES.map((piece, n) => ({
  ...piece,
  grid: gridOfLines([
    Uint16Array.from({ length: 64 }, (_unused, t) =>
      t % 8 === 0 ? 9 : t % 8 === 4 ? 2 : t % 2 ? 0 : 8 >> n,
    ),
    tune(n === 0 ? [36, 43, 36, 43] : [40, 40, 45, 45]),
    piece.grid,
  ]),
}));

function tune(pitches: readonly number[]): Uint16Array {
  return Uint16Array.from({ length: 64 }, (_unused, t) =>
    t % 16 >= 14 ? REST : t % 4 === 0 ? pitches[(t / 4 + Math.floor(t / 16)) % 4]! : HOLD,
  );
}

async function options(
  steps: number,
  stepsOfWindow: number,
  set: VoiceSet = MELODY,
): Promise<TrainLevelOptions> {
  const pieces = set === TRIO ? BANDS : PIECES;
  return {
    backend: await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } }),
    shape: tinyVae(set).shape,
    plan: PLAN,
    train: gridWindows(pieces, set.voices, stepsOfWindow),
    valid: gridWindows(pieces, set.voices, stepsOfWindow, 16),
    validCount: 8,
    schedule: constantSchedule(PLAN.learningRate),
    steps,
    seed: 3,
  };
}

it.each([MELODY, TRIO])(
  'a tiny world is learned by heart: $name comes back',
  async (set) => {
    const base = await options(250, 16, set);
    const { song: _, ...phrases } = base.shape;
    const count = set.voices.length;
    const wide = {
      ...phrases,
      phrase: { ...phrases.phrase, patchWidth: 16, hidden: 48, latent: 20 * count, local: 4 * count },
      embedding: 12,
      headWidth: 24,
    };
    const { store, result } = await trainPhrases({
      ...base,
      plan: { ...PLAN, evaluateEvery: 250 },
      shape: wide,
    });
    const network = createVaeNetwork(
      { ...tinyVae(set), shape: wide },
      new Map([...store.save(), ...noDirections(wide)]),
    );
    const grids = spreadWindows(base.valid, 8).map((index) => windowAt(base.valid, index));
    const made = grids.map((grid) => network.decodePhrase(network.encodePhrase(grid).mean));
    expect(result.best!.score).toBeLessThan(16 * count * Math.log(130) * 0.1);
    expect(noteAccuracy(grids, made, set.voices).steps).toBeGreaterThan(0.9);
  },
  200_000,
);

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
  const silent = [{ id: 'silence', set: 'test', grid: new Uint16Array(64).fill(REST) }];
  expect(() => gridWindows(silent, MELODY.voices, 16)).toThrow(
    expect.objectContaining({ code: 'dataset/malformed' }) as Error,
  );
  expect(() => gridWindows([], MELODY.voices, 16)).toThrow(
    expect.objectContaining({ code: 'dataset/malformed' }) as Error,
  );
});
