import { createRng } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotRows, topK, topKByDot } from './top-k.ts';

/** The slow way: sort everything. */
function bySorting(scores: readonly number[], k: number): number[] {
  return scores
    .map((score, row) => ({ score, row }))
    .filter(({ score }) => score > -Infinity)
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, k)
    .map(({ row }) => row);
}

describe('topK', () => {
  it('finds what sorting finds, with ties by row', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-Infinity, Infinity));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 70 }), (scores, k) => {
        const { rows, scores: found } = topK(scores, k);
        expect([...rows]).toEqual(bySorting(scores, k));
        expect([...found]).toEqual([...rows].map((row) => scores[row]));
      }),
    );
  });

  it('leaves out what it is told to', () => {
    expect([...topK([5, 9, 7, 9], 3, { exclude: Uint8Array.of(0, 1, 0, 0) }).rows]).toEqual([3, 2, 0]);
  });

  it('finds nothing in nothing', () => {
    expect([...topK([], 3).rows]).toEqual([]);
    expect([...topK([-Infinity], 3).rows]).toEqual([]);
  });

  it('refuses NaN, odd numbers to take and marks of another length', () => {
    expect(() => topK([1, NaN], 1)).toThrowError(/row 1 is NaN/);
    for (const k of [0, -1, 1.5, NaN, Infinity])
      expect(() => topK([1], k)).toThrowError(/whole number from 1/);
    expect(() => topK([1, 2], 1, { exclude: new Uint8Array(1) })).toThrowError(/1 marks/);
  });
});

describe('topKByDot', () => {
  it('has the dot products of the definition, at widths that four divides and not', () => {
    const rng = createRng(1);
    for (const width of [1, 3, 4, 7, 64]) {
      const vectors = Float32Array.from({ length: 50 * width }, () => rng.normal());
      const query = Array.from({ length: width }, () => rng.normal());
      const expected = Array.from({ length: 50 }, (_, row) =>
        query.reduce((sum, q, j) => sum + q * vectors[row * width + j]!, 0),
      );
      dotRows(query, vectors).forEach((score, row) => expect(score).toBeCloseTo(expected[row]!, 9));
      expect([...topKByDot(query, vectors, 7).rows]).toEqual(bySorting(expected, 7));
    }
  });

  it('refuses what is not whole rows', () => {
    expect(() => topKByDot([1, 2], new Float32Array(3), 1)).toThrowError(/rows of 2/);
    expect(() => topKByDot([], new Float32Array(3), 1)).toThrowError(/rows of 0/);
    expect(() => topKByDot([NaN], new Float32Array(3), 1)).toThrowError(/NaN/);
  });
});
