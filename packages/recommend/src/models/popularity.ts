import type { Interactions } from './interactions.ts';
import type { Ranker, RecommenderFamily } from './recommender.ts';
import { createRecommender, readModel } from './recommender.ts';

/** How many listeners like each item: [items]. */
export function popularityOf({ likes }: Interactions): Float32Array {
  const counts = new Float32Array(likes.columns);
  for (const item of likes.indices) counts[item]!++;
  return counts;
}

/** What most listeners like, the same for all: the baseline. Nothing is alike to it but what is popular. */
export const popularity: RecommenderFamily = {
  kind: 'popularity',
  fit: (interactions) => {
    const counts = popularityOf(interactions);
    return createRecommender(rankBy(counts), interactions.catalogue, counts);
  },
  load: (files) => {
    const saved = readModel(files, 'popularity');
    return createRecommender(rankBy(saved.popularity), saved.catalogue, saved.popularity);
  },
};

function rankBy(counts: Float32Array): Ranker {
  return {
    kind: 'popularity',
    config: {},
    parameters: new Map(),
    fold: () => new Float64Array(0),
    score: () => counts.slice(),
    partsOf: ({ likes }, item) => ({ base: counts[item]!, parts: new Float64Array(likes.indices.length) }),
  };
}
