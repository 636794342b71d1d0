import { AttuneError } from '@attune/core';
import type { ItemLiking } from '../models/interactions.ts';
import { itemNumber } from '../models/interactions.ts';
import type { Recommender } from '../models/recommender.ts';
import { coverageAt, ndcgAt, noveltyAt, recallAt } from './ranking-metrics.ts';

/** One listener to be served: what the model is told, and what it should find. */
export interface RankingCase {
  readonly history: readonly ItemLiking[];
  /** Items liked but not told; all of them are in the catalogue. */
  readonly relevant: readonly string[];
  /** Items that may not be recommended, beside the history. */
  readonly exclude?: readonly string[];
}

/** What a model's lists are worth: values by listener, in the order of the cases that have something relevant. */
export interface RankingResult {
  readonly k: number;
  /** Hits in the first k / all relevant items. */
  readonly recall: Float64Array;
  /** Binary NDCG, the ideal list cut at min(k, relevant items). */
  readonly ndcg: Float64Array;
  /** Mean bits of the items' popularity among the model's listeners. */
  readonly novelty: Float64Array;
  /** Different items recommended / items of the catalogue. */
  readonly coverage: number;
}

/**
 * Folds each case in, ranks every item that it has not heard, and measures the first k. Listeners without anything
 * relevant are left out of all means. `popularity` counts how many of `listeners` like each item, for novelty.
 * @throws `argument/invalid` for items that are not in the catalogue, or where no case has anything relevant.
 */
export function evaluateRanking(
  model: Recommender,
  cases: readonly RankingCase[],
  {
    k = 10,
    popularity,
    listeners,
  }: { readonly k?: number; readonly popularity: ArrayLike<number>; readonly listeners: number },
): RankingResult {
  const kept = cases.filter((each) => each.relevant.length > 0);
  if (kept.length === 0) throw new AttuneError('argument/invalid', 'No listener has anything relevant.');
  const lists = kept.map(({ history, exclude = [] }) => {
    const top = model.recommend(model.foldIn(history), { take: k, exclude });
    return top.map(({ item }) => itemNumber(model.catalogue, item));
  });
  const relevant = kept.map(
    (each) => new Set(each.relevant.map((item) => itemNumber(model.catalogue, item))),
  );
  return {
    k,
    recall: Float64Array.from(lists, (list, c) => recallAt(list, relevant[c]!, k)),
    ndcg: Float64Array.from(lists, (list, c) => ndcgAt(list, relevant[c]!, k)),
    novelty: Float64Array.from(lists, (list) => noveltyAt(list, popularity, listeners, k)),
    coverage: coverageAt(lists, model.catalogue.items.length, k),
  };
}
