import { AttuneError } from '@attune/core';
import type { StyleSpace } from '@attune/core/style';
import type { Factors } from '../collaborative/factors.ts';
import type { Item } from './item.ts';

/**
 * What the taste model sees of an item, in blocks:
 *   bias (1) · linear: z_j for each style dimension (D) · peak: (z_j² − 1)/√2 (D) · style: one of S, centred (S)
 *   · factors: collaborative factors (F, zero for an item that too few people rated).
 * z is 0 where the source cannot tell. Linear and peak are the first two Hermite functions, which are uncorrelated
 * for a standard normal z: together they hold "the faster the better" as well as "about 90 bpm".
 */
export interface FeatureMap {
  readonly space: StyleSpace;
  readonly styles: readonly string[];
  readonly factors: Factors | undefined;
  readonly length: number;
  readonly offsets: {
    readonly linear: number;
    readonly peak: number;
    readonly style: number;
    readonly factor: number;
  };
}

/** A dimension says something of a track where it stands out from the middle by at least this many deviations. */
export const NOTABLE = 0.5;

/** Standardised values are held within ±3, so that one odd track cannot dominate. */
export const LIMIT = 3;

/** Lays out the weights: intercept, style dimensions, their squares, styles, collaborative factors. */
export function createFeatureMap(
  space: StyleSpace,
  styles: readonly string[],
  factors?: Factors,
): FeatureMap {
  const d = space.dimensions.length;
  const offsets = { linear: 1, peak: 1 + d, style: 1 + 2 * d, factor: 1 + 2 * d + styles.length };
  return { space, styles, factors, length: offsets.factor + (factors?.rank ?? 0), offsets };
}

/** φ(item), length `map.length`. @throws `argument/invalid` for a vector of another style space. */
export function mapItem(map: FeatureMap, item: Item): Float64Array {
  const d = map.space.dimensions.length;
  if (item.vector.space !== map.space.version || item.vector.values.length !== d) {
    throw new AttuneError(
      'argument/invalid',
      `Item ${item.id} has a style vector of space ${item.vector.space} with ${item.vector.values.length} values; ` +
        `taste works in space ${map.space.version} with ${d}.`,
      { item: item.id },
    );
  }
  const features = mapValues(map, item.vector.values);
  const style = item.style === null ? -1 : map.styles.indexOf(item.style);
  if (style >= 0) {
    const share = 1 / map.styles.length;
    for (let s = 0; s < map.styles.length; s++)
      features[map.offsets.style + s] = (s === style ? 1 : 0) - share;
  }
  const factors = map.factors?.items.get(item.id);
  if (factors) features.set(factors, map.offsets.factor);
  return features;
}

/** φ of style values alone: no style, no factors. */
export function mapValues(map: FeatureMap, values: readonly number[]): Float64Array {
  const features = new Float64Array(map.length);
  features[0] = 1;
  values.forEach((value, j) => {
    if (Number.isNaN(value)) return;
    const z = Math.max(-LIMIT, Math.min(LIMIT, value));
    features[map.offsets.linear + j] = z;
    features[map.offsets.peak + j] = peak(z);
  });
  return features;
}

/** (z² − 1)/√2, the second Hermite function: mean 0 and variance 1 for a standard normal z, and uncorrelated with it. */
export function peak(z: number): number {
  return (z * z - 1) / Math.SQRT2;
}

/** Prior variance of each weight. Linear effects are expected to be larger than peaks. */
export function priorVariances(map: FeatureMap): Float64Array {
  const d = map.space.dimensions.length;
  const variances = new Float64Array(map.length);
  variances[0] = 0.25;
  // Each block's total prior variance over a typical item is stated, then shared among its features.
  variances.fill(0.5 / d, map.offsets.linear, map.offsets.peak);
  variances.fill(0.15 / d, map.offsets.peak, map.offsets.style);
  variances.fill(0.2, map.offsets.style, map.offsets.factor);
  variances.fill(0.3 / Math.max(1, map.factors?.rank ?? 1), map.offsets.factor);
  return variances;
}
