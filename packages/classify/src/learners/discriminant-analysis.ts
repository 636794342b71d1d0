import { solveLower, solveUpper } from '@attune/core';
import { fitClassSpread } from './class-spread.ts';
import { createLinearScorer } from './linear-scorer.ts';
import type { LabelledRows, Scorer } from './scorer.ts';

/**
 * Linear discriminant analysis with a shrunk covariance (Friedman 1989): logit of class k = μₖᵀ Σ⁻¹ x − ½ μₖᵀ Σ⁻¹ μₖ + ln πₖ.
 * Closed form.
 */
export function fitDiscriminantAnalysis(
  data: LabelledRows,
  settings: { readonly shrinkage: number },
): Scorer {
  const { means, shares, factor, features } = fitClassSpread(data, settings.shrinkage);
  const weights = new Float32Array(data.classes * features);
  const bias = new Float32Array(data.classes);
  means.forEach((mean, k) => {
    const direction = solveUpper(factor, solveLower(factor, mean));
    weights.set(direction, k * features);
    let square = 0;
    for (let f = 0; f < features; f++) square += mean[f]! * direction[f]!;
    bias[k] = Math.log(Math.max(1e-6, shares[k]!)) - square / 2;
  });
  return createLinearScorer(weights, bias);
}
