import type { Rng } from '@attune/core';
import type { Cholesky } from '../algebra/cholesky.ts';
import { dot, factorise, solve, solveLower, solveUpper } from '../algebra/cholesky.ts';
import { checkTime, evidenceOfPlay, evidenceOfVerdict, recency } from './events.ts';
import type { FeatureMap } from './features.ts';
import { mapItem, mapValues, priorVariances } from './features.ts';
import type { Item } from './item.ts';
import type { Taste } from './taste.ts';

/** One weighted statement "an item with features φ is liked this much". */
export interface Observation {
  /** Undefined for what was said of the taste itself, not of a track. */
  readonly itemId: string | undefined;
  /** Milliseconds since 1970; 0 where `itemId` is undefined. */
  readonly at: number;
  readonly features: Float64Array;
  readonly liking: number;
  readonly precision: number;
}

/**
 * Belief about a listener's weights: normal with mean `mean` and precision matrix A, kept as its Cholesky factor.
 * Bayesian linear regression with known noise (Bishop 2006, §3.3): A = Λ₀ + Σ pᵢ φᵢφᵢᵀ, A m = Λ₀ m₀ + Σ pᵢ φᵢ yᵢ.
 */
export interface Posterior {
  readonly map: FeatureMap;
  readonly mean: Float64Array;
  readonly precision: Cholesky;
  readonly observations: readonly Observation[];
  readonly priorMean: Float64Array;
}

/** Noise of one star rating, as a standard deviation on the −1 … 1 scale: about a star. */
export const RATING_NOISE = 0.45;
/** One press of "more" or "less" moves the expected weight by this many prior deviations. */
const STEER_STEP = 1;
/** A correction counts as this many ratings at each of its three points. */
const CORRECTION_WEIGHT = 3;
const CORRECTION_POINTS: readonly (readonly [offset: number, liking: number])[] = [
  [0, 1],
  [-2, -0.6],
  [2, -0.6],
];

/**
 * What `taste` says, given the items that were rated (`itemOf`; ratings of items that are gone are passed over).
 * `now`: milliseconds since 1970, for the fading of old ratings.
 * @throws `argument/invalid` for verdicts, shares or times out of range in a stored taste, or items of another style space.
 */
export function inferPosterior(
  taste: Taste,
  map: FeatureMap,
  itemOf: (id: string) => Item | undefined,
  now: number,
): Posterior {
  const observations = [
    ...ratingObservations(taste, map, itemOf, now),
    ...correctionObservations(taste, map),
  ];
  return posteriorOf(map, observations, priorMeanOf(taste, map));
}

/** The posterior of these statements, from a normal prior with this mean and `priorVariances`. */
export function posteriorOf(
  map: FeatureMap,
  observations: readonly Observation[],
  priorMean: Float64Array,
): Posterior {
  const variances = priorVariances(map);
  const n = map.length;
  const matrix = new Float64Array(n * n);
  const target = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = 1 / variances[i]!;
    target[i] = priorMean[i]! / variances[i]!;
  }
  for (const { features, liking, precision } of observations) {
    for (let i = 0; i < n; i++) {
      const scaled = features[i]! * precision;
      if (scaled === 0) continue;
      target[i]! += scaled * liking;
      for (let j = 0; j <= i; j++) matrix[i * n + j]! += scaled * features[j]!;
    }
  }
  const precision = factorise(matrix, n);
  return { map, mean: solve(precision, target), precision, observations, priorMean };
}

/** Expected liking of an item (−1 … 1, not held to it), and how unsure that is. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
}

export function predictFeatures(posterior: Posterior, features: Float64Array): Prediction {
  const half = solveLower(posterior.precision, features);
  return { mean: dot(posterior.mean, features), deviation: Math.sqrt(dot(half, half)) };
}

/** The expected liking of an item under a posterior. */
export function predict(posterior: Posterior, item: Item): Prediction {
  return predictFeatures(posterior, mapItem(posterior.map, item));
}

/** A draw of the weights from the posterior, for Thompson sampling. */
export function sampleWeights(posterior: Posterior, rng: Rng): Float64Array {
  const noise = Float64Array.from({ length: posterior.map.length }, () => rng.normal());
  const offset = solveUpper(posterior.precision, noise); // covariance A⁻¹
  return posterior.mean.map((value, i) => value + offset[i]!);
}

/**
 * How much each rated track moves the expected liking of `features`: the mean is exactly prior part + the sum of
 * these (φᵀA⁻¹φᵢ pᵢ yᵢ), so a reason is what would be missing without that rating, other ratings' pull unchanged.
 */
export function contributionsOfRatings(posterior: Posterior, features: Float64Array): Map<string, number> {
  const pull = solve(posterior.precision, features);
  const contributions = new Map<string, number>();
  for (const { itemId, features: seen, liking, precision } of posterior.observations) {
    if (itemId === undefined) continue;
    const share = dot(pull, seen) * precision * liking;
    contributions.set(itemId, (contributions.get(itemId) ?? 0) + share);
  }
  return contributions;
}

/**
 * By how much the expected liking of `features` would fall, were one rated track's rating taken away and the rest fitted
 * again: φᵀA⁻¹φᵢ pᵢ (yᵢ − φᵢᵀm) / (1 − pᵢ φᵢᵀA⁻¹φᵢ), exact (the leave-one-out formula of linear regression: Cook &
 * Weisberg 1982). A track that was said more than one thing of has the sum of them.
 */
export function effectsOfRatings(posterior: Posterior, features: Float64Array): Map<string, number> {
  const pull = solve(posterior.precision, features);
  const effects = new Map<string, number>();
  for (const { itemId, features: seen, liking, precision } of posterior.observations) {
    if (itemId === undefined) continue;
    const { mean, deviation } = predictFeatures(posterior, seen);
    const effect = (dot(pull, seen) * precision * (liking - mean)) / (1 - precision * deviation ** 2);
    effects.set(itemId, (effects.get(itemId) ?? 0) + effect);
  }
  return effects;
}

/** What the listener said of tracks: ratings, and plays of tracks that they did not rate. */
export function ratingObservations(
  taste: Taste,
  map: FeatureMap,
  itemOf: (id: string) => Item | undefined,
  now: number,
): Observation[] {
  const observations: Observation[] = [];
  const add = (
    itemId: string,
    at: number,
    evidence: { liking: number; weight: number } | undefined,
  ): void => {
    const item = evidence && itemOf(itemId);
    if (!item) return;
    checkTime(at, itemId);
    const precision = (evidence.weight * recency(at, now)) / RATING_NOISE ** 2;
    observations.push({ itemId, at, features: mapItem(map, item), liking: evidence.liking, precision });
  };
  const rated = new Set(taste.ratings.map((rating) => rating.itemId));
  for (const { itemId, verdict, at } of taste.ratings) add(itemId, at, evidenceOfVerdict(verdict));
  for (const { itemId, share, at } of taste.plays)
    if (!rated.has(itemId)) add(itemId, at, evidenceOfPlay(share));
  return observations;
}

/** Stated preferred values, each as three points of a peak. */
export function correctionObservations(taste: Taste, map: FeatureMap): Observation[] {
  return taste.corrections.flatMap(({ dimension, value }) => {
    const index = map.space.dimensions.findIndex((candidate) => candidate.name === dimension);
    if (index < 0) return [];
    return CORRECTION_POINTS.map(([offset, liking]) => {
      const values = map.space.dimensions.map((_, j) => (j === index ? value + offset : NaN));
      const precision = CORRECTION_WEIGHT / RATING_NOISE ** 2;
      return { itemId: undefined, at: 0, features: mapValues(map, values), liking, precision };
    });
  });
}

/** Pressed chips move the prior mean; ratings can still overrule them. */
export function priorMeanOf(taste: Taste, map: FeatureMap): Float64Array {
  const variances = priorVariances(map);
  const mean = new Float64Array(map.length);
  for (const { kind, name, direction, action } of taste.steers) {
    if (action === 'never') continue;
    const index = steeredIndex(map, kind, name);
    if (index === undefined) continue;
    const towards = kind === 'feature' && direction === 'low' ? -1 : 1;
    mean[index]! += towards * (action === 'more' ? 1 : -1) * STEER_STEP * Math.sqrt(variances[index]!);
  }
  return mean;
}

function steeredIndex(map: FeatureMap, kind: string, name: string): number | undefined {
  const names =
    kind === 'feature' ? map.space.dimensions.map((d) => d.name) : kind === 'style' ? map.styles : [];
  const index = names.indexOf(name);
  if (index < 0) return undefined;
  return (kind === 'feature' ? map.offsets.linear : map.offsets.style) + index;
}
