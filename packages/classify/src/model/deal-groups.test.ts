import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { dealByChance, dealByLabel, dealFolds, type GroupedRow } from './deal-groups.ts';

/** `sizes[k]` groups of label k, two rows each. */
function rowsOf(sizes: readonly number[]): (GroupedRow & { label: number })[] {
  return sizes.flatMap((size, label) =>
    Array.from({ length: 2 * size }, (_, i) => ({ group: `${label}/${i >> 1}`, label })),
  );
}
const foldsOfLabel = (folds: ReadonlyMap<string, number>, label: number): number[] =>
  [...folds].flatMap(([group, fold]) => (group.startsWith(`${label}/`) ? [fold] : []));

describe('groups dealt by label', () => {
  it('are spread evenly: of each label, and of all, no fold has two more than another', () => {
    for (let seed = 0; seed < 40; seed++) {
      const sizes = [2, 7, 3, 11, 2];
      const folds = dealByLabel(rowsOf(sizes), 3, createRng(seed));
      const spread = (values: readonly number[]): number => {
        const counts = [0, 1, 2].map((fold) => values.filter((value) => value === fold).length);
        return Math.max(...counts) - Math.min(...counts);
      };
      for (const label of sizes.keys()) expect(spread(foldsOfLabel(folds, label))).toBeLessThanOrEqual(1);
      expect(spread([...folds.values()])).toBeLessThanOrEqual(1);
    }
  });
  it('are dealt in turn, label after label, as a dealer of sorted cards would', () => {
    const rng = (): ReturnType<typeof createRng> => createRng(5);
    const rows = rowsOf([4, 9, 2]);
    const cards = rng()
      .shuffle([...new Set(rows.map(({ group }) => group))])
      .sort((a, b) => Number(a[0]) - Number(b[0]));
    expect([...dealByLabel(rows, 4, rng())]).toEqual(cards.map((group, i) => [group, i % 4]));
  });
  it('part the two groups of a label whatever the seed, also where it shares one with another label', () => {
    // a: {x, y}, b: {x, z}: dealt in turn after x, both y and z belong into the other half.
    const rows = [['x', 0], ['x', 1], ['y', 0], ['z', 1]].map(([group, label]) => ({ group: String(group), label: Number(label) })); // prettier-ignore
    for (let seed = 0; seed < 40; seed++) {
      const folds = dealByLabel(rows, 2, createRng(seed));
      expect(folds.get('y')).toBe(1 - folds.get('x')!);
      expect(folds.get('z')).toBe(1 - folds.get('x')!);
    }
  });
});

describe('folds of a cross-validation', () => {
  it('by label never leave a label without pieces to learn from; by chance they may, and say so', () => {
    const rows = rowsOf([2, 2]);
    const labels = ['slow', 'fast'];
    let refused = 0;
    for (let seed = 0; seed < 40; seed++) {
      const folds = dealFolds(rows, 2, { labels, rng: createRng(seed) });
      for (const label of [0, 1]) expect(foldsOfLabel(folds, label).sort()).toEqual([0, 1]);
      try {
        dealFolds(rows, 2, { labels, dealing: 'by chance', rng: createRng(seed) });
      } catch (error) {
        expect(error).toMatchObject({ code: 'dataset/malformed', message: expect.stringMatching(/All pieces of (slow|fast) fell into one of 2 parts/) as string }); // prettier-ignore
        refused++;
      }
    }
    // Of the 6 ways to part 4 groups in halves, 2 put the labels asunder: a third of 40, ± three deviations.
    expect(refused).toBeGreaterThan(4);
    expect(refused).toBeLessThan(23);
  });
  it('by chance are those that the shipped models of sound were judged by', () => {
    // From rng.fork('folds').shuffle of the sorted groups, dealt in turn: written down before dealing by label came.
    const rows = ['d', 'a', 'c', 'b', 'f', 'e'].map((group) => ({ group, label: 0 }));
    const by = dealFolds(rows, 3, { labels: ['x'], dealing: 'by chance', rng: createRng(1) });
    expect([...by]).toEqual([...dealByChance(rows, 3, createRng(1).fork('folds'))]);
    expect(Object.fromEntries(by)).toEqual({ c: 0, b: 1, d: 2, f: 0, a: 1, e: 2 });
  });
});
