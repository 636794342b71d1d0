import { AttuneError, createRng, throwIfCancelled, type Rng } from '@attune/core';
import type { CsrMatrix } from './csr-matrix.ts';
import { transpose } from './csr-matrix.ts';
import { gramOf, rankByFactors, ridgeOf, type FactorModel, type FoldInRule } from './factor-ranker.ts';
import { popularityOf } from './popularity.ts';
import type { FitOptions, RecommenderFamily, SavedModel } from './recommender.ts';
import { checkOption, createRecommender, floats, numberOf, readModel } from './recommender.ts';

/** Size and strength of the factorisation. */
export interface ImplicitAlsOptions extends Partial<FoldInRule> {
  readonly rank?: number;
  readonly iterations?: number;
  /** Steps of conjugate gradient for each vector and iteration, from where it stands. */
  readonly conjugateSteps?: number;
  readonly seed?: number;
}

/**
 * Implicit alternating least squares (Hu, Koren & Volinsky 2008): preference 1 for a like with confidence 1 + α x and 0
 * for everything else with confidence 1, each half-step by a few steps of conjugate gradient (Takács, Pilászy & Tikk
 * 2011), so that an iteration takes O(likes · rank + (listeners + items) · rank²). λ may grow with how often a row occurs
 * (Rendle et al. 2022). Ends on a half-step of the items.
 */
export const implicitAls: RecommenderFamily<ImplicitAlsOptions> = {
  kind: 'implicit-als',
  fit: (interactions, options = {}) => {
    const model = fitAls(interactions.likes, options);
    return createRecommender(
      rankByFactors('implicit-als', model),
      interactions.catalogue,
      popularityOf(interactions),
    );
  },
  load: (files) => {
    const saved = readModel(files, 'implicit-als');
    return createRecommender(
      rankByFactors('implicit-als', readFactorModel(saved)),
      saved.catalogue,
      saved.popularity,
    );
  },
};

/** Factors of the items [items, rank]; a row without likes is 0. */
export function fitAls(likes: CsrMatrix, options: ImplicitAlsOptions & FitOptions = {}): FactorModel {
  const { rank = 64, iterations = 8, conjugateSteps = 3, seed = 1, signal, onProgress } = options;
  const { confidence = 2, regularisation = 3, frequencyPower = 0.5 } = options;
  checkOption('rank', rank, 1, 4096, true);
  checkOption('iterations', iterations, 1, 10_000, true);
  checkOption('conjugateSteps', conjugateSteps, 1, 1000, true);
  checkOption('confidence', confidence, 0);
  checkOption('regularisation', regularisation, Number.MIN_VALUE);
  checkOption('frequencyPower', frequencyPower, 0, 2);
  const rule = { confidence, regularisation, frequencyPower };
  const byItem = transpose(likes);
  const rng = createRng(seed);
  const listeners = drawFactors(likes, rank, rng);
  const items = drawFactors(byItem, rank, rng);
  for (let round = 0; round < iterations; round++) {
    onProgress?.({ done: round, total: iterations, stage: 'fitting factors' });
    solveSide(likes, items, listeners, rank, rule, conjugateSteps, signal);
    solveSide(byItem, listeners, items, rank, rule, conjugateSteps, signal);
  }
  return { rank, factors: items, ...rule };
}

/** The factor model of a checkpoint. */
export function readFactorModel({ config, parameters, catalogue }: SavedModel): FactorModel {
  const rank = numberOf(config, 'rank');
  if (!Number.isInteger(rank) || rank < 1) {
    throw new AttuneError('checkpoint/malformed', `The rank is ${rank}.`, { field: 'rank' });
  }
  const n = catalogue.items.length;
  return {
    rank,
    factors: floats(parameters, 'factors', [n, rank]),
    ...(parameters.has('bias') && { bias: floats(parameters, 'bias', [n]) }),
    confidence: numberOf(config, 'confidence'),
    regularisation: numberOf(config, 'regularisation'),
    frequencyPower: numberOf(config, 'frequencyPower'),
  };
}

/** Small normal factors for rows with entries, 0 for others: [rows, rank]. */
export function drawFactors(matrix: CsrMatrix, rank: number, rng: Rng): Float32Array {
  const factors = new Float32Array(matrix.rows * rank);
  for (let r = 0; r < matrix.rows; r++) {
    if (matrix.offsets[r] === matrix.offsets[r + 1]) continue;
    for (let k = 0; k < rank; k++) factors[r * rank + k] = (0.1 * rng.normal()) / Math.sqrt(rank);
  }
  return factors;
}

/** One half-step: rows of `side` [matrix.rows, rank] towards their solution given `fixed` [matrix.columns, rank]. */
function solveSide(
  matrix: CsrMatrix,
  fixed: Float32Array,
  side: Float32Array,
  rank: number,
  rule: FoldInRule,
  steps: number,
  signal: AbortSignal | undefined,
): void {
  const gram = gramOf(fixed, rank);
  const [x, residual, direction, image] = [0, 0, 0, 0].map(() => new Float64Array(rank)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let r = 0; r < matrix.rows; r++) {
    if (r % 1024 === 0) throwIfCancelled(signal);
    const [from, to] = [matrix.offsets[r]!, matrix.offsets[r + 1]!];
    if (from === to) continue;
    const ridge = ridgeOf(rule, to - from);
    /** out = (YᵀY + λ) v + Σ_j (c_j − 1) y_j (y_jᵀ v) */
    const apply = (v: Float64Array, out: Float64Array): void => {
      multiplyGram(gram, ridge, v, out);
      for (let e = from; e < to; e++) {
        const at = matrix.indices[e]! * rank;
        addTo(out, fixed, at, rule.confidence * matrix.values[e]! * productAt(fixed, at, v));
      }
    };
    for (let k = 0; k < rank; k++) x[k] = side[r * rank + k]!;
    apply(x, residual);
    for (let k = 0; k < rank; k++) residual[k] = -residual[k]!;
    for (let e = from; e < to; e++) {
      addTo(residual, fixed, matrix.indices[e]! * rank, 1 + rule.confidence * matrix.values[e]!);
    }
    descend(x, residual, direction, image, apply, steps);
    side.set(x, r * rank);
  }
}

/** Conjugate gradient from x with its residual b − A x; all arguments but `apply` are changed. */
function descend(
  x: Float64Array,
  residual: Float64Array,
  direction: Float64Array,
  image: Float64Array,
  apply: (v: Float64Array, out: Float64Array) => void,
  steps: number,
): void {
  direction.set(residual);
  let square = productAt(residual, 0, residual);
  for (let step = 0; step < steps && square > 1e-20; step++) {
    apply(direction, image);
    const length = square / productAt(direction, 0, image);
    for (let k = 0; k < x.length; k++) {
      x[k]! += length * direction[k]!;
      residual[k]! -= length * image[k]!;
    }
    const next = productAt(residual, 0, residual);
    for (let k = 0; k < x.length; k++) direction[k] = residual[k]! + (next / square) * direction[k]!;
    square = next;
  }
}

/** out = (G + ridge) v for a symmetric G [rank, rank]. */
function multiplyGram(gram: Float64Array, ridge: number, v: Float64Array, out: Float64Array): void {
  const rank = v.length;
  for (let a = 0; a < rank; a++) out[a] = ridge * v[a]! + productAt(gram, a * rank, v);
}

function productAt(values: Float32Array | Float64Array, at: number, v: Float64Array): number {
  let [s0, s1] = [0, 0];
  let k = 0;
  for (; k + 1 < v.length; k += 2) {
    s0 += values[at + k]! * v[k]!;
    s1 += values[at + k + 1]! * v[k + 1]!;
  }
  return k < v.length ? s0 + s1 + values[at + k]! * v[k]! : s0 + s1;
}

function addTo(out: Float64Array, values: Float32Array, at: number, weight: number): void {
  for (let k = 0; k < out.length; k++) out[k]! += weight * values[at + k]!;
}
