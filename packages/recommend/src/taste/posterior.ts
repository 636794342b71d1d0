import type { Rng } from '@attune/core';
import type { Cholesky } from '../algebra/cholesky.ts';
import { dot, factorise, solve, solveLower, solveUpper } from '../algebra/cholesky.ts';
import { checkTime, evidenceOfPlay, evidenceOfVerdict, recency } from './events.ts';
import type { FeatureMap } from './features.ts';
import { mapItem, mapValues, priorVariances } from './features.ts';
import type { Item } from './item.ts';
import type { Taste } from './taste.ts';
import { weightOfTrack } from './taste.ts';

/** One weighted statement "an item with features φ is liked this much". */
export interface Observation {
  readonly source: 'rating' | 'play' | 'correction';
  /** Undefined for a correction, which is said of the taste itself, not of a track. */
  readonly itemId: string | undefined;
  /** Milliseconds since 1970; 0 where `itemId` is undefined. */
  readonly at: number;
  readonly features: Float64Array;
  readonly liking: number;
  readonly precision: number;
  /** Of a rating: the play of the same track that it stands before, which counts again where the rating is taken away. */
  readonly behind?: Pick<Observation, 'liking' | 'precision'>;
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
/** "Never" of a feature leaves tracks out (`isRefused`); of those left, and for wishes, it counts as so many of "less". */
const NEVER_AS_LESS = 4;
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

/** As `predict`, of mapped features [map.length]. */
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

/** What taking away all that was said of one track does, and whether that was a rating or only a play. */
export interface Effect {
  readonly source: 'rating' | 'play';
  /** The expected liking's fall. */
  readonly fall: number;
  /** The liking that was said. */
  readonly liking: number;
}

/**
 * By how much the expected liking of `features` would fall, were a track's rating (or, of a track not rated, its play) taken
 * away and the rest fitted again. All that was said of a track has the same φᵢ, so with total precision P = Σ p, and the play
 * behind the rating, of precision q and liking u, counting again:
 * φᵀA⁻¹φᵢ (Σ p (y − φᵢᵀm) − q (u − φᵢᵀm)) / (1 − (P − q) φᵢᵀA⁻¹φᵢ).
 * Exact: the Sherman-Morrison formula; with q = 0 the leave-one-out formula of linear regression (Cook & Weisberg 1982).
 */
export function effectsOfTracks(posterior: Posterior, features: Float64Array): Map<string, Effect> {
  const pull = solve(posterior.precision, features);
  const byTrack = new Map<string, Observation[]>();
  for (const observation of posterior.observations) {
    const { itemId } = observation;
    if (itemId === undefined) continue;
    const own = byTrack.get(itemId);
    if (own) own.push(observation);
    else byTrack.set(itemId, [observation]);
  }
  const effects = new Map<string, Effect>();
  for (const [itemId, own] of byTrack) {
    const { features: seen, source, behind, liking } = own.at(-1)!;
    if (source === 'correction') continue;
    const { mean, deviation } = predictFeatures(posterior, seen);
    let taken = behind ? -behind.precision : 0;
    let pulled = behind ? -behind.precision * (behind.liking - mean) : 0;
    for (const { precision, liking: said } of own) {
      taken += precision;
      pulled += precision * (said - mean);
    }
    const fall = (dot(pull, seen) * pulled) / (1 - taken * deviation ** 2);
    effects.set(itemId, { source, liking, fall });
  }
  return effects;
}

/**
 * What the listener said of tracks: ratings, and plays of tracks that they did not rate; each weighted by the chips that name
 * its track, and left out where that is 0.
 */
export function ratingObservations(
  taste: Taste,
  map: FeatureMap,
  itemOf: (id: string) => Item | undefined,
  now: number,
): Observation[] {
  const precisionOf = (itemId: string, at: number, weight: number): number => {
    checkTime(at, itemId);
    return (weight * weightOfTrack(taste, itemId) * recency(at, now)) / RATING_NOISE ** 2;
  };
  const plays = new Map<string, Observation>();
  for (const { itemId, share, at } of taste.plays) {
    const evidence = evidenceOfPlay(share);
    const item = evidence && itemOf(itemId);
    if (!item) continue;
    const precision = precisionOf(itemId, at, evidence.weight);
    const features = mapItem(map, item);
    plays.set(itemId, { source: 'play', itemId, at, features, liking: evidence.liking, precision });
  }
  const ratings = taste.ratings.flatMap(({ itemId, verdict, at }): Observation[] => {
    const { liking, weight } = evidenceOfVerdict(verdict);
    const item = itemOf(itemId);
    if (!item) return [];
    const precision = precisionOf(itemId, at, weight);
    const behind = plays.get(itemId);
    const features = mapItem(map, item);
    return [{ source: 'rating', itemId, at, features, liking, precision, ...(behind && { behind }) }];
  });
  for (const { itemId } of taste.ratings) plays.delete(itemId);
  return [...ratings, ...plays.values()].filter(({ precision }) => precision > 0);
}

/** Stated preferred values, each as three points of a peak. */
export function correctionObservations(taste: Taste, map: FeatureMap): Observation[] {
  return taste.corrections.flatMap(({ dimension, value }) => {
    const index = map.space.dimensions.findIndex((candidate) => candidate.name === dimension);
    if (index < 0) return [];
    return CORRECTION_POINTS.map(([offset, liking]) => {
      const values = map.space.dimensions.map((_, j) => (j === index ? value + offset : NaN));
      const precision = CORRECTION_WEIGHT / RATING_NOISE ** 2;
      const features = mapValues(map, values);
      return { source: 'correction', itemId: undefined, at: 0, features, liking, precision };
    });
  });
}

/** Pressed chips move the prior mean; ratings can still overrule them. */
export function priorMeanOf(taste: Taste, map: FeatureMap): Float64Array {
  const variances = priorVariances(map);
  const mean = new Float64Array(map.length);
  for (const { kind, name, direction, action } of taste.steers) {
    if (action === 'never' && kind !== 'feature') continue;
    const index = steeredIndex(map, kind, name);
    if (index === undefined) continue;
    const towards = kind === 'feature' && direction === 'low' ? -1 : 1;
    const presses = action === 'more' ? 1 : action === 'less' ? -1 : -NEVER_AS_LESS;
    mean[index]! += towards * presses * STEER_STEP * Math.sqrt(variances[index]!);
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
