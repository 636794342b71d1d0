import { createRng, createScore, type Note, type Rng, type Score } from '@attune/core';
import { writeCheckpoint, type Backend, type JsonObject } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { beforeAll, expect, it } from 'vitest';
import { parseTransformerConfig } from '../config.ts';
import { createInputLayout, type TaskKind } from '../input-layout.ts';
import { pieceOfScore } from '../piece.ts';
import { TINY_CONDITIONS, TINY_SHAPE } from '../test-checkpoint.ts';
import { trainTransformer } from '../train.ts';
import { createStylePriors } from '../condition-space.ts';
import { createGenerator } from '../transformer-generator.ts';
import type { Generator } from '../../generator.ts';

const STEPS = 180;
/** Few styles: with more rows of the table, drawn otherwise, the first voice takes this small network three times as long. */
const CONDITIONS = { ...TINY_CONDITIONS, styles: TINY_CONDITIONS.styles.slice(0, 16) };
const RATE = 0.01;
const QUARTER = 480;
const THIRD = 4;
const NONE = { infill: 0, accompany: 0, reorchestrate: 0, vary: 0 };

let backend: Backend;
beforeAll(async () => {
  backend = await selectNodeBackend();
});

const quarters = (pitches: readonly number[], program: number) => ({
  program,
  notes: pitches.map((pitch, i): Note => ({ start: i * QUARTER, duration: QUARTER, pitch, velocity: 72 })),
});
const melody = (length: number, rng: Rng): number[] => Array.from({ length }, () => 60 + rng.integer(8));

/** Violin and cello in thirds: nothing but the given voice foretells the other. */
function inThirds(rng: Rng): Score {
  const tune = melody(12, rng);
  return createScore({
    tracks: [
      quarters(tune, 40),
      quarters(
        tune.map((pitch) => pitch + THIRD),
        42,
      ),
    ],
  });
}

/** Half a bar over and over: what stands beside a hole foretells what is in it. */
function loop(rng: Rng): Score {
  const half = melody(2, rng);
  return createScore({
    tracks: [
      quarters(
        Array.from({ length: 24 }, (_, i) => half[i % 2]!),
        40,
      ),
    ],
  });
}

async function learn(kind: TaskKind, pieceOf: (rng: Rng) => Score): Promise<Generator> {
  const rng = createRng(7);
  const pieces = Array.from({ length: 150 }, (_, i) => pieceOfScore(pieceOf(rng), `${i}`, 'folk')!);
  const shape = { ...TINY_SHAPE, width: 32, layers: 2, feedForward: 64, headWidth: 16, window: 52 };
  const config = parseTransformerConfig({
    version: 'test',
    tokenizer: 'compound-1',
    shape: { ...shape, inputRows: createInputLayout(CONDITIONS, ['tasks']).rows },
    conditions: CONDITIONS,
    abilities: ['tasks'],
    priors: createStylePriors(pieces, { folk: 1 }),
    training: {},
  });
  const { store } = await trainTransformer({
    backend,
    config,
    pieces,
    weights: pieces.map(() => 1),
    excerpts: {
      ...{ dropWish: 0.5, fromStart: 1, lastBars: 0 },
      tasks: { share: 1, weights: { ...NONE, [kind]: 1 }, hideGiven: 0 },
    },
    rows: 4,
    seed: 1,
    steps: STEPS,
    schedule: (step) => RATE * Math.min(1, 3 * (1 - step / STEPS)),
    weightDecay: 0,
    optimiser: 'muon',
  });
  const parameters = store.save();
  store.dispose();
  return createGenerator(
    writeCheckpoint({ kind: 'transformer', config: config as unknown as JsonObject, parameters }),
  );
}

it(
  'learns to accompany: a second voice a third above tunes it never heard',
  { timeout: 120_000 },
  async () => {
    const generator = await learn('accompany', inThirds);
    const rng = createRng(99);
    let [right, all] = [0, 0];
    for (let seed = 0; seed < 6; seed++) {
      const tune = melody(12, rng);
      const { score } = await generator.generate({
        task: { kind: 'accompany', score: createScore({ tracks: [quarters(tune, 40)] }) },
        conditioning: { instruments: [42], style: 'folk' },
        seed,
        temperature: 0.1,
      });
      const above = new Map(score.tracks[1]!.notes.map(({ start, pitch }) => [start, pitch]));
      tune.forEach((pitch, i) => {
        all++;
        if (above.get(i * QUARTER) === pitch + THIRD) right++;
      });
    }
    expect(right / all).toBeGreaterThan(0.9);
  },
);

it('learns to infill: a hole in a pattern it never heard', { timeout: 120_000 }, async () => {
  const generator = await learn('infill', loop);
  const rng = createRng(99);
  let [right, all] = [0, 0];
  for (let seed = 0; seed < 6; seed++) {
    const given = loop(rng);
    const { score } = await generator.generate({
      task: { kind: 'infill', score: given, bars: [3, 4] },
      conditioning: { style: 'folk' },
      seed,
      temperature: 0.1,
    });
    const found = new Map(score.tracks[0]!.notes.map(({ start, pitch }) => [start, pitch]));
    for (const { start, pitch } of given.tracks[0]!.notes.slice(8, 16)) {
      all++;
      if (found.get(start) === pitch) right++;
    }
  }
  expect(right / all).toBeGreaterThan(0.9);
});
