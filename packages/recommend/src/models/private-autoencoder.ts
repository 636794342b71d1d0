import { AttuneError } from '@attune/core';
import type { JsonObject } from '@attune/core/nn';
import {
  addSymmetricNoise,
  deviationOf,
  zeroConcentrated,
  type NoiseSource,
} from '../privacy/gaussian-mechanism.ts';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import { rowOf } from './csr-matrix.ts';
import { rankByItems, solveItems } from './ease.ts';
import type { Recommender, RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, floats, numberOf, readModel } from './recommender.ts';

const KIND = 'private-autoencoder';

/** How much may be learned of one listener, and from how much of what they said. */
export interface PrivateAutoencoderOptions {
  /**
   * What the noise is drawn from. It is a secret: whoever can draw the same numbers can subtract the noise, and then
   * nothing is private. Hence there is no default. `createRng(crypto.getRandomValues(new Uint32Array(4)))`, kept nowhere,
   * will do against readers of the model; a number that is written down will not, nor will `createRng` of a number that
   * can be guessed.
   */
  readonly noise: NoiseSource;
  /** ε above 0: smaller is more private. */
  readonly epsilon?: number;
  /** δ between 0 and 1: well below one over the number of listeners. */
  readonly delta?: number;
  /** Length that each listener's likes are cut down to: more likes of one listener count less each. Above 0. */
  readonly clip?: number;
  /** λ beside what the noise asks for. */
  readonly regularisation?: number;
}

/** What a private model promises, as its file states it. */
export interface StatedPrivacy {
  readonly epsilon: number;
  readonly delta: number;
  /** Length that each listener's likes were cut down to. */
  readonly clip: number;
  /** σ of the noise of each entry of the Gram matrix. */
  readonly deviation: number;
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
 * covered: attacks on floating-point noise (Mironov 2012), and a second model of the same listeners, which spends ε again.
 *
 * ε, δ, clip and σ stand in the saved file; `privacyOf` tells them.
 *
 * `fit` throws `model/invalid` without `noise`.
 */
export const privateAutoencoder: RecommenderFamily<PrivateAutoencoderOptions> = {
  kind: KIND,
  fit: (interactions, options) => {
    const { epsilon = 4, delta = 1e-5, clip = 1, regularisation = 1, noise } = options ?? {};
    if (typeof noise?.normal !== 'function') {
      throw new AttuneError(
        'model/invalid',
        'A private model needs `noise`, a secret source of chance: with one that others know, the noise could be taken away.',
        { option: 'noise' },
      );
    }
    checkOption('clip', clip, Number.MIN_VALUE);
    checkOption('regularisation', regularisation, 0);
    const { likes, catalogue } = interactions;
    const n = likes.columns;
    const deviation = deviationOf(gramSensitivity(clip), zeroConcentrated(epsilon, delta));
    const gram = clippedGram(likes, clip);
    addSymmetricNoise(gram, n, deviation, noise);
    const likedBy = Float32Array.from({ length: n }, (_, i) => Math.max(0, gram[i * n + i]!));
    const ridge = new Float64Array(n).fill(regularisation + 2 * deviation * Math.sqrt(n));
    const weights = solvePositive(gram, ridge, options ?? {});
    return createRecommender(
      rankByItems(weights, n, KIND, { epsilon, delta, clip, deviation }),
      catalogue,
      likedBy,
    );
  },
  load: (files) => {
    const { config, parameters, catalogue, popularity } = readModel(files, KIND);
    const n = catalogue.items.length;
    const stated = readPrivacy(config);
    const ranker = rankByItems(floats(parameters, 'weights', [n, n]), n, KIND, { ...stated });
    return createRecommender(ranker, catalogue, popularity);
  },
};

/** What a private model promises; undefined for one that promises nothing. */
export function privacyOf(model: Recommender): StatedPrivacy | undefined {
  return model.kind === KIND ? readPrivacy(model.ranker.config) : undefined;
}

function readPrivacy(config: JsonObject): StatedPrivacy {
  const [epsilon, delta, clip, deviation] = ['epsilon', 'delta', 'clip', 'deviation'].map((name) =>
    numberOf(config, name),
  ) as [number, number, number, number];
  return { epsilon, delta, clip, deviation };
}

/** Most that one listener can change the clipped Gram matrix, in Frobenius norm: ‖x xᵀ‖ = |x|² ≤ clip². */
export function gramSensitivity(clip: number): number {
  return clip * clip;
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
