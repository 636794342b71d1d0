import { createRng } from '@attune/core';
import { constantSchedule, ParameterStore, type TensorFlow, type TrainingState } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { scoreOfTracks, trackOfRows } from '@attune/core/testing';
import { compoundTokenizer, decodeCompound, encodeCompound, FIELD_COUNT } from '@attune/core/tokens';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EncodedPiece } from '../evaluate/note-model.ts';
import { DENSE_KIND, resolveDensePlan, type DenseConfig } from './config.ts';
import { createDenseSampler } from './dense-sampler.ts';
import { createDenseModel } from './forward.ts';
import { createDense, fieldNats } from './model.ts';
import { batchOf } from './note-window.ts';
import { trainDense } from './train-dense.ts';

const SHAPE = { notes: 3, width: 10, headWidth: 6 };
const STYLES = ['folk', 'rock'];
const PLAN = resolveDensePlan({ shape: SHAPE, rows: 4 });

function pieceOf(pitches: readonly number[], style: 'folk' | 'rock'): EncodedPiece {
  const rows = pitches.map((pitch, i) => [i * 480, 480, pitch, 80] as const);
  return {
    id: style,
    sequence: encodeCompound(
      scoreOfTracks([
        trackOfRows(
          0,
          rows.map((row) => [...row]),
        ),
      ]),
    ),
    conditioning: { style, tempo: 100, instruments: [0] },
  };
}
const PIECES = [pieceOf([60, 62, 64, 65, 67], 'folk'), pieceOf([48, 60, 48, 60], 'rock')];

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } }));
}, 120_000);

describe('dense network', () => {
  it('computes without tensors the nats that it computes with them', () => {
    const store = new ParameterStore(tf, createRng(3));
    createDense(store, SHAPE, STYLES.length);
    const model = createDenseModel({ shape: SHAPE, styles: STYLES }, store.save());
    PIECES.forEach((piece, index) => {
      const count = piece.sequence.steps.length / FIELD_COUNT;
      const batch = batchOf(
        PIECES,
        Array.from({ length: count }, (_, step) => [index, step] as const),
        SHAPE.notes,
        STYLES,
      );
      const nats = fieldNats(tf, store, batch).dataSync();
      const own = model.natsOf(piece);
      for (let step = 0; step < count; step++) {
        let sum = 0;
        for (let f = 0; f < FIELD_COUNT; f++)
          sum += nats[step * FIELD_COUNT + f]! * batch.charged[step * FIELD_COUNT + f]!;
        expect(own[step]).toBeCloseTo(sum, 3);
      }
    });
    store.dispose();
  });

  it('learns a tune by heart, and stopped and gone on with gives the same weights', async () => {
    const options = { tf, pieces: PIECES, styles: STYLES, seed: 2, schedule: constantSchedule(2e-3) };
    const whole = await trainDense({ ...options, plan: PLAN, steps: 6 });
    let state: TrainingState | undefined;
    await trainDense({ ...options, plan: PLAN, steps: 3, saveState: (now) => void (state = now) });
    const resumed = await trainDense({ ...options, plan: PLAN, steps: 6, resume: state! });
    for (const [name, { data }] of whole.parameters)
      expect(resumed.parameters.get(name)!.data, name).toEqual(data);
    const learned = await trainDense({
      ...options,
      schedule: constantSchedule(0.01),
      plan: { ...PLAN, averageDecay: 0.5 },
      steps: 150,
    });
    const nats = (parameters: typeof learned.parameters): number =>
      createDenseModel({ shape: SHAPE, styles: STYLES }, parameters)
        .natsOf(PIECES[0]!)
        .reduce((sum, x) => sum + x, 0);
    expect(nats(learned.parameters)).toBeLessThan(0.3 * nats(whole.parameters));
  });

  it('draws pieces that the grammar lets through, the same for a seed', async () => {
    const store = new ParameterStore(tf, createRng(3));
    createDense(store, SHAPE, STYLES.length);
    const config: DenseConfig = {
      version: 'test',
      tokenizer: compoundTokenizer.name,
      shape: SHAPE,
      styles: STYLES,
      priors: { folk: [{ meter: [3, 4], tempo: 90, instruments: [40, 42] }] },
      training: {},
    };
    const model = createDenseModel(config, store.save());
    const meter = { numerator: 3, denominator: 4 };
    const steps = model.sample({ style: 'folk', meter, bars: 2, instruments: [40, 42], rng: createRng(1) });
    const score = decodeCompound({ steps: Int16Array.from(steps), meter, shift: 0 });
    expect(score.tracks.every(({ program }) => program === 40 || program === 42)).toBe(true);
    const sampler = createDenseSampler({
      kind: DENSE_KIND,
      config: config,
      parameters: store.save(),
    });
    const request = { seed: 9, count: 2, inputs: [], settings: { bars: 1 } };
    expect(await sampler.sample(request)).toEqual(await sampler.sample(request));
    await expect(sampler.sample({ ...request, inputs: [{ score }] })).rejects.toThrowError(/takes 0 inputs/);
    store.dispose();
  });

  it('refuses no notes and values that are no notes', async () => {
    const run = (pieces: readonly EncodedPiece[]): Promise<unknown> =>
      trainDense({
        tf,
        plan: PLAN,
        pieces,
        styles: STYLES,
        seed: 1,
        steps: 1,
        schedule: constantSchedule(2e-3),
      });
    await expect(run([])).rejects.toThrowError(/no notes/);
    const broken = {
      ...PIECES[0]!,
      sequence: { ...PIECES[0]!.sequence, steps: Int16Array.from([0, 0, 999, 0, 0, 0]) },
    };
    await expect(run([broken])).rejects.toThrowError(/folk holds values that are no compound notes/);
  });
});
