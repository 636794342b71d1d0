import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { availableBackends, closeTo, gradientError, randomTensor } from '../../testing/tensors.ts';
import { leakyRelu } from '../layers/activations.ts';
import { conv1d, conv2d, convTranspose2d } from '../layers/convolution.ts';
import { dense } from '../layers/dense.ts';
import { spectralNorm } from '../layers/spectral-norm.ts';
import type { Tensor } from '../tensor-flow.ts';
import { gradientPenalty, realGradientPenalty } from './adversarial.ts';

const backends = await availableBackends();

describe.each([...backends.keys()])('gradient penalties on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;
  const random = (shape: number[], seed: number): Tensor => randomTensor(tf, shape, createRng(seed));

  it('a linear critic w·x pays (‖w‖ − 1)² anywhere, and ½ ‖w‖² for real rows', async () => {
    await backend.activate();
    const critic = (x: Tensor): Tensor => dense(tf, x, tf.tensor2d([[3], [4]]));
    closeTo(gradientPenalty(tf, critic, random([5, 2], 1), random([5, 2], 2), createRng(1)).dataSync(), [16], 1e-5); // prettier-ignore
    closeTo(realGradientPenalty(tf, critic, random([5, 2], 1)).dataSync(), [12.5], 1e-5);
  });

  it('½ |x|² has the slope |x| at points between real and fake', async () => {
    await backend.activate();
    const critic = (x: Tensor): Tensor => tf.mul(tf.sum(tf.square(x), -1), 0.5);
    const share = createRng(9).uniform();
    const between = 2 * share + 5 * (1 - share);
    const penalty = gradientPenalty(tf, critic, tf.tensor2d([[2]]), tf.tensor2d([[5]]), createRng(9));
    closeTo(penalty.dataSync(), [(between - 1) ** 2], 1e-5);
  });

  const critics: [string, (x: Tensor, w: Tensor, v: Tensor) => Tensor, number[], number[], number[]][] = [
    ['dense and leaky rectifier', (x, w, v) => dense(tf, leakyRelu(tf, dense(tf, x, w, tf.ones([3]))), v), [2, 2], [2, 3], [3, 1]],
    ['relu', (x, w, v) => dense(tf, dense(tf, x, w, tf.ones([3]), 'relu'), v), [2, 2], [2, 3], [3, 1]],
    ['conv1d', (x, w, v) => dense(tf, tf.reshape(conv1d(tf, x, w, { strides: 2, activation: 'leaky-relu' }), [2, -1]), v), [2, 4, 2], [3, 2, 2], [4, 1]],
    ['conv1d, dilated', (x, w, v) => dense(tf, tf.reshape(conv1d(tf, x, w, { dilation: 2, activation: 'leaky-relu' }), [2, -1]), v), [2, 4, 1], [3, 1, 2], [8, 1]],
    ['conv2d', (x, w, v) => dense(tf, tf.reshape(conv2d(tf, x, w, { strides: 2, padding: 'valid', bias: tf.ones([2]) }), [2, -1]), v), [2, 4, 3, 1], [2, 2, 1, 2], [4, 1]],
    ['convTranspose2d', (x, w, v) => dense(tf, tf.reshape(convTranspose2d(tf, x, w, { strides: 2 }), [2, -1]), v), [2, 2, 1, 1], [2, 2, 1, 1], [8, 1]],
    ['spectral norm', (x, w, v) => dense(tf, leakyRelu(tf, dense(tf, x, spectralNorm(tf, w, tf.variable(tf.tensor1d([1, 0, 0])), { iterations: 30 }))), v), [2, 2], [2, 3], [3, 1]],
  ]; // prettier-ignore
  it.each(critics)('its gradient by the weights is right for %s', async (_, critic, x, w, v) => {
    await backend.activate();
    const real = random(x, 1);
    // weights around 0.5, so that no rectifier is at its corner
    const [first, last] = [tf.add(tf.mul(random(w, 2), 0.2), 0.5), tf.add(tf.mul(random(v, 3), 0.2), 0.5)];
    const penalty = (a: Tensor, b: Tensor): Tensor =>
      realGradientPenalty(tf, (t) => critic(t, a, b), tf.abs(real));
    expect(gradientError(tf, penalty, [first, last])).toBeLessThan(4e-3);
  });

  it('refuses rows of different shapes, and no rows', async () => {
    await backend.activate();
    const critic = (x: Tensor): Tensor => x;
    expect(() => gradientPenalty(tf, critic, tf.ones([2, 1]), tf.ones([2, 2]), createRng(1))).toThrow(
      /equal shapes/,
    );
    expect(() => realGradientPenalty(tf, critic, tf.ones([2]))).toThrow(/rows \[N, ...\], not \[2\]/);
  });
});
