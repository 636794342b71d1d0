import { createRng, isAttuneError } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { recommend } from '../ranking/recommend.ts';
import { recommendAcross } from '../ranking/recommend-across.ts';
import { createSimulatedListener } from '../simulation/listener.ts';
import { createTinySpace, drawItems } from '../testing.ts';
import { tasteConditioning } from './conditioning.ts';
import { facetOfKey, inferMood, inferTastes, nameFacet, SHARED_WEIGHT } from './facets.ts';
import { createFeatureMap } from './features.ts';
import { groupSittings } from './group-sittings.ts';
import type { Observation } from './posterior.ts';
import { inferPosterior, predict } from './posterior.ts';
import { sittingsOf } from './sittings.ts';
import type { Taste } from './taste.ts';
import { correct, createTaste, rate, steer, undoRating } from './taste.ts';

const HOUR = 3_600_000;
const tiny = createTinySpace(['tempo', 'density', 'mode', 'leaps', 'range', 'mood']);
const space = {
  ...tiny,
  dimensions: tiny.dimensions.map((d) => (d.name === 'tempo' ? { ...d, mean: 100, deviation: 20 } : d)),
};
const styles = ['hymn', 'march'];
const map = createFeatureMap(space, styles);
const items = drawItems(space, 200, styles, createRng(21));
const byId = new Map(items.map((item) => [item.id, item]));
const itemOf = (id: string) => byId.get(id);
const infer = (taste: Taste) => inferTastes(taste, map, itemOf, 100 * HOUR);

/** Sittings of six ratings; in even ones fast tracks are loved and slow ones hated, in odd ones as `odd` says. */
function rateInSittings(odd: -1 | 1, sittings = 6): Taste {
  let taste = createTaste();
  for (let i = 0; i < 6 * sittings; i++) {
    const s = Math.floor(i / 6);
    const wants = s % 2 === 0 ? 1 : odd;
    taste = rate(taste, items[i]!.id, items[i]!.vector.values[0]! * wants > 0 ? 5 : 1, 10 * s * HOUR + i);
  }
  return taste;
}

describe('sittings', () => {
  it('end where nothing is said for half an hour', () => {
    expect(sittingsOf([5 * HOUR, 0, HOUR / 2, HOUR / 2 + 1, HOUR * 1.1])).toEqual([[1, 2, 3], [4], [0]]);
    expect(sittingsOf([])).toEqual([]);
  });
});

describe('groupSittings', () => {
  const variances = Float64Array.of(1, 0.5);
  const mean = new Float64Array(2);
  const options = { most: 4, shared: 0.3, concentration: 1 };
  const say = (x: number, liking: number): Observation => ({
    source: 'rating',
    itemId: `${x}`,
    at: 0,
    features: Float64Array.of(1, x),
    liking,
    precision: 4,
  });

  /** ln p(likings, groups) written down from the definition: a normal density by elimination, and the restaurant process. */
  const scoreGroups = (sittings: readonly Observation[][], groups: readonly number[]): number => {
    const all = sittings.flatMap((sitting, s) => sitting.map((each) => ({ ...each, group: groups[s]! })));
    const rows = all.map((a, i) => [
      ...all.map((b, j) => {
        const shared = a.group === b.group ? 1 : options.shared;
        const product = a.features.reduce((sum, x, k) => sum + x * b.features[k]! * variances[k]!, 0);
        return shared * product + (i === j ? 1 / a.precision : 0);
      }),
      a.liking,
    ]);
    let score = 0;
    rows.forEach((row, i) => {
      score -= 0.5 * (Math.log(2 * Math.PI * row[i]!) + row.at(-1)! ** 2 / row[i]!);
      for (const other of rows.slice(i + 1)) {
        const factor = other[i]! / row[i]!;
        row.forEach((value, k) => (other[k]! -= factor * value));
      }
    });
    groups.forEach((group, s) => {
      const before = groups.slice(0, s).filter((each) => each === group).length;
      score += Math.log((before || options.concentration) / (options.concentration + s));
    });
    return score;
  };

  it('scores by the closed form of two correlated normals and the restaurant process', () => {
    const sittings = [[say(1, 0.5)], [say(2, -0.25)]];
    const scoreBy = (factor: number): number => {
      const [a, b, c] = [1.5 + 0.25, factor * 2, 3 + 0.25]; // 1 + 0.5 · x x′, noise 1/4
      const determinant = a * c - b * b;
      const square = (c * 0.25 - 2 * b * 0.5 * -0.25 + a * 0.0625) / determinant;
      return -0.5 * square - 0.5 * Math.log(determinant) - Math.log(2 * Math.PI) + Math.log(0.5);
    };
    expect(scoreGroups(sittings, [0, 0])).toBeCloseTo(scoreBy(1), 12);
    expect(scoreGroups(sittings, [0, 1])).toBeCloseTo(scoreBy(0.3), 12);
    const found = groupSittings(sittings, variances, mean, options);
    expect(found.score).toBeCloseTo(Math.max(scoreBy(1), scoreBy(0.3)), 12);
  });

  it('spreads the whole probability over the groupings of sittings that say nothing', () => {
    const silent = [[], [], [], []];
    const total = partitions(4).reduce((sum, groups) => sum + Math.exp(scoreGroups(silent, groups)), 0);
    expect(partitions(4)).toHaveLength(15);
    expect(total).toBeCloseTo(1, 12);
  });

  it('finds the best of all groupings where they can be counted', () => {
    const rng = createRng(4);
    for (let world = 0; world < 12; world++) {
      const slopes = [rng.normal() * 1.5, rng.normal() * 1.5];
      const sittings = Array.from({ length: 5 }, (_, s) =>
        Array.from({ length: 5 }, () => {
          const x = rng.normal();
          return say(x, slopes[s % 2]! * x + 0.3 * rng.normal());
        }),
      );
      const found = groupSittings(sittings, variances, mean, options);
      const scores = partitions(5)
        .filter((groups) => Math.max(...groups) < options.most)
        .map((groups) => scoreGroups(sittings, groups));
      expect(found.score).toBeCloseTo(Math.max(...scores), 9);
      expect(found.last.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(found.last[found.groups.at(-1)!]).toBe(Math.max(...found.last));
    }
  });
});

describe('inferTastes', () => {
  const two = rateInSittings(-1);

  it('finds two moods that want the opposite, and says what sets them apart', () => {
    const { facets, current, gain } = infer(two);
    expect(facets).toHaveLength(2);
    expect(gain).toBeGreaterThan(3);
    expect(facets.map(({ sittings }) => sittings)).toEqual([3, 3]);
    expect(facets.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    const leading = facets.map(({ traits }) => traits[0]);
    expect(leading.map((trait) => trait?.name)).toEqual(['tempo', 'tempo']);
    expect(new Set(facets.map(nameFacet)).size).toBe(2);
    const slow = facets.findIndex(({ traits }) =>
      traits.some((trait) => trait.name === 'tempo' && trait.kind === 'feature' && trait.direction === 'low'),
    );
    expect(nameFacet(facets[slow]!)).toMatch(/^low tempo/);
    expect(facets[slow]!.itemIds).toHaveLength(18);
    expect(current).toBe(slow); // the last sitting was an odd one
    expect(facets[slow]!.now).toBeGreaterThan(0.9);
  });

  it('keeps to one taste where one explains all, or only one is allowed', () => {
    const one = infer(rateInSittings(1));
    expect(one.facets).toHaveLength(1);
    expect(one.gain).toBe(0);
    expect(one.facets[0]!.posterior).toBe(one.whole);
    expect(one.whole.mean).toEqual(inferPosterior(rateInSittings(1), map, itemOf, 100 * HOUR).mean);
    expect(inferTastes(two, map, itemOf, 100 * HOUR, { most: 1 }).facets).toHaveLength(1);
    const silent = infer(createTaste());
    expect(silent.facets).toHaveLength(1);
    expect(silent.facets[0]).toMatchObject({
      key: '',
      share: 1,
      now: 1,
      sittings: 0,
      itemIds: [],
      traits: [],
    });
    expect(nameFacet(silent.facets[0]!)).toBe('');
  });

  it('gives each facet the posterior of its own ratings, the others at a tenth', () => {
    const { facets } = infer(two);
    const [own, other] = facets as [(typeof facets)[0], (typeof facets)[0]];
    const weights = own.posterior.observations.map(({ itemId, precision }) => [itemId, precision] as const);
    const full = Math.max(...weights.map(([, precision]) => precision));
    for (const [itemId, precision] of weights) {
      const share = own.itemIds.includes(itemId!) ? 1 : SHARED_WEIGHT;
      expect(precision / full).toBeGreaterThan(0.99 * share);
      expect(precision / full).toBeLessThanOrEqual(share);
    }
    expect(weights).toHaveLength(own.itemIds.length + other.itemIds.length);
  });

  it('keeps a key for each mood while their places change', () => {
    const before = infer(two);
    const [first, second] = before.facets;
    expect(new Set(before.facets.map(({ key }) => key)).size).toBe(2);
    // Two more sittings in the mood that came second make it the larger one.
    const fast = second!.traits.some((trait) => trait.kind === 'feature' && trait.direction === 'high');
    let more = two;
    for (let i = 40; i < 56; i++) {
      const liked = items[i]!.vector.values[0]! > 0 === fast;
      more = rate(more, items[i]!.id, liked ? 5 : 1, 10 * (i < 48 ? 7 : 8) * HOUR + i);
    }
    const after = infer(more);
    expect(after.facets.map(({ key }) => key)).toEqual([second!.key, first!.key]);
    expect(facetOfKey(after, second!.key)).toBe(after.facets[0]);
    expect(facetOfKey(after, 'nowhere')).toBeUndefined();
    // Without its first rating a mood is still found by the key that it had.
    const undone = infer(undoRating(more, first!.itemIds[1]!));
    expect(facetOfKey(undone, first!.key)).toBe(undone.facets[1]);
  });

  it('finds the posterior of a mood again from its tracks alone', () => {
    const taste = correct(rateInSittings(-1), 'mood', 0.5);
    for (const { posterior, itemIds } of infer(taste).facets) {
      const again = inferMood(taste, map, itemOf, 100 * HOUR, itemIds);
      again.mean.forEach((weight, i) => expect(weight).toBeCloseTo(posterior.mean[i]!, 9));
      for (const item of items.slice(0, 5))
        expect(predict(again, item).deviation).toBeCloseTo(predict(posterior, item).deviation, 9);
    }
  });

  it('is the same whatever the order of ratings, and after an undo as if it had never been', () => {
    const reversed = { ...two, ratings: [...two.ratings].reverse() };
    const means = (taste: Taste) => infer(taste).facets.map(({ posterior }) => [...posterior.mean]);
    expect(means(reversed)).toEqual(means(two));
    const more = rate(two, items[99]!.id, 1, 3);
    expect(means(undoRating(more, items[99]!.id))).toEqual(means(two));
    expect(means(more)).not.toEqual(means(two));
  });

  it('hears chips and corrections in every mood, and takes many sittings', () => {
    const said = correct(steer(two, { kind: 'style', name: 'march', action: 'more' }), 'density', 1);
    for (const { posterior } of infer(said).facets)
      expect(posterior.priorMean.some((value) => value > 0)).toBe(true);
    const long = rateInSittings(-1, 23); // 138 ratings: more than are grouped
    const { facets } = infer(long);
    expect(facets.reduce((sum, { sittings }) => sum + sittings, 0)).toBe(23);
    expect(facets).toHaveLength(2);
    expect(Math.abs(facets[0]!.sittings - facets[1]!.sittings)).toBe(1);
  });

  it('refuses options out of range', () => {
    for (const options of [{ most: 0 }, { most: 1.5 }, { sittingGapMs: NaN }, { sittingGapMs: -1 }]) {
      let caught: unknown;
      try {
        inferTastes(two, map, itemOf, 0, options);
      } catch (error) {
        caught = error;
      }
      expect(isAttuneError(caught, 'argument/invalid')).toBe(true);
    }
  });

  it('asks a composer for each mood apart', () => {
    const anchors = items
      .slice(100)
      .map((item) => ({ item, conditioning: { tempo: 100 + 20 * item.vector.values[0]! } }));
    const tempos = infer(two).facets.map(({ posterior }) =>
      Array.from({ length: 20 }, (_, i) => tasteConditioning(posterior, anchors, createRng(i)).tempo!),
    );
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(Math.abs(mean(tempos[0]!) - mean(tempos[1]!))).toBeGreaterThan(20); // more than a deviation of the anchors
  });
});

describe('recommendAcross', () => {
  const taste = rateInSittings(-1);

  it('serves every mood in one list, each by its own taste, and nothing twice', () => {
    const tastes = infer(taste);
    const list = recommendAcross(taste, tastes, items, { take: 10, rng: createRng(1), exploration: 0 });
    expect(new Set(list.map(({ itemId }) => itemId)).size).toBe(10);
    for (const f of [0, 1]) {
      const own = list.filter(({ facet }) => facet === f);
      expect(own).toHaveLength(5);
      const fast =
        tastes.facets[f]!.traits[0]!.kind === 'feature' && tastes.facets[f]!.traits[0]?.direction === 'high';
      for (const { itemId } of own) expect(byId.get(itemId)!.vector.values[0]! > 0).toBe(fast);
    }
  });

  it('is plain ranking where there is one taste, and ends with the catalogue', () => {
    const single = rateInSittings(1);
    const tastes = infer(single);
    const options = () => ({ take: 8, rng: createRng(3) });
    const list = recommendAcross(single, tastes, items, options());
    expect(list.map(({ itemId }) => itemId)).toEqual(
      recommend(single, tastes.whole, items, options()).map(({ itemId }) => itemId),
    );
    expect(
      recommendAcross(taste, infer(taste), items.slice(0, 40), { take: 100, rng: createRng(1) }),
    ).toHaveLength(4);
  });
});

describe('simulated listeners with several moods', () => {
  it('are served better by the facet of their mood than by one average', () => {
    const lifts = Array.from({ length: 16 }, (_, l) => {
      const rng = createRng(500 + l);
      const listener = createSimulatedListener(space, items, rng.fork('taste'), { moods: 2, dimensions: 3 });
      const noise = rng.fork('noise');
      let taste = createTaste();
      for (let i = 0; i < 60; i++) {
        const s = Math.floor(i / 6);
        taste = rate(taste, items[i]!.id, listener.rate(items[i]!, noise, s % 2), 10 * s * HOUR + i);
      }
      const tastes = infer(taste); // the last sitting was in mood 1
      const gain = (posterior: typeof tastes.whole): number => {
        const ranked = [...items.slice(60)].sort(
          (a, b) => predict(posterior, b).mean - predict(posterior, a).mean,
        );
        return ranked.slice(0, 10).reduce((sum, item) => sum + listener.preference(item, 1), 0) / 10;
      };
      return gain(tastes.facets[tastes.current]!.posterior) - gain(tastes.whole);
    });
    expect(lifts.reduce((a, b) => a + b, 0) / lifts.length).toBeGreaterThan(0.2); // deviations of liking
  });
});

/** All set partitions of n, as group numbers by first appearance. */
function partitions(n: number): number[][] {
  let all: number[][] = [[]];
  for (let s = 0; s < n; s++) {
    all = all.flatMap((groups) =>
      Array.from({ length: Math.max(-1, ...groups) + 2 }, (_, g) => [...groups, g]),
    );
  }
  return all;
}
