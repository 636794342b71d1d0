import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createFeatureMap } from '../taste/features.ts';
import { inferPosterior, predict } from '../taste/posterior.ts';
import { createTaste, rate, steer } from '../taste/taste.ts';
import { createItem, createTinySpace, drawItems } from '../testing.ts';
import { createCatalogueScan } from './catalogue-scan.ts';
import { recommend } from './recommend.ts';

const names = Array.from({ length: 12 }, (_, i) => `d${i}`);
const space = createTinySpace(names);
const styles = ['hymn', 'march', 'folk', 'game'];
const items = drawItems(space, 600, styles, createRng(11));
const odd = [
  createItem(space, 'unknown', names.map(() => NaN)),
  createItem(space, 'far', names.map(() => 40)),
  { ...createItem(space, 'strange', names.map(() => 1)), style: 'polka' },
]; // prettier-ignore
const factors = { rank: 2, listeners: 9, items: new Map([[items[3]!.id, Float64Array.of(0.5, -1)]]) };
const map = createFeatureMap(space, styles, factors);
const all = [...items, ...odd];
const byId = new Map(all.map((item) => [item.id, item]));
const taste = items
  .slice(0, 30)
  .reduce((t, item) => rate(t, item.id, item.vector.values[0]! > 0 ? 5 : 1, 0), createTaste());
const posterior = inferPosterior(taste, map, (id) => byId.get(id), 0);
const scan = createCatalogueScan(map, all);

describe('a scan of a catalogue', () => {
  it('expects of every item what predict expects, unknown and far values, styles and factors included', () => {
    const likings = scan.likings(posterior.mean);
    all.forEach((item, i) => expect(likings[i]).toBeCloseTo(predict(posterior, item).mean, 5));
  });

  it('keeps on its shortlist what is recommended from all', () => {
    const from = (pool: typeof all) =>
      recommend(taste, posterior, pool, { take: 10, rng: createRng(1), exploration: 0 }).map(
        ({ itemId }) => itemId,
      );
    const short = scan.shortlist(taste, posterior, { size: 200, rng: createRng(2) });
    expect(short.length).toBeLessThanOrEqual(200);
    expect(new Set(short.map(({ id }) => id)).size).toBe(short.length);
    expect(from(short)).toEqual(from(all));
    expect(short.some((item) => taste.ratings.some(({ itemId }) => itemId === item.id))).toBe(false);
  });

  it('leaves out what is ruled out, also where that is nearly everything', () => {
    const only = styles
      .slice(1)
      .reduce((t, name) => steer(t, { kind: 'style', name, action: 'never' }), taste);
    const short = scan.shortlist(only, posterior, { size: 50, rng: createRng(2) });
    expect(short.length).toBeGreaterThan(40);
    expect(short.length).toBeLessThanOrEqual(50);
    expect(short.every(({ style }) => style === 'hymn' || style === 'polka' || style === null)).toBe(true);
  });

  it('is everything that is open where that is little, and nothing of nothing', () => {
    const few = createCatalogueScan(map, all.slice(0, 40));
    expect(few.shortlist(taste, posterior, { size: 50, rng: createRng(1) }).map(({ id }) => id)).toEqual(
      all.slice(30, 40).map(({ id }) => id),
    );
    expect(createCatalogueScan(map, []).shortlist(taste, posterior, { size: 5, rng: createRng(1) })).toEqual(
      [],
    );
  });

  it('refuses an item of another space', () => {
    const wrong = { ...items[0]!, vector: { space: 'other', values: items[0]!.vector.values } };
    expect(() => createCatalogueScan(map, [wrong])).toThrow(/style vector of space other/);
  });
});
