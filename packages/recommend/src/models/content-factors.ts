import { AttuneError } from '@attune/core';
import { factorise, solve } from '../algebra/cholesky.ts';
import { fitAls, readFactorModel, type ImplicitAlsOptions } from './implicit-als.ts';
import { rankByFactors } from './factor-ranker.ts';
import type { Interactions } from './interactions.ts';
import { popularityOf } from './popularity.ts';
import type { RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, readModel } from './recommender.ts';

/** What is known of each item beside who likes it, and how far it is trusted. */
export interface ContentFactorsOptions extends ImplicitAlsOptions {
  /** Item → content vector, all of one length; every item of the catalogue needs one. */
  readonly content?: ReadonlyMap<string, ArrayLike<number>>;
  /** λ of the map from content to factors, in items. */
  readonly contentRegularisation?: number;
  /** An item with n likes trusts its own factors by n / (n + this), and its content by the rest; above 0. */
  readonly trustInContent?: number;
}

/**
 * Implicit ALS whose factors are foretold from content by ridge regression on standardised content (attribute-to-factor
 * mapping: Gantner et al. 2010), weighted by how many like an item. An item that nobody has heard has a place by its
 * content alone; the more like it, the more its own factors count.
 */
export const contentFactors: RecommenderFamily<ContentFactorsOptions> = {
  kind: 'content-factors',
  fit: (interactions, options = {}) => {
    const { contentRegularisation = 10, trustInContent = 5 } = options;
    checkOption('contentRegularisation', contentRegularisation, Number.MIN_VALUE);
    checkOption('trustInContent', trustInContent, Number.MIN_VALUE);
    const content = standardise(interactions, options.content);
    const model = fitAls(interactions.likes, options);
    const counts = popularityOf(interactions);
    const foretold = foretell(content, model.factors, model.rank, counts, contentRegularisation);
    const factors = model.factors.map((own, at) => {
      const trust = counts[Math.floor(at / model.rank)]!;
      return (trust * own + trustInContent * foretold[at]!) / (trust + trustInContent);
    });
    const ranker = rankByFactors('content-factors', { ...model, factors });
    return createRecommender(ranker, interactions.catalogue, counts);
  },
  load: (files) => {
    const saved = readModel(files, 'content-factors');
    const ranker = rankByFactors('content-factors', readFactorModel(saved));
    return createRecommender(ranker, saved.catalogue, saved.popularity);
  },
};

/** Content of each item, standardised over the catalogue, and a last column of ones: [items][d + 1]. */
function standardise(
  { catalogue }: Interactions,
  content: ReadonlyMap<string, ArrayLike<number>> | undefined,
): Float64Array[] {
  const rows = catalogue.items.map((item) => {
    const vector = content?.get(item);
    const width = content?.get(catalogue.items[0]!)?.length;
    if (vector && vector.length === width && Array.from(vector).every(Number.isFinite)) return vector;
    throw new AttuneError(
      'model/invalid',
      `Item ${item} needs a content vector of finite values, all of one length.`,
      {
        item,
      },
    );
  });
  const width = rows[0]!.length;
  const columns = Array.from({ length: width }, (_, c) => {
    const mean = rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length;
    const variance = rows.reduce((sum, row) => sum + (row[c]! - mean) ** 2, 0) / rows.length;
    return { mean, scale: variance > 1e-18 ? 1 / Math.sqrt(variance) : 0 };
  });
  return rows.map((row) =>
    Float64Array.from({ length: width + 1 }, (_, c) =>
      c === width ? 1 : (row[c]! - columns[c]!.mean) * columns[c]!.scale,
    ),
  );
}

/** Factors by content alone [items, rank]: ridge regression weighted by n / (n + 1) for n likes. */
function foretell(
  content: readonly Float64Array[],
  factors: Float32Array,
  rank: number,
  counts: Float32Array,
  regularisation: number,
): Float64Array {
  const width = content[0]!.length;
  const system = new Float64Array(width * width);
  const targets = Array.from({ length: rank }, () => new Float64Array(width));
  for (let a = 0; a < width; a++) system[a * width + a] = regularisation;
  content.forEach((row, i) => {
    const weight = counts[i]! / (counts[i]! + 1);
    if (weight === 0) return;
    for (let a = 0; a < width; a++) {
      for (let b = 0; b <= a; b++) system[a * width + b]! += weight * row[a]! * row[b]!;
      for (let k = 0; k < rank; k++) targets[k]![a]! += weight * row[a]! * factors[i * rank + k]!;
    }
  });
  const factor = factorise(system, width);
  const maps = targets.map((target) => solve(factor, target));
  const foretold = new Float64Array(content.length * rank);
  content.forEach((row, i) => {
    for (let k = 0; k < rank; k++)
      for (let a = 0; a < width; a++) foretold[i * rank + k]! += maps[k]![a]! * row[a]!;
  });
  return foretold;
}
