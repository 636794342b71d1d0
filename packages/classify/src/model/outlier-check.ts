import { solveLower } from '@attune/core';
import { fitClassSpread } from '../learners/class-spread.ts';
import type { LabelledRows } from '../learners/scorer.ts';

/** Tells rows that are unlike all of the training data, by the first `features` values of a row: those that are measured. */
export interface OutlierCheck {
  /** [classes, features]. */
  readonly means: Float32Array;
  /** [features, features], lower triangle of the Cholesky factor of the covariance within classes. */
  readonly factor: Float32Array;
  /** Rows farther away than this are outliers. */
  readonly limit: number;
}

/**
 * Distance to the nearest class, Mahalanobis with the covariance within classes (Lee, Lee, Lee & Shin 2018), divided by the
 * number of features: about 1 for typical rows.
 */
export function outlierDistance(
  { means, factor }: Omit<OutlierCheck, 'limit'>,
  row: ArrayLike<number>,
): number {
  const features = Math.sqrt(factor.length);
  let nearest = Infinity;
  for (let start = 0; start < means.length; start += features) {
    const offset = Float64Array.from({ length: features }, (_, f) => row[f]! - means[start + f]!);
    let square = 0;
    for (const value of solveLower(factor, offset)) square += value * value;
    nearest = Math.min(nearest, square / features);
  }
  return nearest;
}

/** Means of the classes and the covariance within them, shrunk by a tenth. */
export function fitOutlierSpread(data: LabelledRows): Omit<OutlierCheck, 'limit'> {
  const { means, factor, features } = fitClassSpread(data, 0.1, 1e-2);
  const flat = new Float32Array(data.classes * features);
  means.forEach((mean, k) => flat.set(mean, k * features));
  return { means: flat, factor: Float32Array.from(factor) };
}

/** The distance that the share `pass` of these does not exceed; Infinity of none. */
export function limitOf(distances: readonly number[], pass: number): number {
  const sorted = [...distances].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(pass * sorted.length) - 1)] ?? Infinity;
}
