import { createRng } from '@attune/core';
import { selectBackend, type Tensor, type Tensor2D, type TensorFlow } from '@attune/core/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { rmsNorm, rotaryAttention, segmentMask } from './fused-ops.ts';

let tf: TensorFlow;
const rng = createRng(2);
const random = (rows: number, columns: number): Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => rng.normal()),
    [rows, columns],
  );

beforeAll(async () => {
  tf = (await selectBackend({ prefer: ['cpu'] })).tf;
});

/** Values and gradients of both, under the same random weighting of the output. */
function expectSame(fused: (x: Tensor2D) => Tensor, plain: (x: Tensor2D) => Tensor, x: Tensor2D): void {
  const weights = tf.randomNormal(plain(x).shape, 0, 1, 'float32', 7);
  const gradient = (f: (x: Tensor2D) => Tensor): Float32Array =>
    tf
      .grad((y) => tf.sum(tf.mul(f(y as Tensor2D), weights)))(x)
      .dataSync<'float32'>();
  expectClose(fused(x).dataSync<'float32'>(), plain(x).dataSync<'float32'>());
  expectClose(gradient(fused), gradient(plain));
}
function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-4 * (1 + Math.abs(value))),
  );
}

describe('operations with their own gradients equal the plain composition', () => {
  it('rmsNorm', () => {
    const plain = (x: Tensor2D): Tensor => tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-6)));
    expectSame((x) => rmsNorm(tf, x), plain, random(4, 6));
  });

  it('rotaryAttention', () => {
    const [rows, steps, heads, pairs] = [2, 3, 2, 2];
    const [width, size] = [heads * 2 * pairs, 2 * pairs];
    const angles = random(rows * steps, pairs);
    const scale = size ** -0.25;
    const mask = segmentMask(tf, tf.tensor2d([1, 1, 1, 1, 2, 2], [rows, steps], 'int32'));
    const layout = {
      rows,
      steps,
      heads,
      pairs,
      mask,
      cos: tf.tile(tf.mul<Tensor2D>(tf.cos(angles), scale), [1, 2 * heads]),
      sin: tf.tile(tf.mul<Tensor2D>(tf.sin(angles), scale), [1, 2 * heads]),
    };
    /** The definition, head by head: rotate pairs, softmax of scaled products, mix. */
    const plain = (x: Tensor2D): Tensor => {
      const [first, second, value] = tf.split(x, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
      const [cos, sin] = [tf.cos(angles), tf.sin(angles)];
      const part = (t: Tensor2D, which: number, h: number): Tensor2D =>
        tf.slice(t, [0, which * heads * pairs + h * pairs], [rows * steps, pairs]);
      const outputs = Array.from({ length: heads }, (_, h) => {
        const rotated = (which: number): Tensor => {
          const [a, b] = [part(first, which, h), part(second, which, h)];
          const turned = tf.concat(
            [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(a, sin), tf.mul(b, cos))],
            1,
          );
          return tf.reshape(turned, [rows, steps, size]);
        };
        const scores = tf.div(tf.matMul(rotated(0), rotated(1), false, true), Math.sqrt(size));
        const shares = tf.softmax(tf.add(scores, tf.reshape(mask, [rows, steps, steps])));
        const v = tf.reshape(tf.slice(value, [0, h * size], [rows * steps, size]), [rows, steps, size]);
        return tf.reshape(tf.matMul(shares, v), [rows * steps, size]);
      });
      return tf.concat(outputs, 1);
    };
    expectSame((x) => rotaryAttention(tf, x, layout), plain, random(rows * steps, 3 * width));
  });
});

describe('segmentMask', () => {
  it('lets a step see itself and the past of its own segment', () => {
    const seen = [...segmentMask(tf, tf.tensor2d([1, 1, 2, 2], [1, 4], 'int32')).dataSync()].map((x) =>
      x === 0 ? 1 : 0,
    );
    expect(seen).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1]);
  });
});
