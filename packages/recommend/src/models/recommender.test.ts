import { createRng, isAttuneError, type Progress } from '@attune/core';
import { describe, expect, it } from 'vitest';
import {
  createInteractions,
  historyOf,
  withoutListener,
  type Interaction,
  type ItemLiking,
} from './interactions.ts';
import { loadRecommender, RECOMMENDER_FAMILIES } from './load-recommender.ts';
import type { RecommenderFamily } from './recommender.ts';

const ITEMS = Array.from({ length: 12 }, (_, i) => `item-${i}`);

/** Two crowds: even listeners like even items, odd ones odd items, each all but one of them. */
const CHECKERBOARD: Interaction[] = Array.from({ length: 20 }, (_, l) =>
  ITEMS.filter((_, i) => i % 2 === l % 2 && i !== (l * 5) % 12).map((item) => ({
    listener: `l${l}`,
    item,
    liking: 1,
  })),
).flat();

/** Each family on a world so small, with content that says nothing but whether an item is even. */
const OPTIONS: Readonly<Record<string, object>> = {
  'item-neighbours': { shrinkage: 0.5 },
  'co-liking': { prior: 0.5 },
  ease: { regularisation: 1, dropout: 0.2 },
  'listener-kernel': { regularisation: 0.5 },
  'implicit-als': { rank: 2, regularisation: 0.1 },
  'bayesian-ranking': { rank: 4, epochs: 60 },
  'spectral-filter': { rank: 2 },
  'content-factors': {
    rank: 2,
    regularisation: 0.1,
    content: new Map(ITEMS.map((item, i) => [item, [i % 2, 3, (i * 7) % 5]])),
  },
  'private-autoencoder': { epsilon: 1000, delta: 0.01, regularisation: 0.5 },
  hybrid: {
    members: [
      { kind: 'item-neighbours', weight: 1 },
      { kind: 'implicit-als', weight: 0.5, options: { rank: 2, regularisation: 0.1 } },
      { kind: 'co-liking', weight: 0.5, fade: 1, options: { prior: 0.5 } },
      { kind: 'ease', weight: 0.5, options: { regularisation: 1, dropout: 0 } },
    ],
  },
};
/** The same for everyone, by its nature. */
const IMPERSONAL = ['popularity'];

const SET = createInteractions(CHECKERBOARD, ITEMS);
const fit = (family: RecommenderFamily, set = SET, options = {}) =>
  family.fit(set, { noise: createRng(1), ...OPTIONS[family.kind], ...options } as object);
const liked = (...items: number[]): ItemLiking[] => items.map((i) => ({ item: `item-${i}`, liking: 1 }));

describe.each(RECOMMENDER_FAMILIES)('$kind', (family) => {
  const model = fit(family);
  const personal = !IMPERSONAL.includes(family.kind);

  it('knows the two sides of a checkerboard', () => {
    for (const side of [0, 1]) {
      const top = model
        .recommend(model.foldIn(liked(side, side + 4)), { take: 4 })
        .map(({ item }) => Number(item.slice(5)));
      expect(top).toHaveLength(4);
      if (personal) for (const item of top) expect(item % 2).toBe(side);
    }
  });

  it('finds what is alike', () => {
    const alike = model.similar('item-3', 5).map(({ item }) => Number(item.slice(5)));
    expect(alike).toHaveLength(5);
    expect(alike).not.toContain(3);
    if (personal) for (const item of alike) expect(item % 2).toBe(1);
  });

  it('scores every item, ranks by score and never repeats what was heard or excluded', () => {
    const profile = model.foldIn([...liked(0, 4), { item: 'item-2', liking: -1 }]);
    const scores = model.score(profile);
    expect(scores).toHaveLength(12);
    expect(scores.every(Number.isFinite)).toBe(true);
    const all = model.recommend(profile, { take: 100, exclude: ['item-6'] });
    expect(all.map(({ item }) => item).sort()).toEqual(
      ITEMS.filter((item) => !/-(0|2|4|6)$/.test(item)).sort(),
    );
    for (const { item, score } of all) expect(score).toBe(scores[ITEMS.indexOf(item)]);
    all.slice(1).forEach(({ score }, i) => expect(score).toBeLessThanOrEqual(all[i]!.score));
    expect(model.recommend(profile, { take: 100, heardToo: true })).toHaveLength(12);
  });

  it('explains a score by parts that sum to it', () => {
    const profile = model.foldIn([{ item: 'item-0', liking: 0.5 }, ...liked(4, 3)]);
    const scores = model.score(profile);
    for (const [i, item] of ITEMS.entries()) {
      const { score, base, parts } = model.explain(profile, item);
      expect(parts.map((part) => part.item).sort()).toEqual(['item-0', 'item-3', 'item-4']);
      expect(parts.reduce((sum, part) => sum + part.score, base)).toBeCloseTo(score, 9);
      expect(Math.abs(score - scores[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(score)));
    }
    if (personal) expect(model.explain(profile, 'item-8').parts.at(-1)!.item).toBe('item-3');
  });

  it('gives a listener without likes what most like', () => {
    const counts = ITEMS.map((item) => CHECKERBOARD.filter((each) => each.item === item).length);
    for (const history of [[], [{ item: 'item-2', liking: -1 }]]) {
      const profile = model.foldIn(history);
      const best = model.recommend(profile, { take: 1 })[0]!;
      if (family.kind !== 'private-autoencoder')
        expect(best.score).toBe(Math.max(...counts.filter((_, i) => i !== 2)));
      expect(model.explain(profile, 'item-1')).toMatchObject({ parts: [] });
    }
  });

  it('comes back from its files with the same scores', () => {
    const files = model.save();
    const back = loadRecommender(files);
    expect(back.kind).toBe(family.kind);
    const history = liked(1, 3, 4);
    expect([...back.score(back.foldIn(history))]).toEqual([...model.score(model.foldIn(history))]);
    expect(back.similar('item-7')).toEqual(model.similar('item-7'));
    expect(Object.keys(back.save())).toEqual(Object.keys(files));
  });

  it('refuses files of another version, another kind, or with a tensor of another size', () => {
    const files = model.save();
    const config = new TextDecoder().decode(files['config.json']);
    const changed = (from: string, to: string) => ({
      ...files,
      'config.json': new TextEncoder().encode(config.replace(from, to)),
    });
    expect(codeOf(() => loadRecommender(changed('"formatVersion": 1', '"formatVersion": 2')))).toBe(
      'checkpoint/mismatch',
    );
    expect(codeOf(() => loadRecommender(changed('"kind": "recommender/', '"kind": "')))).toBe(
      'checkpoint/mismatch',
    );
    expect(codeOf(() => loadRecommender(changed('"item-11"', '"item-11", "item-12"')))).toBe(
      'checkpoint/mismatch',
    );
    expect(codeOf(() => loadRecommender({ 'config.json': files['config.json']! }))).toBe(
      'checkpoint/malformed',
    );
  });

  it('is the same for the same set in any order, and without a listener as if they had never been', () => {
    const again = fit(family, createInteractions([...CHECKERBOARD].reverse(), ITEMS));
    const without = fit(family, withoutListener(SET, 'l3'));
    const never = fit(
      family,
      createInteractions(
        CHECKERBOARD.filter(({ listener }) => listener !== 'l3'),
        ITEMS,
      ),
    );
    const scores = (of: typeof again) => [...of.score(of.foldIn(liked(1, 5)))];
    expect(scores(again)).toEqual(scores(model));
    expect(scores(without)).toEqual(scores(never));
    expect(without.save()).toEqual(never.save());
  });

  it('holds in worlds of one listener, one item, and one item that nobody likes', () => {
    const lone = createInteractions([{ listener: 'me', item: 'only', liking: 1 }]);
    const content = { content: new Map([['only', [1]]]) };
    const small = fit(family, lone, content);
    expect(small.recommend(small.foldIn([]), { take: 3 }).map(({ item }) => item)).toEqual(['only']);
    expect(small.recommend(small.foldIn(historyOf(lone, 'me')))).toEqual([]);
    expect(small.score(small.foldIn(historyOf(lone, 'me'))).every(Number.isFinite)).toBe(true);
    expect(small.similar('only')).toEqual([]);
    const unheard = fit(family, createInteractions(CHECKERBOARD.slice(0, 1), ITEMS));
    expect(unheard.score(unheard.foldIn(liked(9))).every(Number.isFinite)).toBe(true);
  });

  it('refuses unknown items and likings out of range, and stops when told to', () => {
    expect(codeOf(() => model.foldIn([{ item: 'nothing', liking: 1 }]))).toBe('argument/invalid');
    expect(codeOf(() => model.foldIn([{ item: 'item-1', liking: NaN }]))).toBe('argument/invalid');
    expect(codeOf(() => model.foldIn([{ item: 'item-1', liking: 1.01 }]))).toBe('argument/invalid');
    expect(codeOf(() => model.similar('nothing'))).toBe('argument/invalid');
    expect(codeOf(() => model.explain(model.foldIn(liked(1)), 'nothing'))).toBe('argument/invalid');
    expect(codeOf(() => model.recommend(model.foldIn(liked(1)), { take: 0 }))).toBe('argument/invalid');
    if (!personal) return;
    const told: Progress[] = [];
    fit(family, SET, { onProgress: (progress: Progress) => told.push(progress) });
    expect(told.length).toBeGreaterThan(0);
    for (const { done, total } of told) expect(done).toBeLessThanOrEqual(total);
    expect(codeOf(() => fit(family, SET, { signal: AbortSignal.abort() }))).toBe('cancelled');
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isAttuneError(error)) return error.code;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
