import { throwIfCancelled } from '@attune/core';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import { mapValues, rowOf, transpose } from './csr-matrix.ts';
import { popularityOf } from './popularity.ts';
import type { Ranker, RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, numberOf, readModel } from './recommender.ts';
import { readCsr, saveCsr } from './saved-csr.ts';

/** How far what few listeners have in common is trusted, and likes that say the same are counted. */
export interface CoLikingOptions {
  /** Listeners' worth of popularity that each like's own listeners are mixed with; above 0. */
  readonly prior?: number;
  /** Of n likes each counts n^−this: 0 takes them for independent, 1 takes their mean; 0 … 1. */
  readonly dependence?: number;
}

/** Added to each share, so that the logarithm of an item that nobody likes is finite. */
const LEAST = 1e-5;

/**
 * Naive Bayes over likes: the score of i is ln p_i + n^−γ Σ_j x_j ln (p_i|j / p_i), p_i the share of listeners who like i and
 * p_i|j = (n_ij + s p_i) / (n_j + s) that among those who like j, drawn towards p_i by s listeners (McCallum & Nigam 1998, the
 * multivariate model without what is not liked; γ against likes that are not independent). Popularity is where it starts from,
 * so that it is strongest where little is known. Keeps the listeners' likes.
 */
export const coLiking: RecommenderFamily<CoLikingOptions> = {
  kind: 'co-liking',
  fit: (interactions, { prior = 3, dependence = 0.75, signal, onProgress } = {}) => {
    checkOption('prior', prior, Number.MIN_VALUE);
    checkOption('dependence', dependence, 0, 1);
    throwIfCancelled(signal);
    onProgress?.({ done: 0, total: 1, stage: 'counting likes' });
    const likes = mapValues(interactions.likes, () => 1);
    return createRecommender(
      rankBy({ likes, prior, dependence }),
      interactions.catalogue,
      popularityOf(interactions),
    );
  },
  load: (files) => {
    const { config, parameters, catalogue, popularity } = readModel(files, 'co-liking');
    const likes = readCsr(parameters, 'likes', catalogue.items.length);
    const model = { likes, prior: numberOf(config, 'prior'), dependence: numberOf(config, 'dependence') };
    return createRecommender(rankBy(model), catalogue, popularity);
  },
};

interface CoLikes {
  /** Ones: [listeners, items]. */
  readonly likes: CsrMatrix;
  readonly prior: number;
  readonly dependence: number;
}

function rankBy({ likes, prior, dependence }: CoLikes): Ranker {
  const byItem = transpose(likes);
  const listenersOf = (item: number): SparseRow => rowOf(byItem, item);
  const shares = Float64Array.from(
    { length: likes.columns },
    (_, i) => listenersOf(i).indices.length / Math.max(1, likes.rows) + LEAST,
  );
  /** ln (p_i|j / p_i), where `common` of the listeners of j like i too. */
  const liftOf = (item: number, common: number, listeners: number): number =>
    Math.log((common / shares[item]! + prior) / (listeners + prior));
  const scaleOf = (count: number): number => count ** -dependence;
  return {
    kind: 'co-liking',
    config: { prior, dependence },
    parameters: new Map(saveCsr('likes', likes)),
    fold: () => new Float64Array(0),
    score: ({ likes: x }) => {
      const scores = Float64Array.from(shares, Math.log);
      const common = new Float64Array(likes.columns);
      let rest = 0; // what every item gets that shares no listener with a like
      x.indices.forEach((j, e) => {
        const weight = x.values[e]! * scaleOf(x.indices.length);
        const listeners = listenersOf(j).indices;
        const touched: number[] = [];
        for (const listener of listeners) {
          for (const i of rowOf(likes, listener).indices) if (common[i]!++ === 0) touched.push(i);
        }
        const none = liftOf(0, 0, listeners.length);
        rest += weight * none;
        for (const i of touched) {
          scores[i]! += weight * (liftOf(i, common[i]!, listeners.length) - none);
          common[i] = 0;
        }
      });
      return Float32Array.from(scores, (score) => score + rest);
    },
    partsOf: ({ likes: x }, item) => {
      const own = new Set(listenersOf(item).indices);
      const parts = Float64Array.from(x.indices, (j, e) => {
        const listeners = listenersOf(j).indices;
        const common = listeners.reduce((sum, listener) => sum + (own.has(listener) ? 1 : 0), 0);
        return x.values[e]! * scaleOf(x.indices.length) * liftOf(item, common, listeners.length);
      });
      return { base: Math.log(shares[item]!), parts };
    },
  };
}
