import { checkOption } from '../models/recommender.ts';

/** Standard normal numbers that nobody else can draw again: an `Rng` of a secret state, or the system's source of chance. */
export interface NoiseSource {
  normal(): number;
}

/**
 * The ρ at which ρ-zCDP gives (ε, δ): the root of ε = ρ + 2 √(ρ ln 1/δ) (Bun & Steinke 2016, prop. 1.3).
 * @throws `model/invalid` unless ε > 0 and 0 < δ < 1.
 */
export function zeroConcentrated(epsilon: number, delta: number): number {
  checkOption('epsilon', epsilon, Number.MIN_VALUE);
  checkDelta(delta);
  const log = Math.log(1 / delta);
  return (Math.sqrt(log + epsilon) - Math.sqrt(log)) ** 2;
}

/**
 * The ε that ρ-zCDP gives at δ: ρ + 2 √(ρ ln 1/δ). Several releases about the same listeners are private by the sum of
 * their ρ (lemma 1.7), so this of the sum is what all of them together spent.
 * @throws `model/invalid` unless ρ ≥ 0 and 0 < δ < 1.
 */
export function epsilonOf(rho: number, delta: number): number {
  checkOption('rho', rho, 0);
  checkDelta(delta);
  return rho + 2 * Math.sqrt(rho * Math.log(1 / delta));
}

/**
 * σ at which Gaussian noise on values that one listener can move by `sensitivity` in length is ρ-zCDP:
 * sensitivity / √(2ρ) (prop. 1.6).
 * @throws `model/invalid` unless both are above 0.
 */
export function deviationOf(sensitivity: number, rho: number): number {
  checkOption('sensitivity', sensitivity, Number.MIN_VALUE);
  checkOption('rho', rho, Number.MIN_VALUE);
  return sensitivity / Math.sqrt(2 * rho);
}

/**
 * Adds the same normal noise to each entry of a symmetric matrix [n, n] and to its mirror image. The lower triangle alone
 * moves by no more than the whole matrix, so the whole matrix' Frobenius norm is a valid sensitivity.
 */
export function addSymmetricNoise(
  matrix: Float64Array,
  n: number,
  deviation: number,
  source: NoiseSource,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const noise = deviation * source.normal();
      matrix[i * n + j]! += noise;
      if (j < i) matrix[j * n + i]! += noise;
    }
  }
}

function checkDelta(delta: number): void {
  checkOption('delta', delta, Number.MIN_VALUE, 1 - 1e-9);
}
