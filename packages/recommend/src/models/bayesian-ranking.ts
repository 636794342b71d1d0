import { createRng, throwIfCancelled } from '@attune/core';
import type { CsrMatrix } from './csr-matrix.ts';
import type { FactorModel } from './factor-ranker.ts';
import { rankByFactors } from './factor-ranker.ts';
import { drawFactors, readFactorModel } from './implicit-als.ts';
import { popularityOf } from './popularity.ts';
import type { FitOptions, RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, readModel } from './recommender.ts';
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
 * and items j drawn evenly from those not liked, s_ui = b_i + v_u·y_i. It has no closed form for a new listener, so
 * everyone is folded in by ridge regression on the items' factors, as by implicit least squares with confidence 5.
 */
export const bayesianRanking: RecommenderFamily<BayesianRankingOptions> = {
  kind: 'bayesian-ranking',
  fit: (interactions, options = {}) => {
    const ranker = rankByFactors('bayesian-ranking', descend(interactions.likes, options));
    return createRecommender(ranker, interactions.catalogue, popularityOf(interactions));
  },
  load: (files) => {
    const saved = readModel(files, 'bayesian-ranking');
    const ranker = rankByFactors('bayesian-ranking', readFactorModel(saved));
    return createRecommender(ranker, saved.catalogue, saved.popularity);
  },
};

function descend(likes: CsrMatrix, options: BayesianRankingOptions & FitOptions): FactorModel {
  const { rank = 64, epochs = 60, learningRate = 0.05, regularisation = 0.01, seed = 1 } = options;
  checkOption('rank', rank, 1, 4096, true);
  checkOption('epochs', epochs, 1, 100_000, true);
  checkOption('learningRate', learningRate, Number.MIN_VALUE, 10);
  checkOption('regularisation', regularisation, 0, 10);
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
  return { rank, factors: items, bias, confidence: 5, regularisation: 1, frequencyPower: 0.5 };
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
