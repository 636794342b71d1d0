import { AttuneError, createRng, type Rng } from '@attune/core';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import { rowOf } from './csr-matrix.ts';
import { rankByItems, solveItems } from './ease.ts';
import type { RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, floats, readModel } from './recommender.ts';

/** How much may be learned of one listener, and from how much of what they said. */
export interface PrivateAutoencoderOptions {
  /** ε above 0: smaller is more private. */
  readonly epsilon?: number;
  /** δ between 0 and 1: well below one over the number of listeners. */
  readonly delta?: number;
  /** Length that each listener's likes are cut down to: more likes of one listener count less each. Above 0. */
  readonly clip?: number;
  /** λ beside what the noise asks for. */
  readonly regularisation?: number;
  /** Seeds the noise. Whoever knows it can take the noise away: draw it in secret and forget it. */
  readonly seed?: number;
}

/**
 * A linear autoencoder (EASE) that is (ε, δ)-differentially private in the listeners: one person more or less, with all
 * that they said, changes the probability of any model by at most a factor e^ε, but for δ. For small catalogues: it
 * solves a system of the items.
 *
 * The only thing computed from listeners is the Gram matrix Σ_u x_u x_uᵀ of rows cut to length `clip`: adding or
 * removing a row changes it by at most clip² in Frobenius norm (`gramSensitivity`). Its upper triangle gets Gaussian
 * noise of deviation σ = clip² / √(2ρ), which is ρ-zCDP (Bun & Steinke 2016, prop. 1.6), and ρ-zCDP is
 * (ρ + 2 √(ρ ln 1/δ), δ)-private (prop. 1.3). Weights, popularity and everything else are made of the noised matrix.
 * λ is raised by 2σ√items, about the noise's spectral norm. The catalogue counts as public: name it in
 * `createInteractions`, so that it is not learned from likes. Folding in a listener uses their own likes alone. Not
 * covered: attacks on floating-point noise (Mironov 2012).
 */
export const privateAutoencoder: RecommenderFamily<PrivateAutoencoderOptions> = {
  kind: 'private-autoencoder',
  fit: (interactions, options = {}) => {
    const { epsilon = 4, delta = 1e-5, clip = 1, regularisation = 1, seed = 1 } = options;
    checkOption('clip', clip, Number.MIN_VALUE);
    checkOption('regularisation', regularisation, 0);
    const { likes, catalogue } = interactions;
    const n = likes.columns;
    const deviation = gramSensitivity(clip) / Math.sqrt(2 * zeroConcentrated(epsilon, delta));
    const gram = clippedGram(likes, clip);
    addNoise(gram, n, deviation, createRng(seed));
    const likedBy = Float32Array.from({ length: n }, (_, i) => Math.max(0, gram[i * n + i]!));
    const ridge = new Float64Array(n).fill(regularisation + 2 * deviation * Math.sqrt(n));
    const weights = solvePositive(gram, ridge, options);
    return createRecommender(rankByItems(weights, n, 'private-autoencoder'), catalogue, likedBy);
  },
  load: (files) => {
    const { parameters, catalogue, popularity } = readModel(files, 'private-autoencoder');
    const n = catalogue.items.length;
    const ranker = rankByItems(floats(parameters, 'weights', [n, n]), n, 'private-autoencoder');
    return createRecommender(ranker, catalogue, popularity);
  },
};

/** Most that one listener can change the clipped Gram matrix, in Frobenius norm: ‖x xᵀ‖ = |x|² ≤ clip². */
export function gramSensitivity(clip: number): number {
  return clip * clip;
}

/**
 * The ρ at which ρ-zCDP gives (ε, δ): the root of ε = ρ + 2 √(ρ ln 1/δ).
 * @throws `model/invalid` unless ε > 0 and 0 < δ < 1.
 */
export function zeroConcentrated(epsilon: number, delta: number): number {
  checkOption('epsilon', epsilon, Number.MIN_VALUE);
  checkOption('delta', delta, Number.MIN_VALUE, 1 - 1e-9);
  const log = Math.log(1 / delta);
  return (Math.sqrt(log + epsilon) - Math.sqrt(log)) ** 2;
}

/** Σ_u x_u x_uᵀ [items, items] of rows no longer than `clip`. */
export function clippedGram(likes: CsrMatrix, clip: number): Float64Array {
  const n = likes.columns;
  const gram = new Float64Array(n * n);
  for (let u = 0; u < likes.rows; u++) {
    const { indices, values } = clipRow(rowOf(likes, u), clip);
    indices.forEach((i, e) => indices.forEach((j, f) => (gram[i * n + j]! += values[e]! * values[f]!)));
  }
  return gram;
}

function clipRow(
  { indices, values }: SparseRow,
  clip: number,
): { indices: Uint32Array; values: Float64Array } {
  const length = Math.hypot(...values);
  const scale = length > clip ? clip / length : 1;
  return { indices, values: Float64Array.from(values, (value) => value * scale) };
}

/** Adds the same normal noise to each entry and its mirror image. */
function addNoise(gram: Float64Array, n: number, deviation: number, rng: Rng): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const noise = deviation * rng.normal();
      gram[i * n + j]! += noise;
      if (j < i) gram[j * n + i]! += noise;
    }
  }
}

/** Doubles λ until the noised matrix is positive definite, which tells nothing of listeners beyond the noised matrix. */
function solvePositive(gram: Float64Array, ridge: Float64Array, options: object): Float32Array {
  for (let scale = 1; ; scale *= 2) {
    try {
      return solveItems(
        gram.slice(),
        ridge.map((value) => value * scale),
        true,
        options,
      );
    } catch (error) {
      if (!(error instanceof AttuneError) || error.code !== 'model/invalid' || scale > 1e6) throw error;
    }
  }
}
