import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { ease } from './ease.ts';
import { createInteractions, type Interaction } from './interactions.ts';
import { itemNeighbours } from './item-neighbours.ts';
import { listenerKernel } from './listener-kernel.ts';

/** X = [[1,1,0],[1,0,1],[1,1,1],[0,1,1]] over items a, b, c. */
const LIKES: Interaction[] = ['0ab', '1ac', '2abc', '3bc'].flatMap(([listener, ...items]) =>
  items.map((item) => ({ listener: listener!, item, liking: 1 })),
);
const SET = createInteractions(LIKES);

function scoresOf(model: ReturnType<typeof ease.fit>, items: string): number[] {
  return [...model.score(model.foldIn([...items].map((item) => ({ item, liking: 1 }))))];
}

describe('EASE', () => {
  it.each(['items', 'listeners'] as const)(
    'has the weights of the closed form, by hand, solved for %s',
    (form) => {
      // XᵀX = 1 + 2 δ (each item 3 likes, each pair 2, off the diagonal), so with λ = 1 the matrix is 2 J + 2 I of size 3 and
      // its inverse (I − J/4) / 2: diagonal 3/8, off it −1/8; B off the diagonal = (1/8) / (3/8) = 1/3.
      const model = ease.fit(SET, { regularisation: 1, dropout: 0, form });
      scoresOf(model, 'a').forEach((value, i) => expect(value).toBeCloseTo(i === 0 ? 0 : 1 / 3, 6));
      scoresOf(model, 'ab').forEach((value, i) => expect(value).toBeCloseTo(i === 2 ? 2 / 3 : 1 / 3, 6));
    },
  );

  it('without the zero diagonal is ridge regression: I − P Λ', () => {
    const model = ease.fit(SET, { regularisation: 1, dropout: 0, zeroDiagonal: false });
    scoresOf(model, 'a').forEach((value, i) => expect(value).toBeCloseTo(i === 0 ? 1 - 3 / 8 : 1 / 8, 6));
  });

  it('dropout adds d / (1 − d) of an item’s likes to its λ', () => {
    const dropped = ease.fit(SET, { regularisation: 1, dropout: 0.5 });
    const plain = ease.fit(SET, { regularisation: 4, dropout: 0 }); // each item has three likes
    expect(scoresOf(dropped, 'ac')).toEqual(scoresOf(plain, 'ac'));
  });

  it('gives the same scores solved for items as for listeners, for likes of any strength', () => {
    const rng = createRng(5);
    const likes = Array.from({ length: 150 }, () => ({
      listener: `l${rng.integer(13)}`,
      item: `i${rng.integer(25)}`,
      liking: 1 - rng.uniform(),
    }));
    const set = createInteractions(
      likes,
      Array.from({ length: 26 }, (_, i) => `i${i}`),
    );
    for (const zeroDiagonal of [true, false]) {
      const options = { regularisation: 0.7, dropout: 0.3, zeroDiagonal };
      const [byItems, byListeners] = (['items', 'listeners'] as const).map((form) =>
        ease.fit(set, { ...options, form }),
      );
      const history = [0, 3, 9].map((i) => ({ item: `i${i}`, liking: 0.1 * (i + 1) }));
      const b = byListeners!.score(byListeners!.foldIn(history));
      byItems!
        .score(byItems!.foldIn(history))
        .forEach((value, i) => expect(Math.abs(value - b[i]!)).toBeLessThan(2e-5));
    }
  });
});

describe('item neighbours', () => {
  it('are cosines, shrunk: 2 / (3 + s) for two of three listeners in common', () => {
    expect(scoresOf(itemNeighbours.fit(SET, { shrinkage: 0 }), 'a')).toEqual(
      [0, 2 / 3, 2 / 3].map(Math.fround),
    );
    expect(scoresOf(itemNeighbours.fit(SET, { shrinkage: 1 }), 'bc')).toEqual([1, 0.5, 0.5]);
  });

  it('keep the most alike ones only', () => {
    const more = createInteractions([
      ...LIKES,
      { listener: '4', item: 'a', liking: 1 },
      { listener: '4', item: 'b', liking: 1 },
    ]);
    const model = itemNeighbours.fit(more, { shrinkage: 0, neighbours: 1 });
    expect(scoresOf(model, 'a').map((value) => value > 0)).toEqual([false, true, false]);
  });
});

describe('the listener kernel', () => {
  it('is kernel ridge regression, by hand for two listeners with one item in common', () => {
    // Rows ab and bc, rarity 0: k = 1/2; (K + 1)⁻¹ = [[2, ½], [½, 2]]⁻¹ = [[8, −2], [−2, 8]] / 15. A new listener of a alone:
    // k(x, ·) = [1/√2, 0], weights [8, −2] / (15 √2), scores a 8, b 6, c −2 over 15 √2.
    const set = createInteractions(
      ['0ab', '1bc'].flatMap(([l, ...items]) => items.map((item) => ({ listener: l!, item, liking: 1 }))),
    );
    const model = listenerKernel.fit(set, { regularisation: 1, rarity: 0, damping: 0 });
    scoresOf(model, 'a').forEach((value, i) =>
      expect(value).toBeCloseTo([8, 6, -2][i]! / (15 * Math.SQRT2), 6),
    );
    const damped = listenerKernel.fit(set, { regularisation: 1, rarity: 0, damping: 1 });
    expect(scoresOf(damped, 'a')[1]).toBeCloseTo(6 / (15 * Math.SQRT2) / 2, 6); // two like b
  });
});
