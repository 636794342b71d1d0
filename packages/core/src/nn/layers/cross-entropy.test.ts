import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { availableBackends, closeTo, gradientError, randomTensor } from '../../testing/tensors.ts';
import type { Tensor } from '../tensor-flow.ts';
import { crossEntropyPerRow, softmaxCrossEntropy } from './cross-entropy.ts';

const backends = await availableBackends();

describe.each([...backends.keys()])('softmax cross-entropy on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;
  const labels = (values: number[]): Tensor => tf.tensor1d(values, 'int32');

  it('has known values and gradient', async () => {
    await backend.activate();
    const z = tf.tensor2d([[0, Math.log(2), Math.log(5)], [7, 7, 7]]); // prettier-ignore
    closeTo(crossEntropyPerRow(tf, z, labels([1, 2])).dataSync(), [Math.log(4), Math.log(3)], 1e-6);
    closeTo(softmaxCrossEntropy(tf, z, labels([1, 2])).dataSync(), [Math.log(12) / 2], 1e-6);
    const gradient = tf
      .grad((t: Tensor) => softmaxCrossEntropy(tf, t, labels([1, 2])))(z)
      .dataSync();
    closeTo(gradient, [1 / 8, 2 / 8 - 1, 5 / 8, 1 / 3, 1 / 3, 1 / 3 - 1].map((x) => x / 2), 1e-6); // prettier-ignore
  });

  it('weighs rows, and is 0 when all weigh nothing', async () => {
    await backend.activate();
    const z = tf.tensor2d([[0, Math.log(3)], [5, 5], [1e3, 0]]); // prettier-ignore
    const weights = tf.tensor1d([3, 1, 0]);
    const loss = softmaxCrossEntropy(tf, z, labels([0, 0, 1]), { weights });
    closeTo(loss.dataSync(), [(3 * Math.log(4) + Math.log(2)) / 4], 1e-6);
    closeTo(softmaxCrossEntropy(tf, z, labels([0, 0, 1]), { weights: tf.zeros([3]) }).dataSync(), [0], 1e-6);
  });

  it('leaves masked classes out of the sum', async () => {
    await backend.activate();
    const logitMask = tf.tensor2d([[0, -1e9, 0]]);
    const loss = softmaxCrossEntropy(tf, tf.tensor2d([[1, 50, 1]]), labels([0]), { logitMask });
    closeTo(loss.dataSync(), [Math.LN2], 1e-6);
  });

  it('is exact for logits of ten thousand', async () => {
    await backend.activate();
    const z = tf.tensor2d([[1e4, 0], [1e4, 0], [-1e4, -1e4]]); // prettier-ignore
    closeTo(crossEntropyPerRow(tf, z, labels([0, 1, 1])).dataSync(), [0, 1e4, Math.LN2], 1e-6);
  });

  it('spoils only the row with a NaN', async () => {
    await backend.activate();
    const rows = crossEntropyPerRow(tf, tf.tensor2d([[NaN, 1], [0, 0]]), labels([1, 1])).dataSync(); // prettier-ignore
    expect(rows[0]).toBeNaN();
    expect(rows[1]).toBeCloseTo(Math.LN2, 6);
  });

  it('has the right gradients, and takes leading axes', async () => {
    await backend.activate();
    const z = randomTensor(tf, [3, 4], createRng(12));
    expect(gradientError(tf, (t) => crossEntropyPerRow(tf, t, labels([1, 0, 3])), [z])).toBeLessThan(2e-3);
    const weights = tf.tensor1d([1, 0, 2]);
    const logitMask = tf.tensor2d([[0, 0, -1e9, 0]]);
    const loss = (t: Tensor): Tensor => softmaxCrossEntropy(tf, t, labels([1, 0, 3]), { weights, logitMask });
    expect(gradientError(tf, loss, [z])).toBeLessThan(2e-3);
    const cube = tf.reshape(z, [3, 1, 4]);
    const ids = tf.tensor2d([1, 0, 3], [3, 1], 'int32');
    closeTo(
      softmaxCrossEntropy(tf, cube, ids).dataSync(),
      softmaxCrossEntropy(tf, z, labels([1, 0, 3])).dataSync(),
      1e-6,
    );
    const gradient = tf.grad((t: Tensor) => softmaxCrossEntropy(tf, t, ids))(cube);
    expect(gradient.shape).toEqual([3, 1, 4]);
  });

  it('refuses labels of another count or type', async () => {
    await backend.activate();
    expect(() => crossEntropyPerRow(tf, tf.zeros([3, 4]), labels([1, 2]))).toThrow(/\[3, 4\].*labels \[2\]/);
    expect(() => crossEntropyPerRow(tf, tf.zeros([1, 4]), tf.tensor1d([1]))).toThrow(/float32 labels/);
  });
});
