import { createRng, isAttuneError } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { factorise, solve } from '../algebra/cholesky.ts';
import { createItem, createTinySpace, drawItems } from '../testing.ts';
import { evidenceOfVerdict } from './events.ts';
import { createFeatureMap, mapItem, priorVariances } from './features.ts';
import { inferPosterior, predict, RATING_NOISE, sampleWeights } from './posterior.ts';
import { correct, createTaste, rate, recordPlay, steer, undoRating, undoSteer } from './taste.ts';
import type { Verdict } from './events.ts';

const space = createTinySpace(['tempo', 'density', 'mode']);
const styles = ['hymn', 'march'];
const map = createFeatureMap(space, styles);
const items = drawItems(space, 40, styles, createRng(3));
const byId = new Map(items.map((item) => [item.id, item]));
const itemOf = (id: string) => byId.get(id);
const verdicts: Verdict[] = [5, 1, 4, 'skip', 'not-for-me', 'more-like-this', 2, 3];
const rated = items
  .slice(0, verdicts.length)
  .reduce((t, item, i) => rate(t, item.id, verdicts[i]!, 0), createTaste());

describe('inferPosterior', () => {
  it('knows nothing before the first rating', () => {
    const { mean, deviation } = predict(inferPosterior(createTaste(), map, itemOf, 0), items[0]!);
    const features = mapItem(map, items[0]!);
    const prior = priorVariances(map).reduce((sum, variance, i) => sum + variance * features[i]! ** 2, 0);
    expect(mean).toBe(0);
    expect(deviation).toBeCloseTo(Math.sqrt(prior), 10);
  });

  it('agrees with the same model written as a Gaussian process', () => {
    // The dual form: mean = k(x, X)(K + N)⁻¹ y, variance = k(x, x) − k(x, X)(K + N)⁻¹ k(X, x).
    const variances = priorVariances(map);
    const seen = items.slice(0, verdicts.length).map((item) => mapItem(map, item));
    const kernel = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, i) => sum + value * b[i]! * variances[i]!, 0);
    const n = seen.length;
    const matrix = new Float64Array(n * n);
    seen.forEach((a, i) => seen.forEach((b, j) => (matrix[i * n + j] = kernel(a, b))));
    verdicts.forEach(
      (verdict, i) => (matrix[i * n + i]! += RATING_NOISE ** 2 / evidenceOfVerdict(verdict).weight),
    );
    const factor = factorise(matrix, n);
    const posterior = inferPosterior(rated, map, itemOf, 0);
    for (const item of items.slice(10)) {
      const x = mapItem(map, item);
      const k = seen.map((other) => kernel(x, other));
      const alpha = solve(factor, k);
      const mean = verdicts.reduce(
        (sum, verdict, i) => sum + alpha[i]! * evidenceOfVerdict(verdict).liking,
        0,
      );
      const variance = kernel(x, x) - k.reduce((sum, value, i) => sum + value * alpha[i]!, 0);
      const predicted = predict(posterior, item);
      expect(predicted.mean).toBeCloseTo(mean, 9);
      expect(predicted.deviation).toBeCloseTo(Math.sqrt(variance), 9);
    }
  });

  it('is after an undo as if the rating had never been', () => {
    const more = rate(rated, items[20]!.id, 1, 0);
    const undone = undoRating(more, items[20]!.id);
    expect(predict(inferPosterior(more, map, itemOf, 0), items[30]!).mean).not.toBe(
      predict(inferPosterior(rated, map, itemOf, 0), items[30]!).mean,
    );
    expect(inferPosterior(undone, map, itemOf, 0).mean).toEqual(inferPosterior(rated, map, itemOf, 0).mean);
  });

  it('becomes surer with every rating', () => {
    let taste = createTaste();
    let before = Infinity;
    for (const item of items.slice(0, 15)) {
      taste = rate(taste, item.id, 4, 0);
      const { deviation } = predict(inferPosterior(taste, map, itemOf, 0), items[39]!);
      expect(deviation).toBeLessThan(before);
      before = deviation;
    }
  });

  it('gives an old rating half its weight after a year', () => {
    const year = 365 * 86_400_000;
    const old = rate(createTaste(), items[0]!.id, 5, 0);
    const contributionAt = (now: number): number =>
      inferPosterior(old, map, itemOf, now).observations[0]!.precision;
    expect(contributionAt(year) / contributionAt(0)).toBeCloseTo(0.5, 12);
  });

  it('passes over ratings of items that are gone', () => {
    const taste = rate(rated, 'deleted', 5, 0);
    expect(inferPosterior(taste, map, itemOf, 0).mean).toEqual(inferPosterior(rated, map, itemOf, 0).mean);
  });

  it('refuses an item of another style space', () => {
    const stranger = createItem(createTinySpace(['tempo']), 'x', [1]);
    let caught: unknown;
    try {
      predict(inferPosterior(rated, map, itemOf, 0), stranger);
    } catch (error) {
      caught = error;
    }
    expect(isAttuneError(caught, 'argument/invalid')).toBe(true);
  });

  it('counts a finished play a little, and an abandoned one not at all', () => {
    const heard = recordPlay(createTaste(), items[0]!.id, 1, 0);
    const left = recordPlay(createTaste(), items[0]!.id, 0.2, 0);
    const starred = rate(createTaste(), items[0]!.id, 5, 0);
    const liking = (taste: typeof heard): number =>
      predict(inferPosterior(taste, map, itemOf, 0), items[0]!).mean;
    expect(liking(left)).toBe(0);
    expect(liking(heard)).toBeGreaterThan(0);
    expect(liking(heard)).toBeLessThan(liking(starred) / 3);
  });

  it('follows a pressed chip and a correction', () => {
    const slow = createItem(space, 'slow', [-1.5, 0, 0]);
    const fast = createItem(space, 'fast', [1.5, 0, 0]);
    const lead = (taste: ReturnType<typeof createTaste>): number => {
      const posterior = inferPosterior(taste, map, itemOf, 0);
      return predict(posterior, slow).mean - predict(posterior, fast).mean;
    };
    expect(lead(createTaste())).toBeCloseTo(0, 12);
    expect(
      lead(steer(createTaste(), { kind: 'feature', name: 'tempo', direction: 'low', action: 'more' })),
    ).toBeGreaterThan(0.3);
    expect(
      lead(steer(createTaste(), { kind: 'feature', name: 'tempo', direction: 'low', action: 'less' })),
    ).toBeLessThan(-0.3);
    expect(lead(correct(createTaste(), 'tempo', -1))).toBeGreaterThan(0.3);
  });
});

describe('a chip that names a track', () => {
  const liking = (taste: ReturnType<typeof createTaste>): number =>
    predict(inferPosterior(taste, map, itemOf, 0), items[0]!).mean;
  const chip = { kind: 'track', name: items[0]!.id } as const;

  it('weighs what was said of it, as if it had been said so much more weakly, and leaves the stars', () => {
    const starred = rate(createTaste(), items[0]!.id, 5, 0);
    const less = steer(starred, { ...chip, action: 'less' });
    expect(less.ratings).toEqual(starred.ratings);
    // One rating alone: mean = v / (v + σ² / w) for prior variance v of the item's liking.
    const { deviation } = predict(inferPosterior(createTaste(), map, itemOf, 0), items[0]!);
    const closed = (weight: number): number => deviation ** 2 / (deviation ** 2 + RATING_NOISE ** 2 / weight);
    expect(liking(starred)).toBeCloseTo(closed(1), 12);
    expect(liking(less)).toBeCloseTo(closed(0.25), 12);
    expect(liking(steer(less, { ...chip, action: 'less' }))).toBeCloseTo(closed(1 / 16), 12);
    expect(liking(steer(less, { ...chip, action: 'more' }))).toBeCloseTo(closed(2), 12);
    const never = steer(less, { ...chip, action: 'never' });
    expect(liking(never)).toBe(0);
    expect(inferPosterior(never, map, itemOf, 0).observations).toEqual([]);
    expect(liking(undoSteer(never, chip))).toBe(liking(starred));
  });

  it('weighs a play alike', () => {
    const played = recordPlay(createTaste(), items[0]!.id, 1, 0);
    const less = liking(steer(played, { ...chip, action: 'less' }));
    expect(less).toBeGreaterThan(0);
    expect(less).toBeLessThan(liking(played) / 2);
  });
});

describe('sampleWeights', () => {
  it('draws with the spread that predictions state', () => {
    const posterior = inferPosterior(rated, map, itemOf, 0);
    const rng = createRng(5);
    const x = mapItem(map, items[33]!);
    const n = 20_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const weights = sampleWeights(posterior, rng);
      const value = weights.reduce((total, w, j) => total + w * x[j]!, 0);
      sum += value;
      squares += value * value;
    }
    const { mean, deviation } = predict(posterior, items[33]!);
    expect(Math.abs(sum / n - mean)).toBeLessThan((5 * deviation) / Math.sqrt(n));
    const drawn = Math.sqrt(squares / n - (sum / n) ** 2);
    expect(Math.abs(drawn / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * n));
  });
});
