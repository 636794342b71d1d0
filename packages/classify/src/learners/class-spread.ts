import { cholesky } from '@attune/core';
import type { LabelledRows } from './scorer.ts';

/** Class means and what the classes share: the within-class covariance, shrunk. */
export interface ClassSpread {
  /** [classes][features]; of an empty class the overall mean. */
  readonly means: readonly Float64Array[];
  /** Weighted share of each class. */
  readonly shares: Float64Array;
  /** [features, features] lower triangle L with L Lᵀ = covariance. */
  readonly factor: Float64Array;
  readonly features: number;
}

/**
 * Within-class covariance pooled over classes, each row by its weight, shrunk to its own diagonal:
 * (1 − shrinkage) S + shrinkage · diag(S) + ridge · I (Friedman 1989, regularised discriminant analysis).
 */
export function fitClassSpread(
  { rows, labels, weights, classes }: LabelledRows,
  shrinkage: number,
  ridge = 1e-3,
): ClassSpread {
  const features = rows[0]?.length ?? 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = new Float64Array(classes);
  const sums = Array.from({ length: classes }, () => new Float64Array(features));
  const overall = new Float64Array(features);
  rows.forEach((row, i) => {
    const weight = weights[i]! / total;
    shares[labels[i]!]! += weight;
    for (let f = 0; f < features; f++) {
      sums[labels[i]!]![f]! += weight * row[f]!;
      overall[f]! += weight * row[f]!;
    }
  });
  const means = sums.map((sum, k) => (shares[k]! > 0 ? sum.map((value) => value / shares[k]!) : overall));
  const covariance = new Float64Array(features * features);
  rows.forEach((row, i) => {
    const weight = weights[i]! / total;
    const mean = means[labels[i]!]!;
    for (let a = 0; a < features; a++) {
      const scaled = weight * (row[a]! - mean[a]!);
      for (let b = 0; b <= a; b++) covariance[a * features + b]! += scaled * (row[b]! - mean[b]!);
    }
  });
  for (let a = 0; a < features; a++) {
    for (let b = 0; b < a; b++) covariance[a * features + b]! *= 1 - shrinkage;
    covariance[a * features + a]! += ridge;
  }
  return { means, shares, factor: cholesky(covariance, features), features };
}
