import type { Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import { dot, solveLower } from '../algebra/cholesky.ts';
import { selectTop } from '../algebra/select-top.ts';
import { mapItem } from '../taste/features.ts';
import type { Item } from '../taste/item.ts';
import type { Posterior } from '../taste/posterior.ts';
import { predictFeatures, RATING_NOISE, sampleWeights } from '../taste/posterior.ts';
import { isRefused } from '../taste/refusals.ts';
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
 * sampling (one draw of the weights for each such place). Items under a "never" are left out (`isRefused`).
 * @throws `argument/invalid` for a share of exploration out of range, or where no expected liking is a number
 */
export function recommend(
  taste: Taste,
  posterior: Posterior,
  items: readonly Item[],
  { take, rng, exploration = 0.2, diversity = 0.15 }: RecommendOptions,
): Recommendation[] {
  if (!(exploration >= 0 && exploration <= 1)) {
    throw new AttuneError('argument/invalid', `The share of exploration is 0 to 1, not ${exploration}.`, {
      exploration,
    });
  }
  const rated = new Set(taste.ratings.map((rating) => rating.itemId));
  const open = items
    .filter((item) => !rated.has(item.id) && !isRefused(item, taste.steers, posterior.map.space))
    .map((item) => {
      const features = mapItem(posterior.map, item);
      return {
        item,
        features,
        bonus: instrumentBonus(taste.steers, item),
        ...predictFeatures(posterior, features),
      };
    });
  const picked: typeof open = [];
  const result: Recommendation[] = [];
  const likeness = new Float64Array(open.length); // largest similarity to anything picked so far
  while (result.length < take && picked.length < open.length) {
    const explored =
      exploration > 0 &&
      Math.floor((result.length + 1) * exploration) > Math.floor(result.length * exploration);
    const weights = explored ? sampleWeights(posterior, rng) : undefined;
    let best = -1;
    let bestScore = -Infinity;
    open.forEach((candidate, i) => {
      if (picked.includes(candidate)) return;
      const liking = weights ? dot(weights, candidate.features) : candidate.mean;
      const score = liking + candidate.bonus - diversity * likeness[i]!;
      if (score > bestScore) [best, bestScore] = [i, score];
    });
    const pick = open[best];
    if (!pick) throw unscored(open.filter((candidate) => !picked.includes(candidate)));
    picked.push(pick);
    open.forEach((candidate, i) => {
      likeness[i] = Math.max(likeness[i]!, similarity(candidate.item, pick.item));
    });
    const reasons = explain(posterior, pick.item);
    result.push({
      itemId: pick.item.id,
      mean: pick.mean,
      deviation: pick.deviation,
      reasons:
        explored || reasons.length === 0
          ? [...reasons.slice(0, 3), { kind: 'explore', weight: pick.deviation }]
          : reasons,
      explored,
    });
  }
  return result;
}

/** No score of what is left is a number: the taste or an item's features are not finite. */
function unscored(left: readonly { item: Item; mean: number }[]): AttuneError {
  const { item, mean } = left[0]!;
  return new AttuneError('argument/invalid', `The expected liking of item ${item.id} is ${mean}.`, {
    item: item.id,
    mean,
  });
}

/** Uncertainty is reduced over this many tracks, evenly picked from the catalogue. */
const REFERENCES = 48;
/** Of more items, those that would teach most if asked alone are chosen from: what one teaches shrinks with what was asked before. */
const MOST_WEIGHED = 400;
/** What expected liking counts beside what a rating teaches, so that asking stays pleasant. */
const PLEASURE = 0.3;

/**
 * The next items to rate: those whose rating is expected to teach most of the whole catalogue, while being worth
 * hearing. The score of x is √(mean over z of cov(x, z)² / (var x + σ²)), by which one rating of x shrinks the deviation
 * of predictions (the V-optimal design of linear regression: Fedorov 1972; as active learning, Cohn, Ghahramani & Jordan
 * 1996), plus 0.3 of its expected liking. Each pick counts as rated for the next.
 */
export function chooseToRate(
  taste: Taste,
  posterior: Posterior,
  items: readonly Item[],
  take: number,
): string[] {
  const rated = new Set(taste.ratings.map((rating) => rating.itemId));
  const wanted = items.filter((item) => !isRefused(item, taste.steers, posterior.map.space));
  const halfOf = (item: Item): Float64Array => solveLower(posterior.precision, mapItem(posterior.map, item));
  const stride = Math.max(1, wanted.length / REFERENCES);
  const references = Array.from({ length: Math.min(REFERENCES, wanted.length) }, (_, r) =>
    halfOf(wanted[Math.floor(r * stride)]!),
  );
  const scoreOf = ({ half, mean }: Question): number => {
    const shared = references.reduce((sum, other) => sum + dot(half, other) ** 2, 0) / references.length;
    return Math.sqrt(shared / (dot(half, half) + RATING_NOISE ** 2)) + PLEASURE * mean;
  };
  const all = wanted
    .filter((item) => !rated.has(item.id))
    .map((item): Question => ({
      id: item.id,
      half: halfOf(item),
      mean: dot(posterior.mean, mapItem(posterior.map, item)),
    }));
  const open =
    all.length <= MOST_WEIGHED
      ? all
      : Array.from(selectTop(all.map(scoreOf), MOST_WEIGHED).sort(), (i) => all[i]!);
  const chosen: string[] = [];
  while (chosen.length < take && open.length > 0) {
    let best = 0;
    let bestScore = -Infinity;
    open.forEach((question, i) => {
      const score = scoreOf(question);
      if (score > bestScore) [best, bestScore] = [i, score];
    });
    const [pick] = open.splice(best, 1) as [(typeof open)[0]];
    chosen.push(pick.id);
    const direction = pick.half.slice();
    for (const half of [...references, ...open.map((each) => each.half)]) learn(half, direction);
  }
  return chosen;
}

/** An item that could be asked about: L⁻¹φ, so that products are covariances, and its expected liking. */
interface Question {
  readonly id: string;
  readonly half: Float64Array;
  readonly mean: number;
}

/**
 * Changes `half` (L⁻¹φ, so that products are covariances) in place to what it is after a rating along `direction`:
 * cov(a, b) − cov(a, x) cov(x, b) / (var x + σ²).
 */
function learn(half: Float64Array, direction: Float64Array): void {
  const variance = dot(direction, direction);
  if (variance === 0) return;
  const kept = Math.sqrt(RATING_NOISE ** 2 / (variance + RATING_NOISE ** 2));
  const step = ((1 - kept) / variance) * dot(half, direction);
  for (let k = 0; k < half.length; k++) half[k]! -= step * direction[k]!;
}

/** Liking that presses of "more" and "less" on single instruments add to an item, on the −1 … 1 scale: 0.15 a press. */
export function instrumentBonus(steers: readonly Steer[], item: Item): number {
  let bonus = 0;
  for (const { kind, name, action } of steers) {
    if (kind !== 'instrument' || action === 'never' || !item.instruments.includes(Number(name))) continue;
    bonus += action === 'more' ? INSTRUMENT_STEP : -INSTRUMENT_STEP;
  }
  return bonus;
}
