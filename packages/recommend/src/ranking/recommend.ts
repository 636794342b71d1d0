import type { Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import { dot } from '../algebra/cholesky.ts';
import { mapItem } from '../taste/features.ts';
import type { Item } from '../taste/item.ts';
import type { Posterior } from '../taste/posterior.ts';
import { predictFeatures, sampleWeights } from '../taste/posterior.ts';
import type { Steer, Taste } from '../taste/taste.ts';
import type { Reason } from './reasons.ts';
import { explain } from './reasons.ts';
import { similarity } from './similar.ts';

/** One recommended item, with how sure and why. */
export interface Recommendation {
  readonly itemId: string;
  /** Expected liking, −1 … 1, and its standard deviation. */
  readonly mean: number;
  readonly deviation: number;
  readonly reasons: readonly Reason[];
  /** True where the item was picked by a drawn taste rather than the expected one. */
  readonly explored: boolean;
}

/** How many, and how adventurous. */
export interface RecommendOptions {
  readonly take: number;
  readonly rng: Rng;
  /** Share of the places that are filled by Thompson sampling; the default is one in five. */
  readonly exploration?: number;
  /** How much likeness to the items already picked costs; 0 is none. */
  readonly diversity?: number;
}

/** A press of "more" or "less" on an instrument moves every track that has it by this much liking. */
const INSTRUMENT_STEP = 0.15;

/**
 * Ranks the items that the listener has not rated: expected liking, minus likeness to what was picked above
 * (maximal marginal relevance, Carbonell & Goldstein 1998), with every n-th place given to exploration by Thompson
 * sampling (one draw of the weights for each such place). Items under a "never" are left out.
 */
export function recommend(
  taste: Taste,
  posterior: Posterior,
  items: readonly Item[],
  { take, rng, exploration = 0.2, diversity = 0.15 }: RecommendOptions,
): Recommendation[] {
  if (!(exploration >= 0 && exploration <= 1)) {
    throw new AttuneError('argument/invalid', `The share of exploration is 0 to 1, not ${exploration}.`, { exploration });
  }
  const rated = new Set(taste.ratings.map((rating) => rating.itemId));
  const open = items
    .filter((item) => !rated.has(item.id) && !isRefused(taste.steers, item))
    .map((item) => {
      const features = mapItem(posterior.map, item);
      return { item, features, bonus: instrumentBonus(taste.steers, item), ...predictFeatures(posterior, features) };
    });
  const picked: typeof open = [];
  const result: Recommendation[] = [];
  const likeness = new Float64Array(open.length); // largest similarity to anything picked so far
  while (result.length < take && picked.length < open.length) {
    const explored = exploration > 0 && Math.floor((result.length + 1) * exploration) > Math.floor(result.length * exploration);
    const weights = explored ? sampleWeights(posterior, rng) : undefined;
    let best = -1;
    let bestScore = -Infinity;
    open.forEach((candidate, i) => {
      if (picked.includes(candidate)) return;
      const liking = weights ? dot(weights, candidate.features) : candidate.mean;
      const score = liking + candidate.bonus - diversity * likeness[i]!;
      if (score > bestScore) [best, bestScore] = [i, score];
    });
    const pick = open[best]!;
    picked.push(pick);
    open.forEach((candidate, i) => {
      likeness[i] = Math.max(likeness[i]!, similarity(candidate.item, pick.item));
    });
    const reasons = explain(posterior, pick.item);
    result.push({
      itemId: pick.item.id,
      mean: pick.mean,
      deviation: pick.deviation,
      reasons: explored || reasons.length === 0 ? [...reasons.slice(0, 3), { kind: 'explore', weight: pick.deviation }] : reasons,
      explored,
    });
  }
  return result;
}

/**
 * The next items to rate: those whose rating is expected to teach most while still being worth hearing. Upper
 * confidence (mean + deviation), kept apart from each other, so that the first ten span the catalogue.
 */
export function chooseToRate(taste: Taste, posterior: Posterior, items: readonly Item[], take: number): string[] {
  const rated = new Set(taste.ratings.map((rating) => rating.itemId));
  const open = items
    .filter((item) => !rated.has(item.id) && !isRefused(taste.steers, item))
    .map((item) => ({ item, ...predictFeatures(posterior, mapItem(posterior.map, item)) }));
  const seen = items.filter((item) => rated.has(item.id));
  const likeness = open.map(({ item }) => Math.max(0, ...seen.map((other) => similarity(item, other))));
  const chosen: string[] = [];
  const used = new Set<number>();
  while (chosen.length < take && used.size < open.length) {
    let best = -1;
    let bestScore = -Infinity;
    open.forEach(({ mean, deviation }, i) => {
      if (used.has(i)) return;
      const score = mean + deviation - 0.5 * likeness[i]!;
      if (score > bestScore) [best, bestScore] = [i, score];
    });
    used.add(best);
    const pick = open[best]!.item;
    chosen.push(pick.id);
    open.forEach(({ item }, i) => {
      likeness[i] = Math.max(likeness[i]!, similarity(item, pick));
    });
  }
  return chosen;
}

export function isRefused(steers: readonly Steer[], item: Item): boolean {
  return steers.some(({ kind, name, action }) => {
    if (action !== 'never') return false;
    return kind === 'style' ? item.style === name : kind === 'instrument' && item.instruments.includes(Number(name));
  });
}

export function instrumentBonus(steers: readonly Steer[], item: Item): number {
  let bonus = 0;
  for (const { kind, name, action } of steers) {
    if (kind !== 'instrument' || action === 'never' || !item.instruments.includes(Number(name))) continue;
    bonus += action === 'more' ? INSTRUMENT_STEP : -INSTRUMENT_STEP;
  }
  return bonus;
}
