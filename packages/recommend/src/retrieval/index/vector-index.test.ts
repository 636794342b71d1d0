import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { topK } from '../rank-rows.ts';
import { buildVectorIndex, loadVectorIndex } from './vector-index.ts';

const WIDTH = 12;
function draw(rows: number, seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: rows * WIDTH }, () => rng.normal());
}
const vectors = draw(700, 1);
const queries = Array.from({ length: 40 }, (_, i) => draw(1, 100 + i));

/** Exact answers by the definition of each metric. */
function exact(query: Float32Array, metric: string, take = 10): Int32Array {
  const scores = Array.from({ length: vectors.length / WIDTH }, (_, row) => {
    const x = vectors.subarray(row * WIDTH, (row + 1) * WIDTH);
    const dot = x.reduce((sum, value, j) => sum + value * query[j]!, 0);
    if (metric === 'dot') return dot;
    if (metric === 'cosine') return dot / Math.hypot(...x);
    return -Math.hypot(...x.map((value, j) => value - query[j]!));
  });
  return topK(scores, take).rows;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

describe('a vector index', () => {
  it.each(['dot', 'cosine', 'euclidean'] as const)(
    'finds at least 95 of 100 exact neighbours by %s',
    (metric) => {
      const index = buildVectorIndex(vectors, WIDTH, createRng(2), { metric });
      let hits = 0;
      for (const query of queries) {
        const truth = new Set(exact(query, metric));
        const { rows, scores } = index.search(query, 10);
        hits += rows.filter((row) => truth.has(row)).length;
        expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
      }
      expect(hits / (10 * queries.length)).toBeGreaterThanOrEqual(0.95);
    },
  );

  it('scores by the metric', () => {
    const three = Float32Array.of(3, 0, 0, 2, -1, 0);
    const score = (metric: 'dot' | 'cosine' | 'euclidean'): number[] => [
      ...buildVectorIndex(three, 2, createRng(1), { metric }).search([0, 4], 3).scores,
    ];
    expect(score('dot')).toEqual([8, 0, 0]);
    expect(score('cosine')).toEqual([1, 0, 0]);
    expect(score('euclidean').map((s) => s.toFixed(3))).toEqual(['-2.000', '-4.123', '-5.000']);
  });

  it('is exact where it may look at everything', () => {
    const index = buildVectorIndex(vectors, WIDTH, createRng(2), { metric: 'dot' });
    for (const query of queries) {
      expect([...index.search(query, 10, { breadth: 700 }).rows]).toEqual([...exact(query, 'dot')]);
    }
  });

  it('is the same for the same seed, and after saving and loading', () => {
    const index = buildVectorIndex(vectors, WIDTH, createRng(3));
    const saved = index.save();
    expect(sameBytes(buildVectorIndex(vectors, WIDTH, createRng(3)).save(), saved)).toBe(true);
    expect(sameBytes(buildVectorIndex(vectors, WIDTH, createRng(4)).save(), saved)).toBe(false);
    const loaded = loadVectorIndex(saved);
    expect(sameBytes(loaded.save(), saved)).toBe(true);
    for (const query of queries) expect(loaded.search(query, 5)).toEqual(index.search(query, 5));
  });

  it('holds one row, and many of the same', () => {
    const one = buildVectorIndex(Float32Array.of(1, 2), 2, createRng(1));
    expect([...one.search([1, 1], 5).rows]).toEqual([0]);
    const same = buildVectorIndex(new Float32Array(400).fill(1), 2, createRng(1), { links: 4 });
    expect(same.search([1, 1], 8).rows.length).toBe(8);
  });

  it('refuses what is not finite, not whole or out of range', () => {
    const rng = createRng(1);
    expect(() => buildVectorIndex(Float32Array.of(1, -Infinity), 1, rng)).toThrowError(/Row 1 .* -Infinity/);
    expect(() => buildVectorIndex(new Float32Array(0), 2, rng)).toThrowError(/whole rows/);
    expect(() => buildVectorIndex(new Float32Array(3), 2, rng)).toThrowError(/whole rows/);
    expect(() => buildVectorIndex(new Float32Array(4), 2, rng, { links: 2 })).toThrowError(/links/);
    const index = buildVectorIndex(Float32Array.of(1, 2), 2, rng);
    expect(() => index.search([1], 1)).toThrowError(/2 values/);
    expect(() => index.search([1, Infinity], 1)).toThrowError(/Infinity/);
    expect(() => index.search([1, 1], 3, { breadth: 2 })).toThrowError(/breadth/);
  });

  it('takes the mean of the set for what is not known, in rows and queries', () => {
    const rows = Float32Array.of(0, 1, 4, NaN, 8, 3, NaN, NaN); // means 4 and 2
    const index = buildVectorIndex(rows, 2, createRng(1), { metric: 'euclidean' });
    const near = index.search([4, 2], 2);
    expect([...near.rows].sort()).toEqual([1, 3]);
    expect([...near.scores]).toEqual([-0, -0]);
    expect(index.search([0, NaN], 1)).toEqual(index.search([0, 2], 1));
    const loaded = loadVectorIndex(index.save());
    expect(loaded.search([NaN, NaN], 4)).toEqual(index.search([4, 2], 4));
    const unknown = buildVectorIndex(Float32Array.of(NaN, 1, NaN, 2), 2, createRng(1), { metric: 'dot' });
    expect([...unknown.search([5, 1], 2).scores]).toEqual([2, 1]); // no row knows the first column: 0
  });

  it('leaves out what it is told to, and follows more candidates then', () => {
    const index = buildVectorIndex(vectors, WIDTH, createRng(2), { metric: 'euclidean' });
    const query = queries[0]!;
    const best = exact(query, 'euclidean', 700);
    const exclude = new Uint8Array(700);
    for (const row of best.subarray(0, 690)) exclude[row] = 1; // all but the ten farthest
    const found = [...index.search(query, 10, { exclude }).rows];
    expect(found.filter((row) => exclude[row])).toEqual([]);
    expect(found).toEqual([...best.subarray(690)].filter((row) => found.includes(row)));
    expect(found.length).toBeGreaterThanOrEqual(8); // those that the graph reaches at all
    exclude.fill(1);
    expect(index.search(query, 10, { exclude }).rows).toHaveLength(0);
    expect(() => index.search(query, 1, { exclude: new Uint8Array(3) })).toThrowError(/3 marks/);
  });

  it('stops when cancelled', () => {
    const signal = AbortSignal.abort();
    expect(() => buildVectorIndex(draw(1100, 5), WIDTH, createRng(1), { signal })).toThrowError(/cancelled/);
  });
});

describe('a damaged index file', () => {
  const saved = buildVectorIndex(vectors.subarray(0, 60 * WIDTH), WIDTH, createRng(4)).save();
  it('is refused when cut, and never answers outside its rows when bytes change', () => {
    for (const length of [0, 3, 31, 200, saved.length - 1]) {
      expect(() => loadVectorIndex(saved.subarray(0, length))).toThrowError();
    }
    const rng = createRng(9);
    for (let i = 0; i < 400; i++) {
      const bytes = saved.slice();
      bytes[rng.integer(bytes.length)] = rng.integer(256);
      try {
        const { rows } = loadVectorIndex(bytes).search(queries[0]!, 5);
        expect(rows.every((row) => row >= 0 && row < 60)).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: 'checkpoint/malformed' });
      }
    }
  });
});
