import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from './rng.ts';
import type { Rng } from './rng.ts';

/** Pearson's chi-squared of observed counts against equal expectation. */
function chiSquared(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function take(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

describe('createRng', () => {
  it('gives the published numbers of xoshiro128** 1.1', () => {
    // State {1, 2, 3, 4}: the reference C program, as quoted by the tests of Rust's rand_xoshiro.
    const first = createRng([1, 2, 3, 4]);
    expect(take(10, () => first.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
    // The millionth, and a state with high bits set: the algorithm in Python's unbounded integers.
    for (let i = 10; i < 999_999; i++) first.uint32();
    expect(first.uint32()).toBe(3457443141);
    const second = createRng([0xdeadbeef, 0x12345678, 0x9abcdef0, 0x0badf00d]);
    expect(take(10, () => second.uint32())).toEqual([
      2576977301, 1162350735, 2932269098, 1922732073, 1941404828, 824293559, 1143964036, 208983317, 559836484,
      2694143866,
    ]);
  });

  it('is uniform over a range that does not divide 2^32', () => {
    const rng = createRng(7);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[rng.integer(10)]!++;
    expect(chiSquared(counts)).toBeLessThan(27.88); // 9 degrees of freedom, p = 0.001
  });

  it('fills [0, 1) evenly and with 53 bits', () => {
    const rng = createRng(11);
    const values = take(100_000, () => rng.uniform());
    const counts = new Array<number>(100).fill(0);
    for (const value of values) counts[Math.floor(value * 100)]!++;
    expect(counts).toHaveLength(100); // a value of 1 or below 0 would have added an entry
    expect(chiSquared(counts)).toBeLessThan(148.2); // 99 degrees of freedom, p = 0.001
    const lowestBit = values.filter((value) => (value * 2 ** 53) % 2 === 1).length;
    expect(Math.abs(lowestBit - 50_000)).toBeLessThan(3.3 * Math.sqrt(25_000));
  });

  it('draws standard normals', () => {
    const rng = createRng(3);
    const values = take(50_000, () => rng.normal());
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    const withinOne = values.filter((x) => Math.abs(x) < 1).length / values.length;
    expect(Math.abs(mean)).toBeLessThan(3.3 / Math.sqrt(50_000));
    expect(Math.abs(variance - 1)).toBeLessThan(3.3 * Math.sqrt(2 / 50_000));
    expect(Math.abs(withinOne - 0.6827)).toBeLessThan(0.008);
  });

  it('draws categories by weight and never one of weight 0', () => {
    const rng = createRng(5);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 60_000; i++) counts[rng.categorical([1, 0, 2, 3])]!++;
    expect(counts[1]).toBe(0);
    expect(chiSquared([counts[0]! * 6, counts[2]! * 3, counts[3]! * 2]) / 6).toBeLessThan(13.8);
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[1, NaN]], [[Infinity]]])('refuses the weights %j', (weights) => {
    expect(() => createRng(1).categorical(weights)).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });

  it('shuffles into every order equally often', () => {
    const rng = createRng(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = rng.shuffle([0, 1, 2, 3]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquared([...counts.values()])).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001
  });

  it('goes on exactly where a saved state left off', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(20), (seed, drawn) => {
        const rng = createRng(seed);
        take(drawn, () => rng.normal());
        const restored = createRng(rng.state());
        expect(take(5, () => restored.uniform())).toEqual(take(5, () => rng.uniform()));
      }),
    );
  });

  it('forks by name without being moved, and the streams do not agree', () => {
    const parent = createRng(1);
    const before = parent.state();
    const fork = (name: string): Rng => parent.fork(name);
    const streams = ['a', 'b', 'ab', ''].map((name) => take(1000, () => fork(name).uint32() || 0));
    expect(parent.state()).toEqual(before);
    expect(new Set(streams.map((stream) => stream[0])).size).toBe(4);
    const [a, b] = [fork('a'), fork('b')];
    const left = take(20_000, () => a.uniform() - 0.5);
    const right = take(20_000, () => b.uniform() - 0.5);
    const correlation = (12 * left.reduce((sum, x, i) => sum + x * right[i]!, 0)) / left.length;
    expect(Math.abs(correlation)).toBeLessThan(3.3 / Math.sqrt(20_000));
  });

  it('gives different numbers for neighbouring seeds and for seeds above 2^32', () => {
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].map((seed) =>
      createRng(seed).uint32(),
    );
    expect(new Set(firsts).size).toBe(6);
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => createRng(seed)).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
  });

  it('refuses an all-zero state and a range outside 1 … 2^32', () => {
    expect(() => createRng([0, 0, 0, 0])).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
    const rng = createRng(1);
    for (const n of [0, -1, 1.5, 2 ** 32 + 1])
      expect(() => rng.integer(n)).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
    expect(rng.integer(1)).toBe(0);
  });
});
