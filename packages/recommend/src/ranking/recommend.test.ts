import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createSimulatedListener } from '../simulation/listener.ts';
import { createFeatureMap } from '../taste/features.ts';
import { inferPosterior, predict } from '../taste/posterior.ts';
import { createTaste, rate, steer, undoRating } from '../taste/taste.ts';
import { createItem, createTinySpace, drawItems } from '../testing.ts';
import { explain } from './reasons.ts';
import { chooseToRate, recommend } from './recommend.ts';
import { findSimilar, similarity } from './similar.ts';

const names = Array.from({ length: 12 }, (_, i) => `d${i}`);
const space = createTinySpace(names);
const styles = ['hymn', 'march', 'folk', 'game'];
const map = createFeatureMap(space, styles);
const items = drawItems(space, 300, styles, createRng(11));
const byId = new Map(items.map((item) => [item.id, item]));
const itemOf = (id: string) => byId.get(id);
const infer = (taste: ReturnType<typeof createTaste>) => inferPosterior(taste, map, itemOf, 0);

describe('recommend', () => {
  const taste = items
    .slice(0, 30)
    .reduce((t, item) => rate(t, item.id, item.vector.values[0]! > 0 ? 5 : 1, 0), createTaste());

  it('ranks unrated items by what was liked, and never a rated one', () => {
    const list = recommend(taste, infer(taste), items, {
      take: 10,
      rng: createRng(1),
      exploration: 0,
      diversity: 0,
    });
    expect(list.length).toBe(10);
    for (const { itemId } of list) {
      expect(byId.get(itemId)!.vector.values[0]!).toBeGreaterThan(0);
      expect(items.slice(0, 30).some((item) => item.id === itemId)).toBe(false);
    }
    const means = list.map((entry) => entry.mean);
    expect(means).toEqual([...means].sort((a, b) => b - a));
  });

  it('gives the stated share of places to exploration', () => {
    const list = recommend(taste, infer(taste), items, { take: 20, rng: createRng(1), exploration: 0.2 });
    expect(list.filter((entry) => entry.explored).length).toBe(4);
    expect(new Set(list.map((entry) => entry.itemId)).size).toBe(20);
  });

  it('leaves out what was ruled out, and everything when asked for nothing', () => {
    const ruled = steer(taste, { kind: 'style', name: 'hymn', action: 'never' });
    const list = recommend(ruled, infer(ruled), items, { take: 300, rng: createRng(1) });
    expect(list.some(({ itemId }) => byId.get(itemId)!.style === 'hymn')).toBe(false);
    expect(recommend(taste, infer(taste), items, { take: 0, rng: createRng(1) })).toEqual([]);
    expect(recommend(taste, infer(taste), [], { take: 5, rng: createRng(1) })).toEqual([]);
  });

  it('is the same for the same seed', () => {
    const once = (): unknown => recommend(taste, infer(taste), items, { take: 10, rng: createRng(9) });
    expect(once()).toEqual(once());
  });
});

describe('explain', () => {
  it('is causal: without the named track, the expected liking falls', () => {
    const taste = items.slice(0, 8).reduce((t, item, i) => rate(t, item.id, i < 4 ? 5 : 2, 0), createTaste());
    const posterior = infer(taste);
    let checked = 0;
    for (const item of items.slice(50, 120)) {
      const reason = explain(posterior, item).find((candidate) => candidate.kind === 'liked-track');
      if (reason?.kind !== 'liked-track') continue;
      const without = predict(infer(undoRating(taste, reason.itemId)), item).mean;
      if (reason.weight < 0.1) continue;
      expect(without).toBeLessThan(predict(posterior, item).mean);
      checked++;
    }
    expect(checked).toBeGreaterThan(5);
  });

  it('names the dimension that carries the liking', () => {
    const pool = Array.from({ length: 40 }, (_, i) => {
      const rng = createRng(100 + i);
      return createItem(
        space,
        `p${i}`,
        names.map((_, j) => (j === 0 ? (i % 2 ? 1.5 : -1.5) : rng.normal() * 0.3)),
      );
    });
    const taste = pool.reduce((t, item, i) => rate(t, item.id, i % 2 ? 5 : 1, 0), createTaste());
    const posterior = inferPosterior(taste, map, (id) => pool.find((item) => item.id === id), 0);
    const fresh = createItem(
      space,
      'fresh',
      names.map((_, j) => (j === 0 ? 1.5 : 0)),
    );
    const first = explain(posterior, fresh).find((reason) => reason.kind === 'feature');
    expect(first).toMatchObject({ feature: 'd0', direction: 'high' });
  });

  it('has no reason before anything was said', () => {
    expect(explain(infer(createTaste()), items[0]!)).toEqual([]);
  });
});

describe('chooseToRate', () => {
  it('spans the catalogue and skips what was rated', () => {
    const first = chooseToRate(createTaste(), infer(createTaste()), items, 10);
    expect(new Set(first).size).toBe(10);
    const taste = rate(createTaste(), first[0]!, 3, 0);
    expect(chooseToRate(taste, infer(taste), items, 300)).not.toContain(first[0]);
  });

  it('teaches most by the closed form of one weight, and counts each pick as rated', () => {
    // With one dimension known apart from nothing else, a track far out teaches most; its double then teaches less.
    const line = createTinySpace(['tempo']);
    const small = createFeatureMap(line, []);
    const spread = [0.2, 2, 1.9, -1].map((z, i) => createItem(line, `z${i}`, [z]));
    const posterior = inferPosterior(createTaste(), small, (id) => spread.find((item) => item.id === id), 0);
    const chosen = chooseToRate(createTaste(), posterior, spread, 4);
    // By hand: φ = (1, z, (z² − 1)/√2), prior variances (0.25, 0.5, 0.15), noise 0.45².
    const phi = spread.map(({ vector: { values } }) => [1, values[0]!, (values[0]! ** 2 - 1) / Math.SQRT2]);
    let covariance = phi.map((a) =>
      phi.map((b) => 0.25 * a[0]! * b[0]! + 0.5 * a[1]! * b[1]! + 0.15 * a[2]! * b[2]!),
    );
    const expected: string[] = [];
    for (let pick = 0; pick < 4; pick++) {
      const scores = covariance.map((row, i) =>
        expected.includes(`z${i}`) ? -1 : row.reduce((sum, c) => sum + c * c, 0) / (row[i]! + 0.45 ** 2),
      );
      const x = scores.indexOf(Math.max(...scores));
      expected.push(`z${x}`);
      const at = covariance[x]!;
      covariance = covariance.map((row) => row.map((c, j) => c - (row[x]! * at[j]!) / (at[x]! + 0.45 ** 2)));
    }
    expect(chosen).toEqual(expected);
  });
});

describe('similar', () => {
  it('is 1 for the same music in the same style, and follows the closed form', () => {
    const a = createItem(
      space,
      'a',
      names.map(() => 0),
      'hymn',
    );
    const b = createItem(
      space,
      'b',
      names.map(() => 1),
      'march',
    );
    expect(similarity(a, { ...a, id: 'c' })).toBeCloseTo(1, 12);
    expect(similarity(a, b)).toBeCloseTo(0.8 * Math.exp(-0.5), 12);
    expect(
      similarity(
        a,
        createItem(
          space,
          'u',
          names.map(() => NaN),
        ),
      ),
    ).toBe(0);
    expect(findSimilar(a, [a, b, { ...a, id: 'c' }], 5).map((entry) => entry.itemId)).toEqual(['c', 'b']);
  });
});

describe('a simulated listener', () => {
  it('is lifted: after 20 ratings the first ten recommendations are liked far above the average', () => {
    const lifts = Array.from({ length: 12 }, (_, k) => {
      const rng = createRng(1000 + k);
      const listener = createSimulatedListener(space, items, rng.fork('taste'));
      const noise = rng.fork('noise');
      let taste = createTaste();
      for (let step = 0; step < 4; step++) {
        for (const id of chooseToRate(taste, infer(taste), items, 5)) {
          taste = rate(taste, id, listener.rate(byId.get(id)!, noise), 0);
        }
      }
      const top = recommend(taste, infer(taste), items, { take: 10, rng, exploration: 0 });
      return top.reduce((sum, { itemId }) => sum + listener.preference(byId.get(itemId)!), 0) / 10;
    });
    // Preferences have mean 0 and deviation 1 over the catalogue; a random ten has a deviation of 0.32.
    expect(lifts.reduce((a, b) => a + b, 0) / lifts.length).toBeGreaterThan(0.6);
  });
});
