import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { availableBackends, gradientError } from '../../testing/tensors.ts';
import type { Tensor, Tensor3D, Tensor4D } from '../tensor-flow.ts';
import { transpose2d } from './transpose.ts';

const backends = await availableBackends();

describe.each([...backends.keys()])('operations on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;
  const values = (size: number, seed: number): Float32Array => {
    const rng = createRng(seed);
    return Float32Array.from({ length: size }, () => rng.normal());
  };
  const random = (shape: number[], seed: number): Tensor =>
    tf.tensor(
      values(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ),
      shape,
    );

  it.each([
    { a: [5, 7], b: [7, 3], transposeA: false, transposeB: false },
    { a: [7, 5], b: [7, 3], transposeA: true, transposeB: false },
    { a: [5, 7], b: [3, 7], transposeA: false, transposeB: true },
    { a: [7, 5], b: [3, 7], transposeA: true, transposeB: true },
    { a: [4, 5, 7], b: [4, 7, 3], transposeA: false, transposeB: false },
    { a: [2, 2, 7, 5], b: [2, 2, 3, 7], transposeA: true, transposeB: true },
    { a: [4, 5, 7], b: [1, 7, 3], transposeA: false, transposeB: false },
    { a: [4, 7, 5], b: [1, 3, 7], transposeA: true, transposeB: true },
    { a: [1, 5, 7], b: [3, 7, 2], transposeA: false, transposeB: false },
    { a: [1, 1], b: [1, 1], transposeA: false, transposeB: true },
    { a: [2, 20, 40], b: [2, 33, 40], transposeA: false, transposeB: true },
  ])('matMul $a × $b, transposed $transposeA, $transposeB, equals the sums of products', async (c) => {
    await backend.activate();
    const [a, b] = [random(c.a, 1), random(c.b, 2)];
    const rows = c.transposeA ? c.a.at(-1)! : c.a.at(-2)!;
    const inner = c.transposeA ? c.a.at(-2)! : c.a.at(-1)!;
    const columns = c.transposeB ? c.b.at(-2)! : c.b.at(-1)!;
    const [countA, countB] = [c.a, c.b].map((s) => s.slice(0, -2).reduce((x, y) => x * y, 1)) as [
      number,
      number,
    ];
    const count = Math.max(countA, countB);
    const [x, y] = [a.dataSync(), b.dataSync()];
    const expected: number[] = [];
    for (let n = 0; n < count; n++) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            const ai = c.transposeA ? k * rows + i : i * inner + k;
            const bi = c.transposeB ? j * inner + k : k * columns + j;
            sum += x[(n % countA) * rows * inner + ai]! * y[(n % countB) * inner * columns + bi]!;
          }
          expected.push(sum);
        }
      }
    }
    const product: Tensor = tf.matMul(a, b, c.transposeA, c.transposeB);
    expect(product.shape.slice(-2)).toEqual([rows, columns]);
    product.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });

  it('matMul sees new values of an operand it has used before', async () => {
    await backend.activate();
    const a = tf.tensor2d([[1, 2]]);
    const b = tf.variable(tf.tensor2d([[1], [1]]));
    expect(tf.matMul(a, b).dataSync()[0]).toBe(3);
    b.assign(tf.tensor2d([[10], [1]]));
    expect(tf.matMul(a, b).dataSync()[0]).toBe(12);
  });

  it('matMul passes a NaN on to its row only', async () => {
    await backend.activate();
    const a = tf.tensor2d([
      [1, NaN],
      [1, 1],
    ]);
    expect([...tf.matMul(a, tf.tensor2d([[2], [3]])).dataSync()]).toEqual([NaN, 5]);
  });

  const conv =
    (strides: [number, number], pad: 'same' | 'valid') =>
    (x: Tensor, w: Tensor): Tensor =>
      tf.conv2d(x as Tensor4D, w as Tensor4D, strides, pad);
  const cases: [string, (...xs: Tensor[]) => Tensor, () => Tensor[]][] = [
    ['conv2d, same', conv([1, 1], 'same'), () => [random([2, 5, 4, 3], 1), random([3, 2, 3, 4], 2)]],
    ['conv2d, stride 2', conv([2, 2], 'same'), () => [random([2, 5, 4, 3], 1), random([3, 3, 3, 2], 2)]],
    ['conv2d, valid', conv([2, 1], 'valid'), () => [random([1, 6, 5, 2], 1), random([3, 2, 2, 3], 2)]],
    [
      'conv1d',
      (x, w) => tf.conv1d(x as Tensor3D, w as Tensor3D, 2, 'same'),
      () => [random([2, 7, 3], 3), random([3, 3, 4], 4)],
    ],
    [
      'conv2dTranspose',
      (x, w) => tf.conv2dTranspose(x as Tensor4D, w as Tensor4D, [2, 6, 6, 2], 2, 'same'),
      () => [random([2, 3, 3, 4], 5), random([3, 3, 2, 4], 6)],
    ],
    [
      'depthwiseConv2d',
      (x, w) => tf.depthwiseConv2d(x as Tensor4D, w as Tensor4D, 2, 'same'),
      () => [random([2, 5, 5, 3], 7), random([3, 3, 3, 2], 8)],
    ],
    ['maxPool', (x) => tf.maxPool(x as Tensor4D, 2, 2, 'same'), () => [tf.sub(random([2, 5, 4, 2], 9), 9)]],
    [
      'maxPool, overlapping',
      (x) => tf.maxPool(x as Tensor4D, 3, 1, 'same'),
      () => [random([1, 4, 5, 2], 10)],
    ],
    [
      'avgPool, valid',
      (x) => tf.avgPool(x as Tensor4D, [2, 1], 1, 'valid'),
      () => [random([2, 4, 3, 2], 11)],
    ],
    ['avgPool, same', (x) => tf.avgPool(x as Tensor4D, 2, 2, 'same'), () => [random([2, 5, 4, 2], 11)]],
    [
      'resizeNearestNeighbor',
      (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [6, 4]),
      () => [random([2, 3, 2, 3], 12)],
    ],
    [
      'resizeNearestNeighbor, down, aligned',
      (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [2, 3], true),
      () => [random([2, 4, 5, 2], 13)],
    ],
    [
      'gather and segment sum',
      (x) => tf.gather(x, tf.tensor2d([0, 3, 3, 1, 1, 1], [2, 3], 'int32')),
      () => [random([4, 3], 14)],
    ],
  ];
  it.each(cases)('the gradient of %s equals finite differences', async (_, operation, inputs) => {
    await backend.activate();
    expect(gradientError(tf, operation, inputs())).toBeLessThan(4e-3);
  });

  it('max pooling sends the gradient to the largest of negative inputs', async () => {
    await backend.activate();
    const x = tf.tensor4d([-4, -1, -3, -2], [1, 2, 2, 1]);
    const gradient = tf.grad((t: Tensor) => tf.sum(tf.maxPool(t as Tensor4D, 2, 2, 'valid')))(x);
    expect([...gradient.dataSync()]).toEqual([0, 1, 0, 0]);
  });

  it('resizing sends the gradient back to the pixel of the right channel and image', async () => {
    await backend.activate();
    const x = tf.tensor4d([0, 0, 0, 0], [2, 1, 1, 2]);
    const dy = tf.tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [2, 1, 2, 2]);
    const gradient = tf.grad((t: Tensor) =>
      tf.sum(tf.mul(tf.image.resizeNearestNeighbor(t as Tensor4D, [1, 2]), dy)),
    )(x);
    expect([...gradient.dataSync()]).toEqual([3, 30, 7, 70]);
  });

  it('one-hot rows hold the given values as floats, and nothing for labels out of range', async () => {
    await backend.activate();
    const rows = tf.oneHot(tf.tensor1d([1, -1, 3], 'int32'), 3, 0.5, 0.25, 'float32');
    expect([...rows.dataSync()]).toEqual([0.25, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]);
  });

  it('leaves no memory behind', async () => {
    await backend.activate();
    const [x, w] = [random([2, 5, 4, 3], 1), random([3, 2, 3, 4], 2)];
    const before = tf.memory().numDataBuffers;
    tf.tidy(() => void tf.grads(conv([1, 1], 'same') as never)([x, w]));
    expect(tf.memory().numDataBuffers).toBe(before);
  });
});

it('transposes a matrix inside one array', () => {
  const heap = new Float32Array(2 * 20 * 33 + 3);
  for (let i = 0; i < 20 * 33; i++) heap[3 + i] = i;
  transpose2d(heap, 3, heap, 3 + 660, 20, 33);
  for (let i = 0; i < 20; i++) for (let j = 0; j < 33; j++) expect(heap[663 + j * 20 + i]).toBe(i * 33 + j);
});
