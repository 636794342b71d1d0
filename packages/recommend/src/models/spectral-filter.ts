import { createRng, throwIfCancelled, type Rng } from '@attune/core';
import { dot } from '../algebra/cholesky.ts';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import { addRow, mapValues, rowOf, transpose } from './csr-matrix.ts';
import { popularityOf } from './popularity.ts';
import type { FitOptions, Ranker, RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, floats, numberOf, readModel } from './recommender.ts';
import { readCsr, saveCsr } from './saved-csr.ts';

/** Which part of the likes' graph is let through. */
export interface SpectralFilterOptions {
  /** How many of the smoothest vectors the ideal low-pass lets through. */
  readonly rank?: number;
  /** α, the weight of the ideal low-pass beside the linear filter, which is one step over listeners and back; 0 … . */
  readonly idealWeight?: number;
  readonly seed?: number;
}

/**
 * GF-CF (Shen et al. 2021), a closed form of what graph convolutions without learned transforms, such as LightGCN, tend
 * to: with R̃ = D_U^−½ R D_I^−½, scores = x (R̃ᵀR̃ + α D_I^−½ V Vᵀ D_I^½), V [items, rank] the first right singular
 * vectors of R̃, found by subspace iteration (Halko, Martinsson & Tropp 2011). Keeps R̃, so the listeners' likes.
 */
export const spectralFilter: RecommenderFamily<SpectralFilterOptions> = {
  kind: 'spectral-filter',
  fit: (interactions, options = {}) =>
    createRecommender(
      fitFilter(interactions.likes, options),
      interactions.catalogue,
      popularityOf(interactions),
    ),
  load: (files) => {
    const { config, parameters, catalogue, popularity } = readModel(files, 'spectral-filter');
    const [n, rank] = [catalogue.items.length, numberOf(config, 'rank')];
    const ranker = filterBy({
      graph: readCsr(parameters, 'graph', n),
      vectors: floats(parameters, 'vectors', [rank, n]),
      rank,
      roots: floats(parameters, 'roots', [n]),
      idealWeight: numberOf(config, 'idealWeight'),
    });
    return createRecommender(ranker, catalogue, popularity);
  },
};

interface Filter {
  /** R̃ [listeners, items] */
  readonly graph: CsrMatrix;
  /** Vᵀ [rank, items] */
  readonly vectors: Float32Array;
  readonly rank: number;
  /** √ of each item's degree: [items] */
  readonly roots: Float32Array;
  readonly idealWeight: number;
}

function fitFilter(likes: CsrMatrix, options: SpectralFilterOptions & FitOptions): Ranker {
  const { rank = 128, idealWeight = 0.1, seed = 1 } = options;
  checkOption('rank', rank, 1, 4096, true);
  checkOption('idealWeight', idealWeight, 0);
  const ofListeners = Float64Array.from({ length: likes.rows }, (_, u) =>
    rowOf(likes, u).values.reduce(add, 0),
  );
  const ofItems = new Float64Array(likes.columns);
  for (let u = 0; u < likes.rows; u++) addRow(likes, u, 1, ofItems);
  const graph = mapValues(likes, (value, u, i) => value / Math.sqrt(ofListeners[u]! * ofItems[i]!));
  const kept = Math.min(rank, likes.rows, likes.columns);
  const vectors = rightSingularVectors(graph, kept, createRng(seed), options);
  return filterBy({ graph, vectors, rank: kept, roots: Float32Array.from(ofItems, Math.sqrt), idealWeight });
}

function filterBy({ graph, vectors, rank, roots, idealWeight }: Filter): Ranker {
  const n = graph.columns;
  const byItem = transpose(graph);
  const inverse = (i: number): number => (roots[i]! > 0 ? 1 / roots[i]! : 0);
  /** Vᵀ D_I^−½ x [rank] */
  const project = (x: SparseRow): Float64Array =>
    Float64Array.from({ length: rank }, (_, k) => {
      let sum = 0;
      x.indices.forEach((j, e) => (sum += x.values[e]! * inverse(j) * vectors[k * n + j]!));
      return sum;
    });
  return {
    kind: 'spectral-filter',
    config: { rank, idealWeight },
    parameters: new Map([
      ...saveCsr('graph', graph),
      ['vectors', { shape: [rank, n], data: vectors }],
      ['roots', { shape: [n], data: roots }],
    ]),
    fold: project,
    score: ({ likes: x, state }) => {
      const visits = new Float64Array(graph.rows);
      x.indices.forEach((j, e) => addRow(byItem, j, x.values[e]!, visits));
      const ideal = new Float64Array(n);
      for (let k = 0; k < rank; k++) for (let i = 0; i < n; i++) ideal[i]! += state[k]! * vectors[k * n + i]!;
      const scores = Float32Array.from(ideal, (value, i) => idealWeight * roots[i]! * value);
      for (let u = 0; u < graph.rows; u++) if (visits[u] !== 0) addRow(graph, u, visits[u]!, scores);
      return scores;
    },
    partsOf: ({ likes: x }, item) => {
      const visits = new Float64Array(graph.rows);
      addRow(byItem, item, 1, visits);
      const parts = Float64Array.from(x.indices, (j, e) => {
        const { indices, values } = rowOf(byItem, j);
        let linear = 0;
        indices.forEach((u, f) => (linear += values[f]! * visits[u]!));
        let ideal = 0;
        for (let k = 0; k < rank; k++) ideal += vectors[k * n + j]! * vectors[k * n + item]!;
        return x.values[e]! * (linear + idealWeight * roots[item]! * inverse(j) * ideal);
      });
      return { base: 0, parts };
    },
  };
}

/** Vᵀ [rank, columns]: the first right singular vectors, by `ROUNDS` rounds of subspace iteration with some to spare. */
export function rightSingularVectors(
  matrix: CsrMatrix,
  rank: number,
  rng: Rng,
  { signal, onProgress }: FitOptions = {},
): Float32Array {
  const n = matrix.columns;
  const width = Math.min(rank + SPARE, n, matrix.rows);
  let basis: Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: n }, () => rng.normal()),
  );
  for (let round = 0; round < ROUNDS; round++) {
    throwIfCancelled(signal);
    onProgress?.({ done: round, total: ROUNDS, stage: 'finding smooth vectors' });
    orthonormalise(basis);
    basis = basis.map((vector) => applyGram(matrix, vector));
    basis.sort((a, b) => squareOf(b) - squareOf(a));
  }
  orthonormalise(basis);
  const vectors = new Float32Array(rank * n);
  for (let k = 0; k < rank; k++) vectors.set(basis[k]!, k * n);
  return vectors;
}

const ROUNDS = 12;
const SPARE = 16;

/** MᵀM v */
function applyGram(matrix: CsrMatrix, vector: Float64Array): Float64Array {
  const out = new Float64Array(matrix.columns);
  for (let u = 0; u < matrix.rows; u++) {
    let sum = 0;
    for (let e = matrix.offsets[u]!; e < matrix.offsets[u + 1]!; e++) {
      sum += matrix.values[e]! * vector[matrix.indices[e]!]!;
    }
    addRow(matrix, u, sum, out);
  }
  return out;
}

/** Gram–Schmidt in place, twice, so that rounding leaves no overlap. A vector within the others' span becomes 0. */
function orthonormalise(basis: readonly Float64Array[]): void {
  basis.forEach((vector, k) => {
    for (let twice = 0; twice < 2; twice++) {
      for (let j = 0; j < k; j++) {
        const overlap = dot(vector, basis[j]!);
        for (let i = 0; i < vector.length; i++) vector[i]! -= overlap * basis[j]![i]!;
      }
    }
    const length = Math.sqrt(squareOf(vector));
    for (let i = 0; i < vector.length; i++) vector[i] = length > 1e-12 ? vector[i]! / length : 0;
  });
}

function squareOf(a: Float64Array): number {
  return dot(a, a);
}

function add(a: number, b: number): number {
  return a + b;
}
