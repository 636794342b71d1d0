import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { availableBackends, closeTo } from '../testing/tensors.ts';
import { zeros } from './initialisers.ts';
import {
  createAdamW,
  createSgd,
  globalNorm,
  gradientsOf,
  type AdamWOptions,
  type Gradients,
} from './optimiser.ts';
import { ParameterStore } from './parameter-store.ts';
import { constantSchedule, warmupCosineSchedule, warmupThenDecay } from './schedule.ts';

const backends = await availableBackends(['cpu', 'wasm']);

describe.each([...backends.keys()])('optimisers on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;

  /** A matrix [1, 2] of (1, −2) and a bias [1] of 0.5. */
  function world() {
    const store = new ParameterStore(tf, createRng(1));
    store.create('weight', [1, 2], () => Float32Array.of(1, -2));
    store.create('bias', [1], () => Float32Array.of(0.5));
    const gradients: Gradients = { weight: tf.tensor2d([[3, -4]]), bias: tf.tensor1d([0]) };
    const values = (): number[] => [...store.save().values()].flatMap(({ data }) => [...data]);
    return { store, gradients, values };
  }

  it('AdamW: the first step is the learning rate against the sign, whatever the size of the gradient', async () => {
    await backend.activate();
    const { store, gradients, values } = world();
    const norm = createAdamW(tf, store, { weightDecay: 0 }).step(gradients, 0.1);
    expect(norm).toBeCloseTo(5, 6);
    closeTo(values(), [0.9, -1.9, 0.5], 1e-6); // m̂ / √v̂ = ±1 at step 1
  });

  it('AdamW: two steps follow the formulas worked by hand', async () => {
    await backend.activate();
    const { store, values } = world();
    const adam = createAdamW(tf, store, { beta1: 0.5, beta2: 0.75, epsilon: 0, weightDecay: 0.1 });
    adam.step({ weight: tf.tensor2d([[2, 2]]), bias: tf.tensor1d([2]) }, 0.5);
    // decay factor 1 − 0.5 · 0.1 = 0.95 for the matrix only; then − 0.5 · 1
    closeTo(values(), [0.45, -2.4, 0], 1e-6);
    adam.step({ weight: tf.tensor2d([[-1, 2]]), bias: tf.tensor1d([0]) }, 0.5);
    // m: 1 → 0.5 − 0.5 = 0, 0.5 + 1 = 1.5, 0.5;  m̂ = m / 0.75;  v: 1 → 0.75 + 0.25 = 1, 0.75 + 1 = 1.75, 0.75;  v̂ = v / 0.4375
    const third = 0.5 / 0.75 / Math.sqrt(0.75 / 0.4375);
    closeTo(values(), [0.45 * 0.95, -2.4 * 0.95 - 0.5 * (2 / Math.sqrt(4)), -0.5 * third], 1e-6);
  });

  it('AdamW: decays what it is told to, even without gradient', async () => {
    await backend.activate();
    const { store, values } = world();
    const options: AdamWOptions = { weightDecay: 0.5, decays: (parameter) => parameter === 'bias' };
    createAdamW(tf, store, options).step({ weight: tf.zeros([1, 2]), bias: tf.zeros([1]) }, 0.1);
    closeTo(values(), [1, -2, 0.5 * 0.95], 1e-6);
  });

  it('clips to the global norm, and not below it', async () => {
    await backend.activate();
    const { store, gradients, values } = world();
    expect(createSgd(tf, store, { clipNorm: 1 }).step(gradients, 1)).toBeCloseTo(5, 6);
    closeTo(values(), [1 - 0.6, -2 + 0.8, 0.5], 1e-6);
    createSgd(tf, store, { clipNorm: 10 }).step(gradients, 1);
    closeTo(values(), [0.4 - 3, -1.2 + 4, 0.5], 1e-6);
  });

  it('SGD with momentum gathers speed', async () => {
    await backend.activate();
    const { store, gradients, values } = world();
    const sgd = createSgd(tf, store, { momentum: 0.5 });
    sgd.step(gradients, 0.1);
    sgd.step(gradients, 0.1);
    closeTo(values(), [1 - 0.3 - 0.45, -2 + 0.4 + 0.6, 0.5], 1e-6);
  });

  it('goes on from saved state as if never stopped', async () => {
    await backend.activate();
    const [straight, first] = [world(), world()];
    const whole = createAdamW(tf, straight.store);
    for (let i = 0; i < 4; i++) whole.step(straight.gradients, 0.1);
    const half = createAdamW(tf, first.store);
    for (let i = 0; i < 2; i++) half.step(first.gradients, 0.1);
    const second = world();
    second.store.load(first.store.save());
    const resumed = createAdamW(tf, second.store);
    resumed.load(half.save());
    for (let i = 0; i < 2; i++) resumed.step(second.gradients, 0.1);
    expect(second.values()).toEqual(straight.values());
    expect(resumed.save()).toEqual(whole.save());
  });

  it('refuses state of another model, and gradients that are not finite, changing nothing', async () => {
    await backend.activate();
    const { store, gradients, values } = world();
    const adam = createAdamW(tf, store);
    const state = adam.save();
    state.set('bias:v', { shape: [2], data: new Float32Array(2) });
    expect(() => adam.load(state)).toThrow(/bias:v has 2 values, and 1 are needed/);
    expect(() => adam.load(new Map())).toThrow(/step count/);
    const bad = { ...gradients, bias: tf.tensor1d([NaN]) };
    expect(() => adam.step(bad, 0.1)).toThrow(/gradient of bias is not finite/);
    expect(values()).toEqual([1, -2, 0.5]);
    expect(() => globalNorm({ a: tf.tensor1d([Infinity]) })).toThrow(/not finite/);
  });

  it('gradientsOf names gradients by parameter', async () => {
    await backend.activate();
    const { store } = world();
    const { loss, gradients } = gradientsOf(tf, store, () => tf.sum(tf.square(store.get('weight'))));
    expect(loss.dataSync()[0]).toBe(5);
    expect([...gradients['weight']!.dataSync()]).toEqual([2, -4]);
  });
});

describe('schedules', () => {
  it('rise in equal steps to the peak, then fall by half a cosine', () => {
    const rate = warmupCosineSchedule({ peak: 1, warmupSteps: 3, totalSteps: 11, final: 0.2 });
    closeTo([0, 1, 2, 3].map(rate), [0.25, 0.5, 0.75, 1], 1e-12);
    expect(rate(7)).toBeCloseTo(0.6, 12); // half way
    expect(rate(5)).toBeCloseTo(0.2 + 0.8 * ((1 + Math.SQRT1_2) / 2), 12);
    closeTo([11, 12, 1000].map(rate), [0.2, 0.2, 0.2], 1e-12);
  });

  it('may do without a warm-up, end at a tenth by default, or stay', () => {
    const rate = warmupCosineSchedule({ peak: 2, warmupSteps: 0, totalSteps: 10 });
    closeTo([rate(0), rate(10)], [2, 0.2], 1e-12);
    expect(constantSchedule(3)(1e6)).toBe(3);
    expect(() => warmupCosineSchedule({ peak: 1, warmupSteps: 5, totalSteps: 5 })).toThrow(
      /warm-up of 5 .* 5 steps/,
    );
  });
});

describe('parameter store', () => {
  const { tf } = backends.get('cpu')!;

  it('gives a parameter the same values in any order of creation, and others to other names and seeds', async () => {
    await backends.get('cpu')!.activate();
    const make = (names: string[], seed = 3) => {
      const store = new ParameterStore(tf, createRng(seed));
      for (const n of names)
        store.create(n, [2, 2], (_, rng) => Float32Array.from({ length: 4 }, () => rng.normal()));
      return store.save();
    };
    const [ab, ba] = [make(['a', 'b']), make(['b', 'a'])];
    expect([...ab.keys()]).toEqual(['a', 'b']);
    expect(ba.get('a')).toEqual(ab.get('a'));
    expect(ab.get('b')).not.toEqual(ab.get('a'));
    expect(make(['a'], 4).get('a')).not.toEqual(ab.get('a'));
  });

  it('counts scalars, lists names, and frees what it holds', async () => {
    await backends.get('cpu')!.activate();
    const before = tf.memory().numTensors;
    const store = new ParameterStore(tf, createRng(1));
    store.create('x/weight', [3, 4], zeros);
    store.create('x/bias', [4], zeros);
    expect(store.size).toBe(16);
    expect(store.names()).toEqual(['x/weight', 'x/bias']);
    expect(tf.memory().numTensors).toBe(before + 2);
    store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses double and unknown names, impossible shapes, and loading what does not fit, changing nothing', async () => {
    await backends.get('cpu')!.activate();
    const store = new ParameterStore(tf, createRng(1));
    store.create('a', [2], zeros);
    store.create('b', [1, 2], zeros);
    expect(() => store.create('a', [2], zeros)).toThrow(/a exists already/);
    expect(() => store.create('c', [2, 0], zeros)).toThrow(/c cannot have shape \[2, 0\]/);
    expect(() => store.get('z')).toThrow(/no parameter z/);
    const good = { shape: [2], data: Float32Array.of(1, 2) };
    expect(() => store.load(new Map([['a', good]]))).toThrow(/checkpoint has no parameter b/);
    const wide = new Map([['a', good], ['b', { shape: [2, 2], data: new Float32Array(4) }]]); // prettier-ignore
    expect(() => store.load(wide)).toThrow(
      'Parameter b has shape [2, 2] in the checkpoint, and the model needs [1, 2].',
    );
    const more = new Map([...store.save(), ['c', good]]);
    expect(() => store.load(more)).toThrow(/parameter c that the model has not/);
    expect([...store.get('a').dataSync()]).toEqual([0, 0]);
  });
});

describe('warmupThenDecay', () => {
  const plan = { warmupSteps: 10, decayShare: 0.5, finalRate: 0.1 };
  it('rises over the first steps, stays, and falls in a line over the last share', () => {
    expect(warmupThenDecay(0, 0, plan)).toBeCloseTo(0.1, 12);
    expect(warmupThenDecay(9, 0.01, plan)).toBeCloseTo(1, 12);
    expect(warmupThenDecay(50, 0.5, plan)).toBeCloseTo(1, 12);
    expect(warmupThenDecay(75, 0.75, plan)).toBeCloseTo(0.55, 12);
    expect(warmupThenDecay(100, 1, plan)).toBeCloseTo(0.1, 12);
    expect(warmupThenDecay(100, 1.2, plan)).toBeCloseTo(0.1, 12);
  });
});
