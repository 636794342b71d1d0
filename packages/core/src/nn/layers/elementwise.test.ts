import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { availableBackends, closeTo, gradientError, randomTensor } from '../../testing/tensors.ts';
import type { Tensor } from '../tensor-flow.ts';
import { activate, gelu, silu, squaredRelu, type Activation } from './activations.ts';
import { dense, multiLayerPerceptron } from './dense.ts';
import { dropout, dropoutMask } from './dropout.ts';
import { embedding } from './embedding.ts';
import { layerNorm, rmsNorm } from './normalisation.ts';

const backends = await availableBackends();

describe.each([...backends.keys()])('on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;
  const random = (shape: number[], seed: number): Tensor => randomTensor(tf, shape, createRng(seed));
  const at = async (f: (x: Tensor) => Tensor, values: number[]): Promise<number[]> => {
    await backend.activate();
    return Array.from(f(tf.tensor1d(values)).dataSync());
  };

  describe('activations', () => {
    it('have known values', async () => {
      // Python: 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3))), and x / (1 + exp(-x))
      closeTo(await at((x) => gelu(tf, x), [-1, 0, 1, 2]), [-0.15880801, 0, 0.84119199, 1.95459769], 1e-6);
      closeTo(await at((x) => silu(tf, x), [-1, 0, 1, 2]), [-0.26894142, 0, 0.73105858, 1.76159416], 1e-6);
      closeTo(await at((x) => squaredRelu(tf, x), [-3, 0, 0.5, 3]), [0, 0, 0.25, 9], 1e-6);
    });

    it('stay finite far out, with slopes 0 and 1', async () => {
      await backend.activate();
      const x = tf.tensor1d([-1e6, 1e6]);
      for (const f of [gelu, silu]) {
        closeTo(f(tf, x).dataSync(), [0, 1e6], 1e-6);
        closeTo(
          tf
            .grad((t: Tensor) => f(tf, t))(x)
            .dataSync(),
          [0, 1],
          1e-6,
        );
      }
    });

    it.each(['relu', 'squared-relu', 'gelu', 'silu', 'tanh', 'sigmoid'] as Activation[])(
      '%s keeps the shape, lets NaN through and has the right gradient',
      async (activation) => {
        await backend.activate();
        expect(activate(tf, random([2, 3, 4], 1), activation).shape).toEqual([2, 3, 4]);
        const [nan, one] = await at((x) => activate(tf, x, activation), [NaN, 1]);
        expect(nan).toBeNaN();
        expect(one).toBeGreaterThan(0.5);
        const x = tf.tensor1d([-2.1, -0.7, -0.05, 0.05, 0.4, 1.3, 2.6]);
        expect(gradientError(tf, (t) => activate(tf, t, activation), [x])).toBeLessThan(2e-3);
      },
    );
  });

  describe('dense', () => {
    it('multiplies and adds', async () => {
      await backend.activate();
      const [weight, bias] = [tf.tensor2d([[1, 2], [3, 4]]), tf.tensor1d([10, 20])]; // prettier-ignore
      closeTo(dense(tf, tf.tensor2d([[1, -1]]), weight, bias).dataSync(), [8, 18], 1e-6);
      closeTo(dense(tf, tf.tensor2d([[1, -1]]), weight).dataSync(), [-2, -2], 1e-6);
      closeTo(dense(tf, tf.tensor2d([[1, -1]]), weight, bias, 'relu').dataSync(), [8, 18], 1e-6);
    });

    it('keeps the leading axes', async () => {
      await backend.activate();
      expect(dense(tf, random([2, 3, 4], 1), random([4, 5], 2)).shape).toEqual([2, 3, 5]);
      expect(dense(tf, random([4], 1), random([4, 5], 2)).shape).toEqual([5]);
    });

    it('has the right gradients, with and without a bias', async () => {
      await backend.activate();
      const inputs = [random([2, 3, 4], 1), random([4, 5], 2), random([5], 3)];
      expect(gradientError(tf, (x, w, b) => dense(tf, x, w, b), inputs)).toBeLessThan(2e-3);
      expect(gradientError(tf, (x, w) => dense(tf, x, w), inputs.slice(0, 2))).toBeLessThan(2e-3);
    });

    it('spoils only the row with a NaN', async () => {
      const rows = await at((x) => dense(tf, tf.reshape(x, [2, 2]), tf.ones([2, 1])), [NaN, 1, 2, 3]);
      expect(rows).toEqual([NaN, 5]);
    });

    it('refuses shapes that do not fit', async () => {
      await backend.activate();
      expect(() => dense(tf, random([2, 3], 1), random([4, 5], 2))).toThrow(
        /weight \[4, 5\].*input \[2, 3\]/,
      );
      expect(() => dense(tf, random([2, 3], 1), random([3], 2))).toThrow(/weight \[3\]/);
    });

    it('makes a perceptron: no activation after the last layer', async () => {
      await backend.activate();
      const layers = [
        { weight: tf.tensor2d([[1, -1]]), bias: tf.tensor1d([0, 0.5]) },
        { weight: tf.tensor2d([[1], [-2]]) },
      ];
      // relu(3, −2.5) = (3, 0) → 3; relu(−1, 1.5) = (0, 1.5) → −3
      closeTo(multiLayerPerceptron(tf, tf.tensor2d([[3], [-1]]), layers, 'relu').dataSync(), [3, -3], 1e-6);
    });
  });

  describe('embedding', () => {
    it('takes rows, and sums the gradients of equal ids', async () => {
      await backend.activate();
      const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
      const ids = tf.tensor2d([2, 0, 2, 2], [2, 2], 'int32');
      const rows = embedding(tf, table, ids);
      expect(rows.shape).toEqual([2, 2, 2]);
      expect([...rows.dataSync()]).toEqual([5, 6, 1, 2, 5, 6, 5, 6]);
      const gradient = tf.grad((t: Tensor) => tf.sum(embedding(tf, t, ids)))(table);
      expect([...gradient.dataSync()]).toEqual([1, 1, 0, 0, 3, 3]);
    });

    it('has the right gradient when the rows are used further', async () => {
      await backend.activate();
      const ids = tf.tensor1d([1, 3, 1], 'int32');
      expect(gradientError(tf, (t) => gelu(tf, embedding(tf, t, ids)), [random([4, 3], 8)])).toBeLessThan(
        2e-3,
      );
    });

    it('refuses float ids and a table of another rank', async () => {
      await backend.activate();
      expect(() => embedding(tf, random([3, 2], 1), tf.tensor1d([1]))).toThrow(/int32 ids/);
      expect(() => embedding(tf, random([3], 1), tf.tensor1d([1], 'int32'))).toThrow(/rank 1/);
    });
  });

  describe('normalisation', () => {
    const plain = (x: Tensor): Tensor => layerNorm(tf, x, tf.ones([4]), tf.zeros([4]), 0);

    it('has known values', async () => {
      // mean 2.5, variance 1.25; and root mean square √7.5
      const [a, b] = [1.5 / Math.sqrt(1.25), 0.5 / Math.sqrt(1.25)];
      closeTo(await at((x) => plain(tf.reshape(x, [1, 4])), [1, 2, 3, 4]), [-a, -b, b, a], 1e-6);
      const rms = await at(
        (x) => rmsNorm(tf, tf.reshape(x, [1, 4]), tf.tensor1d([1, 1, 2, 1]), 0),
        [1, 2, 3, 4],
      );
      closeTo(rms, [1, 2, 6, 4].map((x) => x / Math.sqrt(7.5)), 1e-6); // prettier-ignore
    });

    it('gives the offset for a constant row, and works at large and small scale', async () => {
      await backend.activate();
      const offset = tf.tensor1d([1, 2, 3, 4]);
      closeTo(layerNorm(tf, tf.fill([1, 4], 7), tf.ones([4]), offset).dataSync(), [1, 2, 3, 4], 1e-6);
      const big = layerNorm(tf, tf.tensor2d([[1e15, 2e15, 3e15, 4e15]]), tf.ones([4]), tf.zeros([4]));
      closeTo(big.dataSync(), (await at((x) => plain(tf.reshape(x, [1, 4])), [1, 2, 3, 4])), 1e-5); // prettier-ignore
      closeTo(rmsNorm(tf, tf.zeros([1, 4]), tf.ones([4])).dataSync(), [0, 0, 0, 0], 1e-6);
    });

    it('spoils only the row with a NaN', async () => {
      await backend.activate();
      const x = tf.tensor2d([[1, NaN, 3, 4], [1, 2, 3, 4]]); // prettier-ignore
      for (const y of [plain(x), rmsNorm(tf, x, tf.ones([4]))]) {
        const finite = Array.from(y.dataSync(), Number.isFinite);
        expect(finite).toEqual([false, false, false, false, true, true, true, true]);
      }
    });

    it('has the right gradients for input, scale and offset', async () => {
      await backend.activate();
      const inputs = [random([2, 3, 6], 5), random([6], 6), random([6], 7)];
      expect(gradientError(tf, (x, g, b) => layerNorm(tf, x, g, b), inputs)).toBeLessThan(3e-3);
      expect(gradientError(tf, (x, g) => rmsNorm(tf, x, g), inputs.slice(0, 2))).toBeLessThan(3e-3);
    });

    it('refuses a scale of another width', async () => {
      await backend.activate();
      expect(() => layerNorm(tf, random([2, 4], 1), tf.ones([3]), tf.zeros([3]))).toThrow();
      expect(() => rmsNorm(tf, random([2, 4], 1), tf.ones([3]))).toThrow();
    });
  });

  describe('dropout', () => {
    it('zeroes about the rate, scales the rest, and repeats with the seed', async () => {
      await backend.activate();
      const mask = dropoutMask(tf, [100, 101], 0.25, createRng(4)).dataSync();
      const kept = mask.filter((x) => x !== 0);
      expect(new Set(kept)).toEqual(new Set([Math.fround(4 / 3)]));
      // 10,100 draws: standard deviation of the kept share 0.0043
      expect(Math.abs(kept.length / mask.length - 0.75)).toBeLessThan(0.02);
      expect(dropoutMask(tf, [100, 101], 0.25, createRng(4)).dataSync()).toEqual(mask);
      expect(dropoutMask(tf, [100, 101], 0.25, createRng(5)).dataSync()).not.toEqual(mask);
    });

    it('passes the gradient through what it kept', async () => {
      await backend.activate();
      const mask = dropoutMask(tf, [50], 0.5, createRng(1)).dataSync();
      const gradient = tf.grad((x: Tensor) => tf.sum(dropout(tf, x, 0.5, createRng(1))))(random([50], 1));
      expect(gradient.dataSync()).toEqual(mask);
    });

    it('does nothing at rate 0, and refuses rates outside 0 … 1', async () => {
      await backend.activate();
      const [x, rng] = [random([3], 1), createRng(1)];
      expect(dropout(tf, x, 0, rng)).toBe(x);
      expect(rng.state()).toEqual(createRng(1).state());
      for (const rate of [1, -0.1, NaN, 2]) expect(() => dropout(tf, x, rate, rng)).toThrow(/dropout rate/);
    });
  });
});
