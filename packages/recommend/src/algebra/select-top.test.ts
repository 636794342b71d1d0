import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectTop, selectTopById } from './select-top.ts';

describe('the top k', () => {
  it('are those of a full sort, ties by index, whatever is skipped', () => {
    const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.array(score), fc.integer({ min: 1, max: 12 }), fc.nat(3), (scores, take, odd) => {
        const skip = (i: number): boolean => i % 4 === odd;
        const sorted = [...scores.keys()]
          .filter((i) => !skip(i) && !Number.isNaN(scores[i]))
          .sort((a, b) => scores[b]! - scores[a]! || a - b);
        expect([...selectTop(scores, take, skip)]).toEqual(sorted.slice(0, take));
      }),
    );
  });

  it('are those of a full sort, ties by id, where ids say so', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 2 })), fc.nat(12), (scores, take) => {
        const idOf = (i: number): string => `${(7 * i) % 11} ${i}`;
        const sorted = [...scores.keys()].sort(
          (a, b) => scores[b]! - scores[a]! || (idOf(a) < idOf(b) ? -1 : 1),
        );
        expect(selectTopById(scores, take, idOf)).toEqual(sorted.slice(0, take));
        expect(selectTopById(scores, Infinity, idOf)).toEqual(sorted);
      }),
    );
  });
});
