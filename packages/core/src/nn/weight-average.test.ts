import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { availableBackends, closeTo } from '../testing/tensors.ts';
import { shuffledBatches } from './batches.ts';
import { glorotUniform } from './initialisers.ts';
import { batchNorm, createBatchNorm } from './layers/batch-norm.ts';
import { dense } from './layers/dense.ts';
import { createSpectralVector, spectralNorm } from './layers/spectral-norm.ts';
import { meanSquaredError } from './losses/squared-error.ts';
import { createAdamW } from './optimiser.ts';
import { ParameterStore } from './parameter-store.ts';
import { constantSchedule } from './schedule.ts';
import type { Backend } from './backend.ts';
import type { Tensor } from './tensor-flow.ts';
import { readTrainingState, writeTrainingState, type TrainingState } from './training-state.ts';
import { train, type TrainOptions } from './trainer.ts';
import { createWeightAverage } from './weight-average.ts';

const backends = await availableBackends();
const ROWS = [[0, 1], [1, 1], [1, 0], [2, 1]]; // prettier-ignore

/** A regression through every layer that keeps values: spectral norm, batch norm, and an average of the weights. */
function world({ tf }: Backend, changes: Partial<TrainOptions<number[]>> = {}) {
  const store = new ParameterStore(tf, createRng(1));
  const [first, last] = ['first', 'last'].map((name, i) => store.create(name, [[2, 4], [4, 1]][i]!, glorotUniform)); // prettier-ignore
  const vector = createSpectralVector(store, 'vector', 4);
  const norm = createBatchNorm(store, 'norm', 4);
  const answers = (items: readonly number[], training: boolean): Tensor => {
    const x = tf.tensor2d(items.map((i) => ROWS[i]!));
    const weight = spectralNorm(tf, first!, vector, { iterations: training ? 1 : 0 });
    return dense(tf, batchNorm(tf, dense(tf, x, weight), norm, { training }), last!);
  };
  const targets = (items: readonly number[]): Tensor => tf.tensor2d(items.map((i) => [ROWS[i]![0]! * 2]));
  const average = createWeightAverage(store, { decay: 0.9 });
  const options: TrainOptions<number[]> = {
    tf, store, average,
    lossOf: (batch) => meanSquaredError(tf, answers(batch, true), targets(batch)),
    batches: shuffledBatches(4, 3, createRng(1)),
    optimiser: createAdamW(tf, store),
    schedule: constantSchedule(0.02),
    steps: 12,
    rng: createRng(2),
    ...changes,
  }; // prettier-ignore
  const score = (): number =>
    tf.tidy(() => meanSquaredError(tf, answers([0, 1, 2, 3], false), targets([0, 1, 2, 3])).dataSync()[0]!);
  return { options, store, average, score };
}

describe.each([...backends.keys()])('training with an average of the weights on %s', (name) => {
  const backend = backends.get(name)!;

  it('stopped and resumed equals never stopped, through files', async () => {
    await backend.activate();
    const straight = world(backend);
    await train(straight.options);
    const stop = new AbortController();
    let saved: TrainingState | undefined;
    const first = world(backend, {
      signal: stop.signal,
      saveState: (state) => void (saved = state),
      onProgress: ({ step }) => void (step === 5 && stop.abort()),
    });
    await train(first.options);
    const second = world(backend, { resume: readTrainingState(writeTrainingState(saved!)) });
    await train(second.options);
    for (const [key, { data }] of straight.store.save()) {
      // libtensorflow may sum in another order on another thread
      if (name === 'node') closeTo(second.store.save().get(key)!.data, data, 1e-4);
      else expect(second.store.save().get(key)!.data, key).toEqual(data);
    }
    expect(second.average.save().get('updates')!.data).toEqual(Int32Array.of(12));
  });
});

describe('an average of the weights', () => {
  const backend = backends.get('cpu')!;
  const { tf } = backend;

  it('is d · average + (1 − d) · weights with d from 2/11 up, and takes buffers as they are', async () => {
    await backend.activate();
    const store = new ParameterStore(tf, createRng(1));
    const weight = store.create('w', [1], () => Float32Array.of(1));
    const buffer = store.createBuffer('b', [1], () => Float32Array.of(1));
    const average = createWeightAverage(store, { decay: 0.2 });
    for (const variable of [weight, buffer]) variable.assign(tf.tensor1d([12]));
    average.update();
    closeTo(average.values().get('w')!.data, [2 / 11 + (9 / 11) * 12], 1e-6);
    expect([...average.values().get('b')!.data]).toEqual([12]);
    average.update(); // d = min(0.2, 3 / 12)
    closeTo(average.values().get('w')!.data, [0.2 * 10 + 0.8 * 12], 1e-6);
    store.create('late', [1], () => Float32Array.of(1));
    expect(() => average.update()).toThrow(/late was created after its average/);
  });

  it('is what evaluations see and what the store holds afterwards', async () => {
    await backend.activate();
    const plain = world(backend, { average: undefined as never });
    await train(plain.options);
    const seen: unknown[] = [];
    const averaged = world(backend, { evaluateEvery: 6 });
    const scores = [2, 1];
    await train({
      ...averaged.options,
      evaluate: () => {
        seen.push(averaged.store.save());
        return scores[seen.length - 1]!;
      },
    });
    expect(seen[1]).toEqual(averaged.average.values());
    expect(averaged.store.save()).toEqual(seen[1]);
    expect(averaged.store.save().get('last')!.data).not.toEqual(plain.store.save().get('last')!.data);
    const unscored = world(backend);
    await train(unscored.options);
    expect(unscored.store.save()).toEqual(averaged.average.values());
  });

  it('refuses other decays, and states that do not fit', async () => {
    await backend.activate();
    const { store, average, options } = world(backend);
    for (const decay of [1, -0.1, NaN]) expect(() => createWeightAverage(store, { decay })).toThrow(/decay/);
    expect(() => average.load(new Map())).toThrow(/no count/);
    const state = average.save();
    state.set('last', { shape: [1], data: Float32Array.of(1) });
    expect(() => average.load(state)).toThrow(/average of last has 1 values, and 4 are needed/);
    const saved: TrainingState = {
      step: 1, parameters: store.save(), optimiser: options.optimiser.save(), rng: createRng(1).state(),
      cursor: options.batches.cursor(), sinceBest: 0,
    }; // prettier-ignore
    await expect(train({ ...options, resume: saved })).rejects.toThrow(/no average of the weights/);
    const { average: _, ...without } = options;
    await expect(train({ ...without, resume: { ...saved, average: average.save() } })).rejects.toThrow(/this run keeps none/); // prettier-ignore
  });
});
