import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topK } from './rank-rows.ts';

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
