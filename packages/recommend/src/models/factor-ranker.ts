import type { JsonObject } from '@attune/core/nn';
import { dot, factorise, solve } from '../algebra/cholesky.ts';
import type { SparseRow } from './csr-matrix.ts';
import { createFactorScan } from './factor-scan.ts';
import type { Ranker } from './recommender.ts';

/** How a listener's vector is found from what they like, the items' factors given. */
export interface FoldInRule {
  /** A like of strength x has confidence 1 + confidence · x, an item not liked 1. */
  readonly confidence: number;
  /** λ, times n^frequencyPower for n likes. */
  readonly regularisation: number;
  readonly frequencyPower: number;
}

/** Item factors [items, rank] and how to fold in by them. */
export interface FactorModel extends FoldInRule {
  readonly rank: number;
  readonly factors: Float32Array;
  /** Added to each item's score, whoever listens: [items]. */
  readonly bias?: Float32Array;
}

/**
 * Ranks by items' factors: a listener's vector is the exact half-step of implicit alternating least squares (Hu, Koren
 * & Volinsky 2008, eq. 4), v = A⁻¹ Σ_j c_j y_j with A = YᵀY + Σ_j (c_j − 1) y_j y_jᵀ + λI, so that the score of i is the
 * sum over likes of c_j y_iᵀ A⁻¹ y_j (their section 5). Items are alike by the cosine of their factors.
 */
export function rankByFactors(kind: string, model: FactorModel, config: JsonObject = {}): Ranker {
  const { rank, factors, bias, confidence, regularisation, frequencyPower } = model;
  const count = factors.length / rank;
  const scan = createFactorScan(factors, rank);
  const gram = gramOf(factors, rank);
  const vectorOf = (i: number): Float32Array => factors.subarray(i * rank, (i + 1) * rank);
  const systemOf = (likes: SparseRow): Float64Array => listenerSystem(gram, vectorOf, rank, likes, model);
  return {
    kind,
    config: { ...config, rank, confidence, regularisation, frequencyPower },
    parameters: new Map([
      ['factors', { shape: [count, rank], data: factors }],
      ...(bias ? [['bias', { shape: [count], data: bias }] as const] : []),
    ]),
    fold: (likes) => {
      const target = new Float64Array(rank);
      likes.indices.forEach((j, e) => addScaled(vectorOf(j), 1 + confidence * likes.values[e]!, target));
      return solve(factorise(systemOf(likes), rank), target);
    },
    score: ({ state }) => {
      const scores = scan.products(state);
      if (bias) for (let i = 0; i < count; i++) scores[i]! += bias[i]!;
      return scores;
    },
    partsOf: ({ likes }, item) => {
      const solved = solve(factorise(systemOf(likes), rank), vectorOf(item));
      const part = (j: number, e: number): number =>
        (1 + confidence * likes.values[e]!) * dot(vectorOf(j), solved);
      return { base: bias?.[item] ?? 0, parts: Float64Array.from(likes.indices, part) };
    },
    likeness: (item) => {
      const lengths = Float32Array.from({ length: count }, (_, i) =>
        Math.sqrt(dot(vectorOf(i), vectorOf(i))),
      );
      const own = lengths[item]!;
      return scan.products(vectorOf(item)).map((value, i) => (value === 0 ? 0 : value / (own * lengths[i]!)));
    },
  };
}

/** YᵀY [rank, rank] of factors [count, rank]. */
export function gramOf(factors: Float32Array, rank: number): Float64Array {
  const gram = new Float64Array(rank * rank);
  for (let at = 0; at < factors.length; at += rank) {
    for (let a = 0; a < rank; a++) {
      const value = factors[at + a]!;
      if (value === 0) continue;
      for (let b = 0; b <= a; b++) gram[a * rank + b]! += value * factors[at + b]!;
    }
  }
  for (let a = 0; a < rank; a++) for (let b = 0; b < a; b++) gram[b * rank + a] = gram[a * rank + b]!;
  return gram;
}

/** λ of a row with n likes. */
export function ridgeOf(rule: FoldInRule, n: number): number {
  return rule.regularisation * n ** rule.frequencyPower;
}

function listenerSystem(
  gram: Float64Array,
  vectorOf: (i: number) => Float32Array,
  rank: number,
  likes: SparseRow,
  rule: FoldInRule,
): Float64Array {
  const system = gram.slice();
  for (let a = 0; a < rank; a++) system[a * rank + a]! += ridgeOf(rule, likes.indices.length);
  likes.indices.forEach((j, e) => {
    const y = vectorOf(j);
    for (let a = 0; a < rank; a++) {
      const scaled = rule.confidence * likes.values[e]! * y[a]!;
      for (let b = 0; b <= a; b++) system[a * rank + b]! += scaled * y[b]!;
    }
  });
  return system;
}

function addScaled(vector: Float32Array, weight: number, out: Float64Array): void {
  for (let k = 0; k < out.length; k++) out[k]! += weight * vector[k]!;
}
