import { describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng } from '../foundation/rng.ts';
import { availableBackends } from '../testing/tensors.ts';
import type { Backend } from './backend.ts';
import { shuffledBatches } from './batches.ts';
import { glorotUniform, zeros } from './initialisers.ts';
import { softmaxCrossEntropy } from './layers/cross-entropy.ts';
import { multiLayerPerceptron } from './layers/dense.ts';
import { dropout } from './layers/dropout.ts';
import { createAdamW } from './optimiser.ts';
import { ParameterStore } from './parameter-store.ts';
import { constantSchedule } from './schedule.ts';
import type { Tensor } from './tensor-flow.ts';
import { readTrainingState, writeTrainingState, type TrainingState } from './training-state.ts';
import { train, type TrainOptions, type TrainProgress } from './trainer.ts';

const backends = await availableBackends();

/** Exclusive or: not separable by a line, so only a network with a working hidden layer learns it. */
const XOR_INPUTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const XOR_LABELS = [0, 1, 1, 0];

function xorWorld(
  { tf }: Backend,
  changes: Partial<TrainOptions<number[]>> & { dropoutRate?: number; learningRate?: number } = {},
) {
  const store = new ParameterStore(tf, createRng(7));
  const layers = [2, 16, 2].slice(1).map((out, i) => ({
    weight: store.create(`layer${i}/weight`, [[2, 16][i]!, out], glorotUniform),
    bias: store.create(`layer${i}/bias`, [out], zeros),
  }));
  const logitsOf = (items: readonly number[]): Tensor =>
    multiLayerPerceptron(tf, tf.tensor2d(items.map((i) => XOR_INPUTS[i]!)), layers, 'tanh');
  const labelsOf = (items: readonly number[]): Tensor =>
    tf.tensor1d(
      items.map((i) => XOR_LABELS[i]!),
      'int32',
    );
  const { dropoutRate = 0, learningRate = 0.05, ...rest } = changes;
  const optimiser = createAdamW(tf, store, { weightDecay: 0 });
  const options: TrainOptions<number[]> = {
    tf,
    store,
    lossOf: (batch, rng) =>
      softmaxCrossEntropy(tf, dropout(tf, logitsOf(batch), dropoutRate, rng), labelsOf(batch)),
    batches: shuffledBatches(4, 3, createRng(1)),
    optimiser,
    schedule: constantSchedule(learningRate),
    steps: 200,
    rng: createRng(2),
    ...rest,
  };
  const answers = (): number[] => Array.from(tf.tidy(() => tf.argMax(logitsOf([0, 1, 2, 3]), -1).dataSync()));
  return { options, store, answers };
}

describe.each([...backends.keys()])('training on %s', (name) => {
  const backend = backends.get(name)!;

  it('learns exclusive or, and leaves no tensors behind', async () => {
    await backend.activate();
    const before = backend.tf.memory().numTensors;
    const world = xorWorld(backend);
    const result = await train(world.options);
    expect(result.ended).toBe('finished');
    expect(world.answers()).toEqual(XOR_LABELS);
    expect(result.loss).toBeLessThan(0.05);
    world.store.dispose();
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  it('stopped and resumed equals never stopped, through files', async () => {
    await backend.activate();
    const straight = xorWorld(backend, { steps: 24, dropoutRate: 0.2 });
    await train(straight.options);

    const stop = new AbortController();
    let saved: TrainingState | undefined;
    const first = xorWorld(backend, {
      steps: 24,
      dropoutRate: 0.2,
      signal: stop.signal,
      saveState: (state) => void (saved = state),
      onProgress: ({ step }) => void (step === 11 && stop.abort()),
    });
    expect(await train(first.options)).toMatchObject({ ended: 'cancelled', step: 11 });

    const second = xorWorld(backend, {
      steps: 24,
      dropoutRate: 0.2,
      resume: readTrainingState(writeTrainingState(saved!)),
    });
    expect(await train(second.options)).toMatchObject({ ended: 'finished', step: 24 });
    for (const [parameter, { data }] of straight.store.save()) {
      if (name === 'node') {
        // libtensorflow may sum in another order on another thread
        second.store
          .save()
          .get(parameter)!
          .data.forEach((x, i) => expect(x).toBeCloseTo(data[i]!, 5));
      } else expect(second.store.save().get(parameter)!.data, parameter).toEqual(data);
    }
  });
});

describe('training', () => {
  const backend = backends.get('cpu')!;

  it('keeps the best weights and stops when evaluations get no better', async () => {
    await backend.activate();
    const scores = [3, 1, 2, 2, 2, 2];
    const seen: TrainingState['parameters'][] = [];
    const progress: TrainProgress[] = [];
    const world = xorWorld(backend, {
      steps: 100,
      evaluateEvery: 5,
      patience: 2,
      evaluate: () => {
        seen.push(world.store.save());
        return scores[seen.length - 1]!;
      },
      onProgress: (p) => progress.push(p),
    });
    const result = await train(world.options);
    expect(result).toMatchObject({ ended: 'no-improvement', step: 20, best: { step: 10, score: 1 } });
    expect(world.store.save()).toEqual(seen[1]);
    expect(progress.filter((p) => p.score !== undefined).map((p) => [p.step, p.score, p.bestScore])).toEqual([
      [5, 3, 3],
      [10, 1, 1],
      [15, 2, 1],
      [20, 2, 1],
    ]);
  });

  it('ends where it is told that it is over, with an evaluation as after the last step', async () => {
    const scores: number[] = [];
    let done = 0;
    const world = xorWorld(backend, {
      steps: Number.MAX_SAFE_INTEGER,
      isOver: () => ++done === 7,
      evaluateEvery: 5,
      evaluate: () => scores.push(0) && 10 - scores.length,
    });
    expect(await train(world.options)).toMatchObject({ ended: 'finished', step: 7, best: { step: 7 } });
    expect(scores).toHaveLength(2);
  });

  it('names the step when the loss is not a number, and leaves the parameters alone', async () => {
    await backend.activate();
    const { tf } = backend;
    const world = xorWorld(backend, { steps: 5 });
    const before = world.store.save();
    let calls = 0;
    const lossOf: typeof world.options.lossOf = (batch, rng) =>
      tf.mul(world.options.lossOf(batch, rng), ++calls === 1 ? NaN : 1);
    const failure = await train({ ...world.options, lossOf }).catch((error: unknown) => error);
    expect(isAttuneError(failure, 'model/invalid')).toBe(true);
    expect((failure as Error).message).toMatch(/NaN at step 0/);
    expect(world.store.save()).toEqual(before);
  });

  it('reports speeds from the clock it is given, and none without', async () => {
    await backend.activate();
    let clock = 1000;
    const progress: TrainProgress[] = [];
    const world = xorWorld(backend, {
      steps: 2,
      now: () => (clock += 500),
      tokensOf: (batch) => batch.length * 10,
      onProgress: (p) => progress.push(p),
    });
    await train(world.options);
    expect(progress.map((p) => [p.stepsPerSecond, p.tokensPerSecond])).toEqual([
      [2, 60],
      [2, 60],
    ]);
    const silent: TrainProgress[] = [];
    await train(xorWorld(backend, { steps: 1, onProgress: (p) => silent.push(p) }).options);
    expect(silent[0]).not.toHaveProperty('tokensPerSecond');
  });
});
