import { solveLower } from '@attune/core';
import { fitClassSpread } from '../learners/class-spread.ts';
import type { LabelledRows } from '../learners/scorer.ts';

/** Tells rows that are unlike all of the training data. */
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
export function outlierDistance({ means, factor }: Omit<OutlierCheck, 'limit'>, row: ArrayLike<number>): number {
  const features = row.length;
  let nearest = Infinity;
  for (let start = 0; start < means.length; start += features) {
    const offset = Float64Array.from({ length: features }, (_, f) => row[f]! - means[start + f]!);
    let square = 0;
    for (const value of solveLower(factor, offset)) square += value * value;
    nearest = Math.min(nearest, square / features);
  }
  return nearest;
}

/** Fits means and covariance on training rows; the limit is the share `pass` of the distances of `held` rows. */
export function fitOutlierCheck(data: LabelledRows, held: readonly ArrayLike<number>[], pass: number): OutlierCheck {
  const { means, factor, features } = fitClassSpread(data, 0.1, 1e-2);
  const flat = new Float32Array(data.classes * features);
  means.forEach((mean, k) => flat.set(mean, k * features));
  const check = { means: flat, factor: Float32Array.from(factor) };
  const distances = held.map((row) => outlierDistance(check, row)).sort((a, b) => a - b);
  const limit = distances[Math.min(distances.length - 1, Math.ceil(pass * distances.length) - 1)] ?? Infinity;
  return { ...check, limit };
}
