import type { NamedArray } from '@attune/core/nn';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import { addRow, mapValues, rowOf, transpose } from './csr-matrix.ts';
import { createFactorScan } from './factor-scan.ts';
import { popularityOf } from './popularity.ts';
import { invertPositive } from './positive-inverse.ts';
import type { FitOptions, Ranker, RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, floats, readModel } from './recommender.ts';
import { readCsr, saveCsr } from './saved-csr.ts';

/** How alike two listeners are, and how far the model trusts it. */
export interface ListenerKernelOptions {
  /** Added to the diagonal of the kernel, whose own diagonal is 1; above 0. */
  readonly regularisation?: number;
  /** An item liked by n listeners counts n^−this in comparing two: 0 all alike, 1 inverse frequency; 0 … 2. */
  readonly rarity?: number;
  /** Scores are multiplied by n^−this, against the pull to what is popular; 0 … 1. */
  readonly damping?: number;
}

/**
 * Kernel ridge regression from listeners to what they like: with k(x, y) the cosine of two listeners' likes, each item
 * weighted by n^−rarity, and K of all listeners: scores = k(x, ·) (K + λ)⁻¹ T, T the likes with each listener's mean
 * strength made 1. It is the ridge autoencoder of X on
 * listeners of unit length, solved in the space of listeners, so exact for any number of items (Schölkopf & Smola
 * 2002, ch. 4; as a recommender, with another kernel, Sachdeva et al. 2022). The model keeps the listeners' likes.
 */
export const listenerKernel: RecommenderFamily<ListenerKernelOptions> = {
  kind: 'listener-kernel',
  fit: (interactions, options = {}) => {
    const popularity = popularityOf(interactions);
    return createRecommender(
      rankBy(solve(interactions.likes, popularity, options)),
      interactions.catalogue,
      popularity,
    );
  },
  load: (files) => {
    const { parameters, catalogue, popularity } = readModel(files, 'listener-kernel');
    const n = catalogue.items.length;
    const likes = readCsr(parameters, 'likes', n);
    const inverse = floats(parameters, 'inverse', [likes.rows, likes.rows]);
    const weights = floats(parameters, 'weights', [n]);
    const output = floats(parameters, 'output', [n]);
    return createRecommender(rankBy({ likes, inverse, weights, output }), catalogue, popularity);
  },
};

interface KernelModel {
  /** T [listeners, items] */
  readonly likes: CsrMatrix;
  /** (K + λ)⁻¹ [listeners, listeners] */
  readonly inverse: Float32Array;
  /** What each item counts in comparing listeners: [items] */
  readonly weights: Float32Array;
  /** What each item's score is multiplied by: [items] */
  readonly output: Float32Array;
}

function solve(
  given: CsrMatrix,
  popularity: Float32Array,
  options: ListenerKernelOptions & FitOptions,
): KernelModel {
  const { regularisation = 5, rarity = 0.5, damping = 0.1 } = options;
  checkOption('regularisation', regularisation, Number.MIN_VALUE);
  checkOption('rarity', rarity, 0, 2);
  checkOption('damping', damping, 0, 1);
  const weights = popularity.map((count) => Math.max(1, count) ** -rarity);
  const likes = toMeanOne(given);
  const compare = createComparison(likes, weights);
  const m = likes.rows;
  const system = new Float64Array(m * m);
  for (let u = 0; u < m; u++) system.set(compare(rowOf(likes, u)), u * m);
  for (let u = 0; u < m; u++) system[u * m + u]! += regularisation;
  return {
    likes,
    weights,
    inverse: Float32Array.from(invertPositive(system, m, options)),
    output: popularity.map((count) => Math.max(1, count) ** -damping),
  };
}

/** Each row's values divided by their mean; cosines do not change by it. */
function toMeanOne(likes: CsrMatrix): CsrMatrix {
  const means = Float64Array.from({ length: likes.rows }, (_, u) => {
    const { values } = rowOf(likes, u);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  return mapValues(likes, (value, u) => value / means[u]!);
}

/** k(x, ·) with all listeners of the model: [listeners]. */
function createComparison(likes: CsrMatrix, weights: Float32Array): (x: SparseRow) => Float64Array {
  const byItem = transpose(likes);
  const lengths = Float64Array.from({ length: likes.rows }, (_, u) => lengthOf(rowOf(likes, u), weights));
  return (x) => {
    const products = new Float64Array(likes.rows);
    x.indices.forEach((i, e) => addRow(byItem, i, x.values[e]! * weights[i]!, products));
    const length = lengthOf(x, weights);
    return products.map((product, u) => product / (length * lengths[u]!));
  };
}

function lengthOf({ indices, values }: SparseRow, weights: Float32Array): number {
  let square = 0;
  indices.forEach((i, e) => (square += weights[i]! * values[e]! * values[e]!));
  return Math.sqrt(square);
}

function rankBy(model: KernelModel): Ranker {
  const { likes, inverse, weights, output } = model;
  const m = likes.rows;
  const compare = createComparison(likes, weights);
  const scan = createFactorScan(inverse, m);
  const byItem = transpose(likes);
  const parameters = new Map<string, NamedArray>([
    ...saveCsr('likes', likes),
    ['inverse', { shape: [m, m], data: inverse }],
    ['weights', { shape: [weights.length], data: weights }],
    ['output', { shape: [output.length], data: output }],
  ]);
  return {
    kind: 'listener-kernel',
    config: {},
    parameters,
    fold: (x) => Float64Array.from(scan.products(compare(x))),
    score: ({ state }) => {
      const scores = new Float32Array(likes.columns);
      for (let u = 0; u < m; u++) addRow(likes, u, state[u]!, scores);
      return scores.map((score, i) => score * output[i]!);
    },
    partsOf: ({ likes: x }, item) => {
      const target = new Float64Array(m);
      addRow(byItem, item, output[item]!, target);
      const solved = scan.products(target); // (K + λ)⁻¹ of who likes the item
      const length = lengthOf(x, weights);
      const alone = (j: number, value: number): number => {
        const own = compare({ indices: Uint32Array.of(j), values: Float32Array.of(1) });
        const share = (Math.sqrt(weights[j]!) * value) / length;
        return share * own.reduce((sum, likeness, u) => sum + likeness * solved[u]!, 0);
      };
      return { base: 0, parts: Float64Array.from(x.indices, (j, e) => alone(j, x.values[e]!)) };
    },
  };
}
