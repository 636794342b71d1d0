import { createRng, throwIfCancelled } from '@attune/core';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import type { FactorModel } from './factor-ranker.ts';
import { rankByFactors } from './factor-ranker.ts';
import { drawFactors, readFactorModel } from './implicit-als.ts';
import { popularityOf } from './popularity.ts';
import type { FitOptions, Ranker, RecommenderFamily, SavedModel } from './recommender.ts';
import { checkOption, createRecommender, floats, numberOf, ofStored, readModel } from './recommender.ts';
import { transpose } from './csr-matrix.ts';

/** Size and pace of the descent. */
export interface BayesianRankingOptions {
  readonly rank?: number;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly regularisation?: number;
  readonly seed?: number;
}

/**
 * Bayesian personalised ranking (Rendle et al. 2009): stochastic gradient ascent of ln σ(s_ui − s_uj) over liked items i
 * and items j drawn evenly from those not liked, s_ui = b_i + v_u·y_i. A listener is folded in by the same ascent with
 * the items' factors and biases held, from v = 0 and by a generator of the model's seed, so that v and b stay on one scale.
 * Each step adds to v a multiple of y_i − y_j, so v is a sum of one part for each like: the parts of an explanation.
 */
export const bayesianRanking: RecommenderFamily<BayesianRankingOptions> = {
  kind: 'bayesian-ranking',
  fit: (interactions, options = {}) => {
    const model = ascend(interactions.likes, options);
    return createRecommender(rankByAscent(model), interactions.catalogue, popularityOf(interactions));
  },
  load: (files) => {
    const saved = readModel(files, 'bayesian-ranking');
    const rule = {
      epochs: numberOf(saved.config, 'epochs'),
      learningRate: numberOf(saved.config, 'learningRate'),
      shrinkage: numberOf(saved.config, 'shrinkage'),
      seed: numberOf(saved.config, 'seed'),
    };
    ofStored(() => checkRule(rule.epochs, rule.learningRate, rule.shrinkage));
    return createRecommender(
      rankByAscent({ ...readFactorModel(saved), bias: readBias(saved), ...rule }),
      saved.catalogue,
      saved.popularity,
    );
  },
};

function readBias({ parameters, catalogue }: SavedModel): Float32Array {
  return floats(parameters, 'bias', [catalogue.items.length]);
}

/** What the ascent needs again to fold a listener in. */
interface RankingModel extends FactorModel {
  readonly bias: Float32Array;
  readonly epochs: number;
  readonly learningRate: number;
  readonly shrinkage: number;
  readonly seed: number;
}

function checkRule(epochs: number, learningRate: number, regularisation: number): void {
  checkOption('epochs', epochs, 1, 100_000, true);
  checkOption('learningRate', learningRate, Number.MIN_VALUE, 10);
  checkOption('regularisation', regularisation, 0, 0.5 / learningRate); // each step keeps at least half
}

function rankByAscent(model: RankingModel): Ranker {
  const { epochs, learningRate, shrinkage, seed, rank } = model;
  const base = rankByFactors('bayesian-ranking', model, { epochs, learningRate, shrinkage, seed });
  return {
    ...base,
    fold: (likes) => {
      const parts = foldParts(model, likes);
      const sum = new Float64Array(rank);
      for (let at = 0; at < parts.length; at++) sum[at % rank]! += parts[at]!;
      return sum;
    },
    partsOf: ({ likes }, item) => {
      const parts = foldParts(model, likes);
      const part = (_: number, e: number): number => {
        let value = 0;
        for (let k = 0; k < rank; k++) value += parts[e * rank + k]! * model.factors[item * rank + k]!;
        return value;
      };
      return { base: model.bias[item]!, parts: Float64Array.from(likes.indices, part) };
    },
  };
}

/** Below it the common scale is multiplied in, before it could vanish. */
const TINY = 1e-100;

/** What each like contributes to the listener's vector: [likes, rank]. */
function foldParts(model: RankingModel, { indices, values }: SparseRow): Float64Array {
  const { rank, factors, bias, epochs, learningRate, shrinkage, seed } = model;
  const rng = createRng(seed).fork('fold');
  const count = factors.length / rank;
  const liked = new Set(indices);
  const parts = new Float64Array(indices.length * rank);
  const v = new Float64Array(rank);
  let scale = 1; // parts and v stand for scale · their values, so that shrinking costs nothing
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let e = 0; e < indices.length; e++) {
      const [i, j] = [indices[e]!, rng.integer(count)];
      if (liked.has(j)) continue;
      let margin = bias[i]! - bias[j]!;
      for (let k = 0; k < rank; k++)
        margin += scale * v[k]! * (factors[i * rank + k]! - factors[j * rank + k]!);
      scale *= 1 - learningRate * shrinkage;
      if (scale < TINY) {
        for (let at = 0; at < parts.length; at++) parts[at]! *= scale;
        for (let k = 0; k < rank; k++) v[k]! *= scale;
        scale = 1;
      }
      const step = (learningRate * values[e]!) / (1 + Math.exp(margin)) / scale;
      for (let k = 0; k < rank; k++) {
        const move = step * (factors[i * rank + k]! - factors[j * rank + k]!);
        v[k]! += move;
        parts[e * rank + k]! += move;
      }
    }
  }
  return parts.map((value) => value * scale);
}

function ascend(likes: CsrMatrix, options: BayesianRankingOptions & FitOptions): RankingModel {
  const { rank = 64, epochs = 60, learningRate = 0.05, regularisation = 0.003, seed = 1 } = options;
  checkOption('rank', rank, 1, 4096, true);
  checkRule(epochs, learningRate, regularisation);
  const rng = createRng(seed);
  const listeners = drawFactors(likes, rank, rng);
  const items = drawFactors(transpose(likes), rank, rng);
  const bias = new Float32Array(likes.columns);
  const owners = ownersOf(likes);
  const order = owners.map((_, e) => e);
  for (let epoch = 0; epoch < epochs; epoch++) {
    throwIfCancelled(options.signal);
    options.onProgress?.({ done: epoch, total: epochs, stage: 'ranking pairs' });
    for (const e of rng.shuffle(order)) {
      const u = owners[e]!;
      const [i, j] = [likes.indices[e]!, rng.integer(likes.columns)];
      if (isLiked(likes, u, j)) continue;
      const [atU, atI, atJ] = [u * rank, i * rank, j * rank];
      let margin = bias[i]! - bias[j]!;
      for (let k = 0; k < rank; k++) margin += listeners[atU + k]! * (items[atI + k]! - items[atJ + k]!);
      const pull = 1 / (1 + Math.exp(margin));
      bias[i]! += learningRate * (pull - regularisation * bias[i]!);
      bias[j]! -= learningRate * (pull + regularisation * bias[j]!);
      for (let k = 0; k < rank; k++) {
        const [v, yi, yj] = [listeners[atU + k]!, items[atI + k]!, items[atJ + k]!];
        listeners[atU + k] = v + learningRate * (pull * (yi - yj) - regularisation * v);
        items[atI + k] = yi + learningRate * (pull * v - regularisation * yi);
        items[atJ + k] = yj - learningRate * (pull * v + regularisation * yj);
      }
    }
  }
  const rule = { epochs, learningRate, shrinkage: regularisation, seed };
  return { rank, factors: items, bias, confidence: 0, regularisation: 1, frequencyPower: 0, ...rule };
}

/** The listener of each entry. */
function ownersOf({ rows, offsets }: CsrMatrix): number[] {
  const owners: number[] = [];
  for (let u = 0; u < rows; u++) for (let e = offsets[u]!; e < offsets[u + 1]!; e++) owners.push(u);
  return owners;
}

function isLiked({ offsets, indices }: CsrMatrix, u: number, item: number): boolean {
  let [low, high] = [offsets[u]!, offsets[u + 1]!];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (indices[middle]! < item) low = middle + 1;
    else high = middle;
  }
  return low < offsets[u + 1]! && indices[low] === item;
}
