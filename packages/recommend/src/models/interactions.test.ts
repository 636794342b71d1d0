import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf, transpose } from './csr-matrix.ts';
import { createInteractions, historyOf, withoutListener } from './interactions.ts';
import { itemNeighbours } from './item-neighbours.ts';

describe('interactions', () => {
  it('let the last of several likings count, and drop listeners who like nothing', () => {
    const set = createInteractions([
      { listener: 'b', item: 'x', liking: 1 },
      { listener: 'a', item: 'y', liking: 0.5 },
      { listener: 'b', item: 'x', liking: -1 },
      { listener: 'a', item: 'z', liking: 0 },
    ]);
    expect(set.listeners).toEqual(['a']);
    expect(set.catalogue.items).toEqual(['x', 'y', 'z']);
    expect(historyOf(set, 'a')).toEqual([{ item: 'y', liking: 0.5 }]);
    expect(() => historyOf(set, 'b')).toThrow('Listener b is not in the set.');
    expect(withoutListener(set, 'nobody')).toBe(set);
  });

  it.each([NaN, Infinity, -1.5, 2])('refuse a liking of %d, saying which', (liking) => {
    const given = [
      { listener: 'a', item: 'x', liking: 1 },
      { listener: 'a', item: 'y', liking },
    ];
    expect(() => createInteractions(given)).toThrow(`The liking of y is from -1 to 1, not ${liking}.`);
  });

  it('refuse unknown items, items given twice and empty catalogues', () => {
    const one = [{ listener: 'a', item: 'x', liking: 1 }];
    expect(() => createInteractions(one, ['y'])).toThrow('Item x is not in the catalogue of 1.');
    expect(() => createInteractions(one, ['x', 'y', 'x'])).toThrow('Item x stands in the catalogue twice.');
    expect(() => createInteractions([])).toThrow('A catalogue has at least one item.');
  });

  it('take in a million at once, and models are fitted to them', () => {
    const names = Array.from({ length: 2000 }, (_, i) => `n${i}`);
    function* million() {
      for (let e = 0; e < 1_000_000; e++) {
        const l = Math.floor(e / 50);
        yield { listener: `l${l}`, item: names[(l * 7 + (e % 50) * 3) % 2000]!, liking: 1 };
      }
    }
    const set = createInteractions(million(), names);
    expect(set.likes.indices.length).toBe(1_000_000);
    expect(set.listeners).toHaveLength(20_000);
    const few = createInteractions(
      historyOf(set, 'l17').map((liking) => ({ listener: 'l17', ...liking })),
      names,
    );
    expect(itemNeighbours.fit(few).similar(names[119]!)).toHaveLength(10);
  });
});

describe('sparse matrices', () => {
  it('turned twice are what they were', () => {
    const entry = fc.record({
      listener: fc.constantFrom('a', 'b', 'c'),
      item: fc.constantFrom('x', 'y', 'z', 'w'),
      liking: fc.constantFrom(0.5, 1),
    });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1 }), (given) => {
        const { likes } = createInteractions(given);
        const back = transpose(transpose(likes));
        for (let r = 0; r < likes.rows; r++) expect(rowOf(back, r)).toEqual(rowOf(likes, r));
      }),
    );
  });
});
