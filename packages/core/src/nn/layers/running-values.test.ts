import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { availableBackends, closeTo, randomTensor } from '../../testing/tensors.ts';
import { glorotUniform } from '../initialisers.ts';
import { gradientsOf } from '../optimiser.ts';
import { ParameterStore } from '../parameter-store.ts';
import type { Tensor } from '../tensor-flow.ts';
import { batchNorm, createBatchNorm } from './batch-norm.ts';
import { createSpectralVector, spectralNorm } from './spectral-norm.ts';
import { stopGradient } from './stop-gradient.ts';

const backends = await availableBackends();

describe.each([...backends.keys()])('values that layers keep, on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;

  it('batch norm follows mean and unbiased variance, in training only, and a checkpoint has them', async () => {
    await backend.activate();
    const store = new ParameterStore(tf, createRng(1));
    const norm = createBatchNorm(store, 'norm', 1);
    const x = tf.tensor2d([[1], [3]]); // mean 2, unbiased variance 2
    tf.tidy(() => void batchNorm(tf, x, norm, { training: true, momentum: 0.75 }));
    const saved = store.save();
    closeTo(saved.get('norm/mean')!.data, [0.5], 1e-6);
    closeTo(saved.get('norm/variance')!.data, [0.75 + 0.5], 1e-6);
    tf.tidy(() => void batchNorm(tf, x, norm, { training: false }));
    expect(store.save()).toEqual(saved);
    const other = new ParameterStore(tf, createRng(2));
    createBatchNorm(other, 'norm', 1);
    other.load(saved);
    expect(other.save()).toEqual(saved);
    expect(() => batchNorm(tf, x, norm, { training: true, momentum: 1 })).toThrow(/momentum/);
  });

  it('buffers have no gradient, are not counted, and free their memory', async () => {
    await backend.activate();
    const before = tf.memory().numTensors;
    const store = new ParameterStore(tf, createRng(1));
    const norm = createBatchNorm(store, 'norm', 2);
    expect(store.size).toBe(4);
    expect(store.entries().map(([key]) => key)).toEqual(['norm/scale', 'norm/offset']);
    expect(store.names()).toEqual(['norm/scale', 'norm/offset', 'norm/mean', 'norm/variance']);
    expect(() => store.createBuffer('norm/mean', [2], () => new Float32Array(2))).toThrow(/exists already/);
    const { loss, gradients } = gradientsOf(tf, store, () =>
      tf.sum(tf.square(batchNorm(tf, randomTensor(tf, [3, 2], createRng(1)), norm, { training: true }))),
    );
    expect(Object.keys(gradients).sort()).toEqual(['norm/offset', 'norm/scale']);
    tf.dispose([loss, gradients]);
    store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('the power iteration closes in on the largest singular value over the updates', async () => {
    await backend.activate();
    const store = new ParameterStore(tf, createRng(3));
    const weight = store.create('weight', [6, 5], glorotUniform);
    const vector = createSpectralVector(store, 'vector', 5);
    const lengthOf = (t: Tensor): number => Math.hypot(...t.dataSync());
    expect(lengthOf(vector)).toBeCloseTo(1, 6);
    expect(() => spectralNorm(tf, weight, store.get('weight'))).toThrow(/cannot be normalised/);
    for (let i = 0; i < 80; i++) tf.tidy(() => void spectralNorm(tf, weight, vector));
    const normal = spectralNorm(tf, weight, vector, { iterations: 0 });
    // Largest singular value 1: no unit vector is stretched by more, and the kept one is stretched by just that.
    expect(lengthOf(tf.matMul(normal, tf.reshape(vector, [5, 1])))).toBeCloseTo(1, 4);
    const rng = createRng(4);
    for (let i = 0; i < 20; i++) {
      const v = randomTensor(tf, [5, 1], rng);
      expect(lengthOf(tf.matMul(normal, v)) / lengthOf(v)).toBeLessThan(1.0001);
    }
    closeTo(tf.div(weight, normal).dataSync(), Array(30).fill(lengthOf(tf.matMul(weight, tf.reshape(vector, [5, 1])))), 1e-3); // prettier-ignore
  });

  it('stopGradient keeps the values and stops the gradient', async () => {
    await backend.activate();
    const x = tf.tensor1d([2, -3]);
    const f = (t: Tensor): Tensor => tf.sum(tf.mul(t, stopGradient(tf, t)));
    expect([...stopGradient(tf, x).dataSync()]).toEqual([2, -3]);
    expect([...tf.grad(f)(x).dataSync()]).toEqual([2, -3]); // not 2x
  });
});
