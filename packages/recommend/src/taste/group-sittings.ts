import { cholesky, solveLower } from '@attune/core';
import { dot } from '../algebra/cholesky.ts';
import type { Observation } from './posterior.ts';

/** How moods are expected to be. */
export interface GroupingOptions {
  /** At most so many groups. */
  readonly most: number;
  /** Share of the weights' variance that all moods have in common, 0 … 1. */
  readonly shared: number;
  /** Concentration of the Chinese restaurant process: how readily a sitting begins a mood of its own. */
  readonly concentration: number;
}

/** Which group each sitting belongs to, and what that is worth. */
export interface Grouping {
  /** [sittings], numbered by first appearance. */
  readonly groups: readonly number[];
  /** ln p(likings, groups): what the groups are chosen by, in nats. */
  readonly score: number;
  /** For the last sitting: the probability of each group, the others' groups given. */
  readonly last: readonly number[];
}

/** Sweeps over all sittings; more than a few change nothing. */
const SWEEPS = 4;

/**
 * Groups sittings by mood: a Dirichlet process mixture of Bayesian linear regressions. Sitting s has the mood c_s, drawn
 * by a Chinese restaurant process; a liking in mood k is φᵀw_k plus noise, with w_k = u + v_k, u ~ N(m₀, ρΛ₀⁻¹) what all
 * moods share and v_k ~ N(0, (1 − ρ)Λ₀⁻¹) what is each mood's own. Given the groups, the likings are normal with
 * covariance (ρ + (1 − ρ)[c_i = c_j]) φᵢᵀΛ₀⁻¹φⱼ + noise, so ln p(likings | groups) is exact. The groups are the best found
 * by adding sittings in order of time, then moving each in turn (iterated conditional modes) and making two groups one where
 * that is better: the same for the same input.
 * `variances`: the diagonal of Λ₀⁻¹.
 */
export function groupSittings(
  sittings: readonly (readonly Observation[])[],
  variances: Float64Array,
  priorMean: Float64Array,
  options: GroupingOptions,
): Grouping {
  const data = prepare(sittings, variances, priorMean);
  const groups: number[] = [];
  let score = 0;
  for (let s = 0; s < sittings.length; s++) [groups[s], score] = placeBest(data, groups, s, options);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = false;
    for (let s = 0; s < sittings.length; s++) {
      const [best, bestScore] = placeBest(data, groups, s, options);
      moved ||= best !== groups[s];
      [groups[s], score] = [best, bestScore];
      renumber(groups);
    }
    const merged = mergeBest(data, groups, score, options);
    if (merged !== undefined) score = merged;
    else if (!moved) break;
  }
  const alone = sittings.map(() => 0);
  const single = scoreOf(data, alone, options);
  if (single >= score) return { groups: alone, score: single, last: sittings.length > 0 ? [1] : [] };
  return { groups, score, last: probabilities(data, groups, options) };
}

interface Data {
  /** Sitting of each statement. */
  readonly owner: readonly number[];
  /** φᵢᵀΛ₀⁻¹φⱼ [n, n], lower triangle */
  readonly products: Float64Array;
  readonly noise: Float64Array;
  /** Liking less φᵀm₀ */
  readonly residuals: Float64Array;
}

function prepare(
  sittings: readonly (readonly Observation[])[],
  variances: Float64Array,
  priorMean: Float64Array,
): Data {
  const all = sittings.flat();
  const owner = sittings.flatMap((sitting, s) => sitting.map(() => s));
  const n = all.length;
  const scaled = all.map(({ features }) => features.map((value, j) => value * variances[j]!));
  const products = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) products[i * n + j] = dot(scaled[i]!, all[j]!.features);
  return {
    owner,
    products,
    noise: Float64Array.from(all, ({ precision }) => 1 / precision),
    residuals: Float64Array.from(all, ({ liking, features }) => liking - dot(features, priorMean)),
  };
}

/** The best group for sitting s, the groups of the sittings before (or of all others, where known) given. */
function placeBest(
  data: Data,
  groups: readonly number[],
  s: number,
  options: GroupingOptions,
): [number, number] {
  let best: [number, number] = [0, -Infinity];
  for (const [group, score] of choicesOf(data, groups, s, options))
    if (score > best[1]) best = [group, score];
  return best;
}

/** Makes the two groups one, in place, whose union scores best, where that is better than `score`. */
function mergeBest(
  data: Data,
  groups: number[],
  score: number,
  options: GroupingOptions,
): number | undefined {
  const count = Math.max(...groups) + 1;
  let best: { groups: number[]; score: number } = { groups, score };
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const trial = groups.map((group) => (group === b ? a : group));
      const own = scoreOf(data, trial, options);
      if (own > best.score) best = { groups: trial, score: own };
    }
  }
  if (best.groups === groups) return undefined;
  best.groups.forEach((group, s) => (groups[s] = group));
  renumber(groups);
  return best.score;
}

/** Each group that sitting s could have, with the score of all groups so far. */
function choicesOf(
  data: Data,
  groups: readonly number[],
  s: number,
  options: GroupingOptions,
): [number, number][] {
  const others = new Set(groups.filter((_, other) => other !== s));
  const fresh = Array.from({ length: others.size + 1 }, (_, g) => g).find((g) => !others.has(g))!;
  const candidates = [...others].sort((a, b) => a - b);
  if (others.size < options.most) candidates.push(fresh);
  return candidates.map((group) => {
    const trial = [...groups];
    trial[s] = group;
    return [group, scoreOf(data, trial, options)];
  });
}

/** ln p(likings of the first sittings, their groups). */
function scoreOf(data: Data, groups: readonly number[], { shared, concentration }: GroupingOptions): number {
  const all = data.owner.length;
  const n = data.owner.findIndex((s) => s >= groups.length);
  const size = n < 0 ? all : n; // statements stand in order of their sittings
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const own = groups[data.owner[i]!]!;
    for (let j = 0; j <= i; j++) {
      const factor = groups[data.owner[j]!] === own ? 1 : shared;
      covariance[i * size + j] = factor * data.products[i * all + j]!;
    }
    covariance[i * size + i]! += data.noise[i]!;
  }
  const lower = cholesky(covariance, size);
  const half = solveLower(lower, data.residuals.subarray(0, size));
  let score = -0.5 * dot(half, half) - 0.5 * size * Math.log(2 * Math.PI);
  for (let i = 0; i < size; i++) score -= Math.log(lower[i * size + i]!);
  return score + logRestaurant(groups, concentration);
}

/** ln p(groups) of the Chinese restaurant process: Π_k α (n_k − 1)! / Π_s (α + s − 1). */
function logRestaurant(groups: readonly number[], concentration: number): number {
  const sizes = new Map<number, number>();
  let sum = 0;
  groups.forEach((group, s) => {
    const size = sizes.get(group) ?? 0;
    sum += Math.log(size === 0 ? concentration : size) - Math.log(concentration + s);
    sizes.set(group, size + 1);
  });
  return sum;
}

function probabilities(data: Data, groups: readonly number[], options: GroupingOptions): number[] {
  const choices = choicesOf(data, groups, groups.length - 1, options);
  const best = Math.max(...choices.map(([, score]) => score));
  const count = Math.max(...groups) + 1;
  const weights = new Array<number>(count).fill(0);
  for (const [group, score] of choices) if (group < count) weights[group]! += Math.exp(score - best);
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** Groups numbered by first appearance, in place. */
function renumber(groups: number[]): void {
  const names = new Map<number, number>();
  groups.forEach((group, s) => {
    if (!names.has(group)) names.set(group, names.size);
    groups[s] = names.get(group)!;
  });
}
