import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { fitFactors } from '../collaborative/factors.ts';
import { createSimulatedListener } from '../simulation/listener.ts';
import { createFeatureMap, mapItem } from '../taste/features.ts';
import { effectsOfTracks, inferPosterior, predict } from '../taste/posterior.ts';
import type { Taste } from '../taste/taste.ts';
import { createTaste, rate, recordPlay, steer, undoRating } from '../taste/taste.ts';
import { explain } from '../ranking/reasons.ts';
import { createTinySpace, drawItems } from '../testing.ts';
import type { ReasonCheck } from './check-reasons.ts';
import { checkReasons } from './check-reasons.ts';

const space = createTinySpace(Array.from({ length: 10 }, (_, i) => `d${i}`));
const styles = ['hymn', 'march', 'folk'];
const items = drawItems(space, 150, styles, createRng(31));
const byId = new Map(items.map((item) => [item.id, item]));
const itemOf = (id: string) => byId.get(id);

/** Tastes of simulated listeners after so many noisy ratings. */
function rateBy(listener: number, ratings: number): Taste {
  const rng = createRng(4000 + listener);
  const hidden = createSimulatedListener(space, items, rng.fork('taste'), { dimensions: 4 });
  const noise = rng.fork('noise');
  return rng
    .shuffle([...items])
    .slice(0, ratings)
    .reduce((taste, item) => rate(taste, item.id, hidden.rate(item, noise), 0), createTaste());
}

/** The same with fifteen tracks played, some of them rated. */
function playBy(listener: number, taste: Taste): Taste {
  const rng = createRng(5000 + listener);
  return rng
    .shuffle([...items])
    .slice(0, 15)
    .reduce((said, { id }) => recordPlay(said, id, rng.uniform(), 0), taste);
}

describe('effectsOfTracks', () => {
  it('are what the expected liking loses where the rating is taken away and the taste fitted again', () => {
    const map = createFeatureMap(space, styles);
    const taste = rateBy(0, 25);
    const posterior = inferPosterior(taste, map, itemOf, 0);
    for (const item of items.slice(0, 20)) {
      const effects = effectsOfTracks(posterior, mapItem(map, item));
      expect(effects.size).toBe(25);
      for (const [id, { fall }] of effects) {
        const without = inferPosterior(undoRating(taste, id), map, itemOf, 0);
        expect(predict(posterior, item).mean - predict(without, item).mean).toBeCloseTo(fall, 10);
      }
    }
  });

  it('are exact where a rated track was played too, was rated twice, or counts for less', () => {
    const map = createFeatureMap(space, styles);
    const DAY = 86_400_000;
    let taste = rateBy(1, 20);
    taste.ratings.slice(0, 12).forEach(({ itemId }, i) => {
      taste = recordPlay(taste, itemId, 0.5 + i / 24, i * DAY);
    });
    for (const item of items.slice(0, 10)) taste = recordPlay(taste, item.id, 0.8, 5 * DAY);
    const [first, second, third] = taste.ratings;
    taste = steer(taste, { kind: 'track', name: first!.itemId, action: 'less' });
    taste = {
      ...taste,
      ratings: [...taste.ratings, { ...second!, verdict: 1 }, { ...third!, verdict: 'skip' }],
    };
    const now = 100 * DAY;
    const posterior = inferPosterior(taste, map, itemOf, now);
    const kinds = { rating: 0, play: 0 };
    for (const item of items.slice(20, 30)) {
      for (const [id, { source, fall }] of effectsOfTracks(posterior, mapItem(map, item))) {
        const without =
          source === 'rating'
            ? undoRating(taste, id)
            : { ...taste, plays: taste.plays.filter(({ itemId }) => itemId !== id) };
        const again = inferPosterior(without, map, itemOf, now);
        expect(predict(posterior, item).mean - predict(again, item).mean).toBeCloseTo(fall, 10);
        kinds[source]++;
      }
    }
    expect(kinds.rating).toBe(200);
    expect(kinds.play).toBeGreaterThan(40);
  });
});

describe('reasons', () => {
  it('say of a track that was only played that it was listened to', () => {
    const map = createFeatureMap(space, styles);
    const [a, b] = [items[0]!, items[1]!];
    const alike = { ...a, id: 'alike' };
    const played = recordPlay(createTaste(), a.id, 1, 0);
    const reasonOf = (taste: Taste) =>
      explain(inferPosterior(taste, map, itemOf, 0), alike).filter((reason) => 'itemId' in reason);
    expect(reasonOf(played)).toMatchObject([{ kind: 'played-track', itemId: a.id }]);
    expect(reasonOf(rate(played, a.id, 5, 0))).toMatchObject([{ kind: 'liked-track', itemId: a.id }]);
    expect(reasonOf(rate(played, b.id, 3, 0))).toMatchObject([{ kind: 'played-track', itemId: a.id }]);
  });

  it('are causal: what they name, taken away, costs the liking that they say and places in the ranking', () => {
    const listeners = Array.from({ length: 40 }, (_, l) => l);
    const likings = listeners.flatMap((l) =>
      rateBy(l, 40).ratings.map(({ itemId, verdict }) => ({
        listener: `l${l}`,
        item: itemId,
        liking: (Number(verdict) - 3) / 2,
        weight: 1,
      })),
    );
    const map = createFeatureMap(space, styles, fitFactors(likings, createRng(1)));
    const checks = listeners.flatMap((l) => checkReasons(playBy(l, rateBy(l, 15)), map, items, { take: 3 }));
    const share = (kind: ReasonCheck['kind'], holds: (check: ReasonCheck) => boolean): number => {
      const own = checks.filter((check) => check.kind === kind);
      expect(own.length).toBeGreaterThan(20);
      return own.filter(holds).length / own.length;
    };
    for (const { weight, fall } of checks) expect(fall).toBeCloseTo(weight, 9);
    for (const kind of ['feature', 'style', 'listeners'] as const) {
      expect(share(kind, ({ placesLost }) => placesLost >= 0)).toBe(1);
    }
    // Without a rating others fall as well, so an item can keep its place or even gain one.
    expect(share('liked-track', ({ placesLost }) => placesLost >= 0)).toBeGreaterThan(0.9);
    expect(share('liked-track', ({ placesLost }) => placesLost > 0)).toBeGreaterThan(0.5);
    expect(checks.some(({ kind }) => kind === 'played-track')).toBe(true);
  });
});
