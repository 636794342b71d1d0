import { createRng, isAttuneError } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createInteractions } from './models/interactions.ts';
import { itemNeighbours } from './models/item-neighbours.ts';
import { explain } from './ranking/reasons.ts';
import { chooseToRate, recommend } from './ranking/recommend.ts';
import { recommendAcross } from './ranking/recommend-across.ts';
import { findSimilar } from './ranking/similar.ts';
import { tasteConditioning } from './taste/conditioning.ts';
import type { Verdict } from './taste/events.ts';
import { inferTastes } from './taste/facets.ts';
import { createFeatureMap } from './taste/features.ts';
import { inferPosterior, predict } from './taste/posterior.ts';
import type { Taste } from './taste/taste.ts';
import { createTaste, rate, rateAll, recordPlay } from './taste/taste.ts';
import { describeTaste } from './taste/view.ts';
import { createItem, createTinySpace, drawItems } from './testing.ts';

const space = createTinySpace(['tempo', 'density']);
const styles = ['hymn', 'march'];
const map = createFeatureMap(space, styles);
const items = drawItems(space, 20, styles, createRng(1));
const itemOf = (id: string) => items.find((item) => item.id === id);
const infer = (taste: Taste) => inferPosterior(taste, map, itemOf, 0);
const freeze = (taste: Taste): Taste => {
  for (const list of [taste.ratings, taste.plays, taste.steers, taste.corrections]) {
    list.forEach((entry) => Object.freeze(entry));
    Object.freeze(list);
  }
  return Object.freeze(taste);
};
const said = freeze(rate(recordPlay(createTaste(), 'item-1', 0.9, 1), 'item-0', 5, 0));

describe('ratings', () => {
  const wrong: unknown[] = [
    0,
    6,
    -1,
    2.5,
    NaN,
    Infinity,
    '5',
    '',
    null,
    undefined,
    'toString',
    'constructor',
    {},
    [],
  ];

  it.each(wrong)('of %s are refused, and nothing is changed', (verdict) => {
    const before = JSON.stringify(said);
    expectRefused(() => rate(said, 'item-2', verdict as Verdict, 0), 'A rating is 1 to 5');
    const several = [4, verdict].map((each, i) => ({ itemId: `item-${i}`, verdict: each as Verdict, at: 0 }));
    expectRefused(() => rateAll(said, several), 'A rating is 1 to 5');
    const stored = { ...said, ratings: [{ itemId: 'item-2', verdict: verdict as Verdict, at: 0 }] };
    expectRefused(() => infer(stored), 'A rating is 1 to 5');
    expect(JSON.stringify(said)).toBe(before);
  });

  it('at no time, and plays of no share, are refused by the name of the track', () => {
    for (const at of [NaN, Infinity, -Infinity]) {
      expectRefused(() => rate(said, 'item-2', 3, at), 'item-2');
      expectRefused(() => recordPlay(said, 'item-2', 1, at), 'item-2');
      expectRefused(() => infer({ ...said, ratings: [{ itemId: 'item-2', verdict: 3, at }] }), 'item-2');
    }
    for (const share of [-0.1, 1.1, NaN])
      expectRefused(() => recordPlay(said, 'item-2', share, 0), 'share of a track');
  });

  it('of tracks that are unknown or deleted count nothing', () => {
    const gone = rateAll(
      said,
      ['deleted', '', '__proto__'].map((itemId) => ({ itemId, verdict: 1 as const, at: 0 })),
    );
    expect(infer(gone).mean).toEqual(infer(said).mean);
    expect(inferTastes(gone, map, itemOf, 0).whole.mean).toEqual(infer(said).mean);
  });

  it('that contradict each other: the last word counts, and stored twice they meet in the middle', () => {
    const changed = rate(rate(createTaste(), 'item-3', 1, 0), 'item-3', 5, 0);
    expect(infer(changed).mean).toEqual(infer(rate(createTaste(), 'item-3', 5, 0)).mean);
    const both = {
      ...createTaste(),
      ratings: ([1, 5] as const).map((verdict) => ({ itemId: 'item-3', verdict, at: 0 })),
    };
    expect(predict(infer(both), itemOf('item-3')!).mean).toBeCloseTo(0, 12);
  });

  it('a million at once are taken, and are what one by one gives', () => {
    const rng = createRng(5);
    const many = Array.from({ length: 1_000_000 }, (_, at) => ({
      itemId: `item-${rng.integer(20)}`,
      verdict: (1 + rng.integer(5)) as Verdict,
      at,
    }));
    const taste = rateAll(createTaste(), many);
    expect(taste.ratings).toHaveLength(20);
    const last = many.slice(-500); // holds a last word on every track
    expect(taste).toEqual(
      last.reduce((now, { itemId, verdict, at }) => rate(now, itemId, verdict, at), createTaste()),
    );
    expect(infer(taste).mean.every(Number.isFinite)).toBe(true);
  });
});

describe('little to go by', () => {
  const all = (taste: Taste, catalogue: typeof items) => {
    const of = (id: string) => catalogue.find((item) => item.id === id);
    const posterior = inferPosterior(taste, map, of, 0);
    const tastes = inferTastes(taste, map, of, 0);
    return {
      list: recommend(taste, posterior, catalogue, { take: 5, rng: createRng(1) }),
      across: recommendAcross(taste, tastes, catalogue, { take: 5, rng: createRng(1) }),
      asked: chooseToRate(taste, posterior, catalogue, 5),
      view: describeTaste(posterior, createRng(1)),
      reasons: catalogue.map((item) => explain(posterior, item)),
    };
  };

  it('serves a listener who said nothing', () => {
    const { list, across, asked, view, reasons } = all(createTaste(), items);
    expect(list).toHaveLength(5);
    expect(across).toHaveLength(5);
    expect(new Set(asked).size).toBe(5);
    for (const { mean } of list) expect(mean).toBe(0);
    expect(view.dimensions.every(({ preferred }) => Number.isFinite(preferred))).toBe(true);
    expect(reasons.flat()).toEqual([]);
  });

  it('serves a catalogue of one track, rated or not, and of none', () => {
    const [only] = items;
    expect(all(createTaste(), [only!])).toMatchObject({ list: [{ itemId: 'item-0' }], asked: ['item-0'] });
    expect(all(said, [only!])).toMatchObject({ list: [], across: [], asked: [] });
    expect(all(said, [])).toMatchObject({ list: [], across: [], asked: [], reasons: [] });
    expect(findSimilar(only!, [only!], 3)).toEqual([]);
    expectRefused(() => tasteConditioning(infer(said), [], createRng(1)), 'no music to start from');
  });

  it('reckons with features that are not known or not finite, and says nothing of them', () => {
    const blank = createItem(space, 'blank', [NaN, NaN]);
    const wild = createItem(space, 'wild', [Infinity, -Infinity]);
    const catalogue = [blank, wild, ...items];
    const taste = rate(rate(createTaste(), 'blank', 5, 0), 'wild', 1, 0);
    const posterior = inferPosterior(taste, map, (id) => catalogue.find((item) => item.id === id), 0);
    expect(posterior.mean.every(Number.isFinite)).toBe(true);
    expect(explain(posterior, blank).some(({ kind }) => kind === 'feature')).toBe(false);
    for (const { mean, deviation } of recommend(taste, posterior, catalogue, {
      take: 30,
      rng: createRng(1),
    })) {
      expect(Number.isFinite(mean) && Number.isFinite(deviation)).toBe(true);
    }
  });

  it('refuses to rank by a taste that is not finite', () => {
    const broken = { ...infer(said), mean: infer(said).mean.map(() => NaN) };
    for (const exploration of [0, 1])
      expectRefused(
        () => recommend(said, broken, items, { take: 3, rng: createRng(1), exploration }),
        'The expected liking of item item-1 is NaN',
      );
  });

  it('refuses an item of another style space by its name', () => {
    expectRefused(
      () => predict(infer(said), createItem(createTinySpace(['tempo']), 'stranger', [1])),
      'stranger',
    );
  });
});

describe('models', () => {
  it('are as they were after what was refused', () => {
    const model = itemNeighbours.fit(
      createInteractions([
        { listener: 'a', item: 'x', liking: 1 },
        { listener: 'a', item: 'y', liking: 1 },
      ]),
    );
    const before = model.save();
    expectRefused(() => model.foldIn([{ item: 'x', liking: 5 }]), 'x');
    expectRefused(() => model.foldIn([{ item: 'gone', liking: 1 }]), 'gone');
    expectRefused(() => createInteractions([]), 'at least one item');
    expect(model.save()).toEqual(before);
  });
});

function expectRefused(work: () => unknown, naming: string): void {
  let caught: unknown;
  try {
    work();
  } catch (error) {
    caught = error;
  }
  expect(isAttuneError(caught, 'argument/invalid')).toBe(true);
  expect((caught as Error).message).toContain(naming);
}
