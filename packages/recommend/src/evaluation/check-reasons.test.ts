import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { fitFactors } from '../collaborative/factors.ts';
import { createSimulatedListener } from '../simulation/listener.ts';
import { createFeatureMap, mapItem } from '../taste/features.ts';
import { effectsOfRatings, inferPosterior, predict } from '../taste/posterior.ts';
import type { Taste } from '../taste/taste.ts';
import { createTaste, rate, undoRating } from '../taste/taste.ts';
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

describe('effectsOfRatings', () => {
  it('is what the expected liking loses where the rating is taken away and the taste fitted again', () => {
    const map = createFeatureMap(space, styles);
    const taste = rateBy(0, 25);
    const posterior = inferPosterior(taste, map, itemOf, 0);
    for (const item of items.slice(0, 20)) {
      const effects = effectsOfRatings(posterior, mapItem(map, item));
      expect(effects.size).toBe(25);
      for (const [id, effect] of effects) {
        const without = inferPosterior(undoRating(taste, id), map, itemOf, 0);
        expect(predict(posterior, item).mean - predict(without, item).mean).toBeCloseTo(effect, 10);
      }
    }
  });
});

describe('reasons', () => {
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
    const checks = listeners.flatMap((l) => checkReasons(rateBy(l, 15), map, items, { take: 3 }));
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
  });
});
