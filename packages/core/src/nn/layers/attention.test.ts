import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { availableBackends, closeTo, gradientError, randomTensor } from '../../testing/tensors.ts';
import type { Tensor } from '../tensor-flow.ts';
import {
  attention,
  causalMask,
  causalSelfAttention,
  packedAttention,
  type AttentionOptions,
} from './attention.ts';
import { rotaryTables, rotate } from './rotary.ts';

const backends = await availableBackends();

describe.each([...backends.keys()])('attention on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;
  const random = (shape: number[], seed: number): Tensor => randomTensor(tf, shape, createRng(seed));

  it('weighs values by the softmax of scaled products', async () => {
    await backend.activate();
    // d = 4: the scores are 0 and 2 ln 3 / √4 = ln 3, so the weights are 1/4 and 3/4
    const q = tf.tensor3d([[[1, 0, 0, 0]]]);
    const k = tf.tensor3d([[[0, 1, 1, 1], [2 * Math.log(3), 5, 5, 5]]]); // prettier-ignore
    const v = tf.tensor3d([[[0, 4, 8, 1], [4, 0, 8, -1]]]); // prettier-ignore
    closeTo(attention(tf, q, k, v, { heads: 1 }).dataSync(), [3, 1, 8, -0.5], 1e-5);
  });

  it('sees the past only under a causal mask: equal queries give running means', async () => {
    await backend.activate();
    const v = tf.tensor3d([[[2], [4], [9]]]);
    const out = attention(tf, tf.zeros([1, 3, 1]), tf.ones([1, 3, 1]), v, {
      heads: 1,
      mask: causalMask(tf, 3),
    });
    closeTo(out.dataSync(), [2, 3, 5], 1e-5);
  });

  it('keeps heads and batch items apart', async () => {
    await backend.activate();
    const [q, k, v] = [random([2, 3, 8], 1), random([2, 3, 8], 2), random([2, 3, 8], 3)];
    const whole = attention(tf, q, k, v, { heads: 2 });
    for (const [item, head] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      // prettier-ignore
      const part = (x: Tensor): Tensor => tf.slice(x, [item, 0, head * 4], [1, 3, 4]);
      const alone = attention(tf, part(q), part(k), part(v), { heads: 1 });
      closeTo(part(whole).dataSync(), alone.dataSync(), 1e-5);
    }
  });

  it('takes a mask for each head and each batch item', async () => {
    await backend.activate();
    const [q, v] = [tf.zeros([2, 2, 2]), tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])];
    const hideSecond = [0, -1e9, 0, -1e9];
    const none = [0, 0, 0, 0];
    const byHead = tf.tensor4d([...hideSecond, ...none], [1, 2, 2, 2]);
    closeTo(attention(tf, q, q, v, { heads: 2, mask: byHead }).dataSync(), [1, 3, 1, 3, 5, 7, 5, 7], 1e-5);
    const byItem = tf.tensor4d([...hideSecond, ...none], [2, 1, 2, 2]);
    closeTo(attention(tf, q, q, v, { heads: 2, mask: byItem }).dataSync(), [1, 2, 1, 2, 6, 7, 6, 7], 1e-5);
  });

  it('stays finite for scores of a million', async () => {
    await backend.activate();
    const [k, v] = [tf.tensor3d([[[1e3], [-1e3]]]), tf.tensor3d([[[1], [2]]])];
    const out = attention(tf, tf.fill([1, 2, 1], 1e3), k, v, { heads: 1 });
    closeTo(out.dataSync(), [1, 1], 1e-6);
  });

  it('lets a NaN through', async () => {
    await backend.activate();
    const v = tf.tensor3d([[[1], [1], [NaN]]]);
    const q = tf.zeros([1, 3, 1]);
    const out = attention(tf, q, q, v, { heads: 1 }).dataSync();
    expect([...out]).toEqual([NaN, NaN, NaN]);
  });

  const shapes: [string, number[], number[], (options: { tf: typeof tf }) => AttentionOptions][] = [
    ['plain, other lengths', [1, 2, 4], [1, 3, 4], () => ({ heads: 1 })],
    ['two heads, causal', [2, 5, 8], [2, 5, 8], () => ({ heads: 2, mask: causalMask(tf, 5) })],
    ['rotary, dropout', [2, 3, 8], [2, 3, 8], () => ({ heads: 2, mask: causalMask(tf, 3), rotary: rotaryTables(tf, 7, 4), dropout: { rate: 0.3, rng: createRng(5) } })], // prettier-ignore
  ];
  it.each(shapes)('has the right gradients: %s', async (_, qShape, kShape, options) => {
    await backend.activate();
    const fixed = options({ tf });
    const fresh = (): AttentionOptions =>
      fixed.dropout ? { ...fixed, dropout: { ...fixed.dropout, rng: createRng(5) } } : fixed;
    const inputs = [random(qShape, 9), random(kShape, 10), random(kShape, 11)];
    expect(gradientError(tf, (q, k, v) => attention(tf, q, k, v, fresh()), inputs)).toBeLessThan(3e-3);
  });

  it('is the same when queries, keys and values lie side by side', async () => {
    await backend.activate();
    const parts = [random([2, 5, 8], 9), random([2, 5, 8], 10), random([2, 5, 8], 11)];
    const options = { heads: 2, mask: causalMask(tf, 5), rotary: rotaryTables(tf, 5, 4) };
    const packed = tf.concat(parts, -1);
    const separate = attention(tf, parts[0]!, parts[1]!, parts[2]!, options);
    closeTo(packedAttention(tf, packed, options).dataSync(), separate.dataSync(), 1e-5);
    expect(gradientError(tf, (x) => packedAttention(tf, x, options), [packed])).toBeLessThan(3e-3);
  });

  it('with projections: later inputs change no earlier output, and gradients are right', async () => {
    await backend.activate();
    const options = { heads: 2, mask: causalMask(tf, 4), rotary: rotaryTables(tf, 4, 2) };
    const inputs = [
      random([1, 4, 4], 1),
      ...[2, 3, 4, 5].map((seed) => tf.mul(random([4, 4], seed), 0.5)),
      random([4], 6),
    ];
    const layer = (...xs: Tensor[]): Tensor => {
      const [x, queryWeight, keyWeight, valueWeight, outputWeight, bias] = xs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]; // prettier-ignore
      const biases = { queryBias: bias, keyBias: bias, valueBias: bias, outputBias: bias };
      return causalSelfAttention(
        tf,
        x,
        { queryWeight, keyWeight, valueWeight, outputWeight, ...biases },
        options,
      );
    };
    const changed = tf.concat([tf.slice(inputs[0]!, [0, 0, 0], [1, 3, 4]), random([1, 1, 4], 99)], 1);
    const [before, after] = [layer(...inputs), layer(changed, ...inputs.slice(1))].map((y) => y.dataSync());
    closeTo(after!.slice(0, 12), before!.slice(0, 12), 1e-6);
    expect(after!.slice(12)).not.toEqual(before!.slice(12));
    expect(gradientError(tf, layer, inputs)).toBeLessThan(5e-3);
  });

  it('refuses heads that do not divide the width, unlike shapes, and some biases only', async () => {
    await backend.activate();
    const x = random([1, 2, 6], 1);
    expect(() => attention(tf, x, x, x, { heads: 4 })).toThrow(/width of 6 .* 4 heads/);
    expect(() => attention(tf, x, random([1, 3, 4], 2), x, { heads: 2 })).toThrow(/keys \[1, 3, 4\]/);
    const w = random([6, 6], 3);
    const weights = { queryWeight: w, keyWeight: w, valueWeight: w, outputWeight: w, keyBias: tf.zeros([6]) };
    expect(() => causalSelfAttention(tf, x, weights, { heads: 2, mask: causalMask(tf, 2) })).toThrow(/bias/);
  });
});

describe.each([...backends.keys()])('rotary positions on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;

  it('turns pair i of position p by p · base^(−2i/d)', async () => {
    await backend.activate();
    const tables = rotaryTables(tf, 3, 4, { base: 100 });
    const x = tf.tensor3d([[[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0]]]); // prettier-ignore
    // pairs (0, 2) and (1, 3) with angles p and p / 10
    const expected = [0, 1, 2].flatMap((p) => [Math.cos(p), Math.cos(p / 10), Math.sin(p), Math.sin(p / 10)]);
    closeTo(rotate(tf, x, tables).dataSync(), expected, 1e-6);
  });

  it('makes products depend on the distance alone, and keeps lengths', async () => {
    await backend.activate();
    const tables = rotaryTables(tf, 12, 8);
    const [q, k] = [1, 2].map((seed) => tf.tile(randomTensor(tf, [1, 1, 8], createRng(seed)), [1, 12, 1]));
    const products = tf.matMul(rotate(tf, q!, tables), rotate(tf, k!, tables), false, true).dataSync();
    for (let i = 0; i < 11; i++) expect(products[(i + 1) * 12 + i]).toBeCloseTo(products[12]!, 4);
    const norms = tf.norm(rotate(tf, q!, tables), 2, -1).dataSync();
    closeTo(norms, new Array<number>(12).fill(norms[0]!), 1e-5);
  });

  it('is undone by its inverse, goes on from an offset, and has the right gradient', async () => {
    await backend.activate();
    const x = randomTensor(tf, [2, 3, 4], createRng(3));
    const tables = rotaryTables(tf, 3, 4);
    closeTo(rotate(tf, rotate(tf, x, tables), tables, true).dataSync(), x.dataSync(), 1e-5);
    const later = rotaryTables(tf, 1, 4, { offset: 2 });
    const last = tf.slice(rotate(tf, x, tables), [0, 2, 0], [2, 1, 4]);
    closeTo(rotate(tf, tf.slice(x, [0, 2, 0], [2, 1, 4]), later).dataSync(), last.dataSync(), 1e-6);
    expect(gradientError(tf, (t) => rotate(tf, t, tables), [x])).toBeLessThan(2e-3);
  });

  it('refuses odd widths and tables that are too short', async () => {
    await backend.activate();
    expect(() => rotaryTables(tf, 3, 5)).toThrow(/even head width, not 5/);
    expect(() => rotate(tf, tf.zeros([1, 4, 4]), rotaryTables(tf, 3, 4))).toThrow(
      /3 positions are too short for 4/,
    );
  });
});
