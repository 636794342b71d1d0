import type { JsonObject, NamedArray } from '@attune/core/nn';
import type { CsrMatrix, SparseRow } from './csr-matrix.ts';
import { addRow, columnSums, rowOf, transpose } from './csr-matrix.ts';
import { createFactorScan } from './factor-scan.ts';
import type { Interactions } from './interactions.ts';
import { popularityOf } from './popularity.ts';
import { invertPositive } from './positive-inverse.ts';
import { readCsr, saveCsr } from './saved-csr.ts';
import type { FitOptions, Ranker, RecommenderFamily } from './recommender.ts';
import { checkOption, createRecommender, floats, readModel } from './recommender.ts';

/** How strongly an autoencoder is held back, and whether an item may explain itself. */
export interface EaseOptions {
  /** λ, added to each item's squared length; above 0. */
  readonly regularisation?: number;
  /** Share of likes that the model must do without, 0 … below 1; 0 is EASE, above is EDLAE. */
  readonly dropout?: number;
  /** Forbids an item to explain itself (EASE); otherwise this is the plain ridge autoencoder. */
  readonly zeroDiagonal?: boolean;
  /** Which system is solved, both with the same result: of the items, of the listeners, or the smaller one. */
  readonly form?: 'items' | 'listeners' | 'smaller';
}

/**
 * Linear autoencoder X ≈ X B over items (EASE, Steck 2019; with `dropout`, EDLAE, Steck 2020). With
 * Λ = λ + d/(1−d) diag(XᵀX) and P = (XᵀX + Λ)⁻¹: B = I − P diag(P)⁻¹ with a zero diagonal, or B = I − P Λ without.
 * Where listeners are fewer than items, P = Λ⁻¹ − Λ⁻¹ Xᵀ (I + X Λ⁻¹ Xᵀ)⁻¹ X Λ⁻¹ (Woodbury) needs a system of the
 * listeners alone and stays exact for any number of items; that form keeps the listeners' likes in the model.
 * An item that nobody likes scores 0.
 */
export const ease: RecommenderFamily<EaseOptions> = {
  kind: 'ease',
  fit: (interactions, options = {}) =>
    createRecommender(fitRanker(interactions, options), interactions.catalogue, popularityOf(interactions)),
  load: (files) => {
    const { config, parameters, catalogue, popularity } = readModel(files, 'ease');
    const n = catalogue.items.length;
    if (config['form'] === 'items') {
      return createRecommender(rankByItems(floats(parameters, 'weights', [n, n]), n), catalogue, popularity);
    }
    const likes = readCsr(parameters, 'likes', n);
    const ranker = rankByListeners({
      likes,
      inverse: floats(parameters, 'inverse', [likes.rows, likes.rows]),
      ridge: floats(parameters, 'ridge', [n]),
      scale: floats(parameters, 'scale', [n]),
    });
    return createRecommender(ranker, catalogue, popularity);
  },
};

function fitRanker(interactions: Interactions, options: EaseOptions & FitOptions): Ranker {
  const { regularisation = 40, dropout = 5 / 6, zeroDiagonal = true, form = 'smaller' } = options;
  checkOption('regularisation', regularisation, Number.MIN_VALUE);
  checkOption('dropout', dropout, 0, 1 - 1e-9);
  const { likes } = interactions;
  const squares = columnSums(likes, (value) => value * value);
  const ridge = Float32Array.from(squares, (square) => regularisation + (dropout / (1 - dropout)) * square);
  const ofItems = form === 'items' || (form === 'smaller' && likes.columns <= likes.rows);
  if (ofItems) return rankByItems(solveItems(gramOf(likes), ridge, zeroDiagonal, options), likes.columns);
  return rankByListeners(solveListeners(likes, ridge, zeroDiagonal, options));
}

/** XᵀX [items, items]. */
function gramOf(likes: CsrMatrix): Float64Array {
  const n = likes.columns;
  const gram = new Float64Array(n * n);
  for (let u = 0; u < likes.rows; u++) {
    const { indices, values } = rowOf(likes, u);
    indices.forEach((i, e) => addRow(likes, u, values[e]!, gram.subarray(i * n, (i + 1) * n)));
  }
  return gram;
}

/** B [items, items] from XᵀX, which is used up, and Λ [items]. */
export function solveItems(
  gram: Float64Array,
  ridge: ArrayLike<number>,
  zeroDiagonal: boolean,
  options: FitOptions = {},
): Float32Array {
  const n = ridge.length;
  for (let i = 0; i < n; i++) gram[i * n + i]! += ridge[i]!;
  const inverse = invertPositive(gram, n, options);
  const weights = new Float32Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const scale = zeroDiagonal ? 1 / inverse[i * n + i]! : ridge[i]!;
      weights[j * n + i] = (i === j ? 1 : 0) - inverse[j * n + i]! * scale;
    }
    if (zeroDiagonal) weights[j * n + j] = 0;
  }
  return weights;
}

/** Scores x B for B [items, items]; `stated`: what else is to stand in the file. */
export function rankByItems(
  weights: Float32Array,
  n: number,
  kind = 'ease',
  stated: JsonObject = {},
): Ranker {
  return {
    kind,
    config: { form: 'items', ...stated },
    parameters: new Map([['weights', { shape: [n, n], data: weights }]]),
    fold: () => new Float64Array(0),
    score: ({ likes }) => {
      const scores = new Float32Array(n);
      likes.indices.forEach((j, e) => {
        for (let i = 0; i < n; i++) scores[i]! += likes.values[e]! * weights[j * n + i]!;
      });
      return scores;
    },
    partsOf: ({ likes }, item) => ({
      base: 0,
      parts: Float64Array.from(likes.indices, (j, e) => likes.values[e]! * weights[j * n + item]!),
    }),
  };
}

/** What the form of the listeners keeps. */
interface ListenerForm {
  /** X [listeners, items] */
  readonly likes: CsrMatrix;
  /** (I + X Λ⁻¹ Xᵀ)⁻¹ [listeners, listeners] */
  readonly inverse: Float32Array;
  /** Λ [items] */
  readonly ridge: Float32Array;
  /** diag(P)⁻¹ for a zero diagonal, else Λ: [items] */
  readonly scale: Float32Array;
}

function solveListeners(
  likes: CsrMatrix,
  ridge: Float32Array,
  zeroDiagonal: boolean,
  options: FitOptions,
): ListenerForm {
  const m = likes.rows;
  const byItem = transpose(likes);
  const system = new Float64Array(m * m);
  for (let u = 0; u < m; u++) {
    const row = system.subarray(u * m, (u + 1) * m);
    const { indices, values } = rowOf(likes, u);
    indices.forEach((i, e) => addRow(byItem, i, values[e]! / ridge[i]!, row));
    row[u]! += 1;
  }
  const inverse = Float32Array.from(invertPositive(system, m, options));
  if (!zeroDiagonal) return { likes, inverse, ridge, scale: ridge };
  const scale = ridge.map((own, i) => {
    const { indices, values } = rowOf(byItem, i);
    let quadratic = 0; // x_iᵀ K⁻¹ x_i over the listeners of item i
    indices.forEach((u, e) =>
      indices.forEach((v, f) => (quadratic += values[e]! * values[f]! * inverse[u * m + v]!)),
    );
    return 1 / (1 / own - quadratic / (own * own));
  });
  return { likes, inverse, ridge, scale };
}

function rankByListeners(form: ListenerForm): Ranker {
  const { likes, inverse, ridge, scale } = form;
  const m = likes.rows;
  const scan = createFactorScan(inverse, m);
  const byItem = transpose(likes);
  const parameters = new Map<string, NamedArray>([
    ...saveCsr('likes', likes),
    ['inverse', { shape: [m, m], data: inverse }],
    ['ridge', { shape: [ridge.length], data: ridge }],
    ['scale', { shape: [scale.length], data: scale }],
  ]);
  /** K⁻¹ X Λ⁻¹ x [listeners] */
  const weigh = (x: SparseRow): Float64Array => {
    const projected = new Float64Array(m);
    x.indices.forEach((i, e) => addRow(byItem, i, x.values[e]! / ridge[i]!, projected));
    return Float64Array.from(scan.products(projected));
  };
  return {
    kind: 'ease',
    config: { form: 'listeners' },
    parameters,
    fold: weigh,
    score: ({ likes: x, state }) => {
      const sums = new Float32Array(likes.columns);
      for (let u = 0; u < m; u++) addRow(likes, u, state[u]!, sums);
      const scores = sums.map((sum, i) => (sum / ridge[i]!) * scale[i]!);
      x.indices.forEach((i, e) => (scores[i]! += x.values[e]! * (1 - scale[i]! / ridge[i]!)));
      return scores;
    },
    partsOf: ({ likes: x }, item) => {
      const weights = weigh({ indices: Uint32Array.of(item), values: Float32Array.of(1) });
      const parts = Float64Array.from(x.indices, (j, e) => {
        const { indices, values } = rowOf(byItem, j);
        let sum = 0;
        indices.forEach((u, f) => (sum += values[f]! * weights[u]!));
        const own = j === item ? 1 - scale[item]! / ridge[item]! : 0;
        return x.values[e]! * (own + (sum / ridge[j]!) * scale[item]!);
      });
      return { base: 0, parts };
    },
  };
}
