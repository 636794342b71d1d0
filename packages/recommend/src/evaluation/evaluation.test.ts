import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createInteractions } from '../models/interactions.ts';
import { popularity } from '../models/popularity.ts';
import { bootstrapDifference, bootstrapMean } from './bootstrap.ts';
import { evaluateRanking } from './evaluate-ranking.ts';
import { coverageAt, ndcgAt, noveltyAt, precisionAt, recallAt } from './ranking-metrics.ts';

describe('ranking measures, by hand', () => {
  const ranked = [7, 1, 5, 2];
  const relevant = new Set([1, 2, 9]);

  it('recall divides by all relevant items, precision by k', () => {
    expect(recallAt(ranked, relevant, 2)).toBe(1 / 3);
    expect(recallAt(ranked, relevant, 10)).toBe(2 / 3);
    expect(precisionAt(ranked, relevant, 10)).toBe(0.2);
    expect(recallAt(ranked, new Set(), 3)).toBeNaN();
  });

  it('NDCG: hits at places 2 and 4, ideal cut at min(k, relevant)', () => {
    const gain = 1 / Math.log2(3) + 1 / Math.log2(5);
    expect(ndcgAt(ranked, relevant, 10)).toBeCloseTo(gain / (1 + 1 / Math.log2(3) + 1 / 2), 12);
    expect(ndcgAt(ranked, relevant, 2)).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 12);
    expect(ndcgAt([1, 2], new Set([1, 2]), 10)).toBe(1);
  });

  it('coverage and novelty', () => {
    expect(
      coverageAt(
        [
          [1, 2],
          [2, 3, 4],
        ],
        8,
        2,
      ),
    ).toBe(3 / 8);
    expect(noveltyAt([0, 1, 2], [4, 1, 0], 8, 3)).toBe((1 + 3 + 3) / 3);
  });
});

describe('bootstrap', () => {
  it('has about the width of the normal interval: 2 × 1.96 σ / √n', () => {
    const rng = createRng(1);
    const values = Float64Array.from({ length: 400 }, () => 5 + rng.normal());
    const { mean, low, high } = bootstrapMean(values, createRng(2));
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
    expect((high - low) / ((2 * 1.96) / 20)).toBeGreaterThan(0.85);
    expect((high - low) / ((2 * 1.96) / 20)).toBeLessThan(1.15);
    expect(bootstrapMean([3], rng)).toEqual({ mean: 3, low: 3, high: 3 });
  });

  it('pairs take what two models share away', () => {
    expect(bootstrapDifference([1, 5, 9], [0, 4, 8], createRng(1))).toEqual({ mean: 1, low: 1, high: 1 });
    expect(() => bootstrapDifference([1], [1, 2], createRng(1))).toThrow('Pairs need as many values');
    expect(() => bootstrapMean([], createRng(1))).toThrow('at least one value');
    expect(() => bootstrapMean([NaN], createRng(1))).toThrow('Value 0 is NaN.');
  });
});

describe('evaluating a model', () => {
  const set = createInteractions([
    ...['a', 'b', 'c'].map((item) => ({ listener: '1', item, liking: 1 })),
    ...['a', 'b'].map((item) => ({ listener: '2', item, liking: 1 })),
    { listener: '3', item: 'a', liking: 1 },
  ]);
  const model = popularity.fit(set);
  const options = { k: 1, popularity: [3, 2, 1], listeners: 3 };

  it('ranks what was neither heard nor excluded, and leaves out listeners with nothing relevant', () => {
    const result = evaluateRanking(
      model,
      [
        { history: [{ item: 'a', liking: 1 }], relevant: ['b', 'c'] }, // finds b
        { history: [], relevant: ['c'], exclude: ['a'] }, // finds b, not c
        { history: [], relevant: [] },
      ],
      options,
    );
    expect([...result.recall]).toEqual([0.5, 0]);
    expect([...result.ndcg]).toEqual([1, 0]);
    expect(result.coverage).toBe(1 / 3);
    expect(result.novelty[0]).toBeCloseTo(Math.log2(1.5), 12);
  });

  it('refuses cases without anything relevant', () => {
    expect(() => evaluateRanking(model, [{ history: [], relevant: [] }], options)).toThrow(
      'No listener has anything relevant.',
    );
  });
});
