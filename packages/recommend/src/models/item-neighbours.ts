import { throwIfCancelled } from '@attune/core';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import { addRow, columnSums, csrOfRows, rowOf, transpose } from './csr-matrix.ts';
import type { FitOptions, Ranker, RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, readModel } from './recommender.ts';
import { popularityOf } from './popularity.ts';
import { readCsr, saveCsr } from './saved-csr.ts';
import { selectTop } from '../algebra/select-top.ts';

/** Which neighbours of an item count, and how much. */
export interface ItemNeighboursOptions {
  /** Added to the denominator, so that a likeness resting on few listeners is small; 0 … . */
  readonly shrinkage?: number;
  /** 0.5 is the cosine; below, popular items are favoured, above, rare ones; 0 … 1. */
  readonly asymmetry?: number;
  /** How many of an item's most alike items are kept. */
  readonly neighbours?: number;
}

/**
 * Item neighbours: the score of i is Σ_j x_j s_ji over the liked items j, s_ji = x_j·x_i /
 * (|x_j|^2(1−a) |x_i|^2a + shrinkage), a cosine for a = ½ (Sarwar et al. 2001; the asymmetric one of Aiolli 2013), each
 * j with its most alike items only.
 */
export const itemNeighbours: RecommenderFamily<ItemNeighboursOptions> = {
  kind: 'item-neighbours',
  fit: (interactions, options = {}) => {
    const likeness = likenessOf(interactions.likes, options);
    return createRecommender(rankBy(likeness), interactions.catalogue, popularityOf(interactions));
  },
  load: (files) => {
    const { parameters, catalogue, popularity } = readModel(files, 'item-neighbours');
    const likeness = readCsr(parameters, 'likeness', catalogue.items.length);
    return createRecommender(rankBy(likeness), catalogue, popularity);
  },
};

/** Row j: the items most alike to j, without j: [items, items]. */
function likenessOf(likes: CsrMatrix, options: ItemNeighboursOptions & FitOptions): CsrMatrix {
  const { shrinkage = 5, asymmetry = 0.5, neighbours = 500, signal, onProgress } = options;
  checkOption('shrinkage', shrinkage, 0);
  checkOption('asymmetry', asymmetry, 0, 1);
  checkOption('neighbours', neighbours, 1, Infinity, true);
  const byItem = transpose(likes);
  const squares = columnSums(likes, (value) => value * value);
  const products = new Float64Array(likes.columns); // of item j with each other one
  const rows: SparseRow[] = [];
  for (let j = 0; j < likes.columns; j++) {
    if (j % 256 === 0) {
      throwIfCancelled(signal);
      onProgress?.({ done: j, total: likes.columns, stage: 'comparing items' });
    }
    const others = addProducts(likes, byItem, j, products);
    const scale = squares[j]! ** (1 - asymmetry);
    const values = others.map((i) => products[i]! / (scale * squares[i]! ** asymmetry + shrinkage));
    for (const i of others) products[i] = 0;
    rows.push(keepTop(others, values, neighbours));
  }
  return csrOfRows(rows, likes.columns);
}

/** Adds x_j · x_i for all i ≠ j that share a listener with j, and lists those i, ascending. */
function addProducts(likes: CsrMatrix, byItem: CsrMatrix, j: number, products: Float64Array): number[] {
  const touched: number[] = [];
  for (let e = byItem.offsets[j]!; e < byItem.offsets[j + 1]!; e++) {
    const row = rowOf(likes, byItem.indices[e]!);
    for (let f = 0; f < row.indices.length; f++) {
      const i = row.indices[f]!;
      if (i === j) continue;
      if (products[i] === 0) touched.push(i);
      products[i]! += byItem.values[e]! * row.values[f]!;
    }
  }
  return touched.sort((a, b) => a - b);
}

function keepTop(items: readonly number[], values: readonly number[], take: number): SparseRow {
  const kept = items.length > take ? selectTop(values, take).sort() : Uint32Array.from(items, (_, at) => at);
  return {
    indices: kept.map((at) => items[at]!),
    values: Float32Array.from(kept, (at) => values[at]!),
  };
}

function rankBy(likeness: CsrMatrix): Ranker {
  return {
    kind: 'item-neighbours',
    config: {},
    parameters: new Map(saveCsr('likeness', likeness)),
    fold: () => new Float64Array(0),
    score: ({ likes }) => {
      const scores = new Float32Array(likeness.columns);
      likes.indices.forEach((j, e) => addRow(likeness, j, likes.values[e]!, scores));
      return scores;
    },
    partsOf: ({ likes }, item) => ({
      base: 0,
      parts: Float64Array.from(likes.indices, (j, e) => likes.values[e]! * valueAt(rowOf(likeness, j), item)),
    }),
  };
}

function valueAt({ indices, values }: SparseRow, column: number): number {
  const at = indices.indexOf(column);
  return at < 0 ? 0 : values[at]!;
}
