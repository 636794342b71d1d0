import { createRng } from '@attune/core';
import {
  createCatalogueScan,
  createFeatureMap,
  createRecommender,
  createTaste,
  fitFactors,
  implicitAls,
  inferPosterior,
  rate,
  type Factors,
  type Interactions,
  type Item,
  type Liking,
  type Recommender,
} from '@attune/recommend';

/** Artists have no notes: of the posterior's features only the factors are left. */
const SPACE = { version: 'none', dimensions: [] };

/**
 * Ranking as the web app does it, by the Bayesian posterior with these item factors: a like is five stars. Its style
 * features are missing here.
 */
export function rankByPosterior(set: Interactions, factors: Factors | undefined): Recommender {
  const { catalogue, likes } = set;
  const map = createFeatureMap(SPACE, [], factors);
  const items: Item[] = catalogue.items.map((id) => ({
    id,
    vector: { space: SPACE.version, values: [] },
    style: null,
    instruments: [],
  }));
  const scan = createCatalogueScan(map, items);
  const popularity = new Float32Array(items.length);
  for (const i of likes.indices) popularity[i]!++;
  const ranker: Recommender['ranker'] = {
    kind: 'served',
    config: {},
    parameters: new Map(),
    fold: ({ indices }) => {
      let taste = createTaste();
      for (const i of indices) taste = rate(taste, items[i]!.id, 5, 0);
      return inferPosterior(taste, map, (id) => items[Number(catalogue.numbers.get(id))], 0).mean;
    },
    score: ({ state }) => scan.likings(state),
    partsOf: () => ({ base: 0, parts: new Float64Array(0) }),
  };
  return createRecommender(ranker, catalogue, popularity);
}

/** The factors that the app fits, of likes of these strengths. */
export function servedFactors(set: Interactions, seed: number): Factors | undefined {
  return fitFactors(likingsOf(set), createRng(seed));
}

/** Implicit least squares' factors, scaled as the app's are: a typical item has a squared length of `rank`. */
export function implicitFactors(set: Interactions, options: { rank: number; seed: number }): Factors {
  const { rank } = options;
  const values = implicitAls.fit(set, options).ranker.parameters.get('factors')!.data as Float32Array;
  const heard = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const rows = set.catalogue.items.map((id, i) => {
    const row = Float64Array.from(
      values.subarray(i * rank, (i + 1) * rank),
      (value) => value / Math.sqrt(heard),
    );
    return [id, row] as const;
  });
  return { rank, items: new Map(rows) };
}

function likingsOf({ listeners, catalogue, likes }: Interactions): Liking[] {
  return listeners.flatMap((listener, u) => {
    const [from, to] = [likes.offsets[u]!, likes.offsets[u + 1]!];
    return Array.from(likes.indices.subarray(from, to), (i, e) => ({
      listener,
      item: catalogue.items[i]!,
      liking: likes.values[from + e]!,
      weight: 1,
    }));
  });
}
