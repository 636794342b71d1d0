import type { OnProgress, Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import { buildGraph, type BuiltGraph } from './build-graph.ts';
import {
  checkRows,
  euclideanQuery,
  euclideanRows,
  type EuclideanRows,
  type Metric,
} from './euclidean-rows.ts';
import { createLayerSearch } from './graph-search.ts';
import { packIndex, unpackIndex } from './index-file.ts';
import type { TopK } from '../top-k.ts';

/** How an index is built. */
export interface VectorIndexOptions {
  /** 'cosine' if left out. */
  readonly metric?: Metric;
  /** Links a row, 4 to 64: more give better recall for more memory. 16 if left out. */
  readonly links?: number;
  /** Candidates weighed for each row while building. 100 if left out. */
  readonly buildBreadth?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Nearest rows without looking at all of them; for catalogues over some 100,000 rows (`topKByDot` serves below). */
export interface VectorIndex {
  readonly rows: number;
  /** Values a row. */
  readonly width: number;
  readonly metric: Metric;
  /** Memory of vectors and graph. */
  readonly bytes: number;
  /**
   * The `take` rows most like `query` [width], best first, with the dot product, the cosine, or the negative
   * Euclidean distance. `breadth` (at least `take`; 100 if left out): how many candidates are followed, more for better recall.
   */
  search(query: ArrayLike<number>, take: number, breadth?: number): TopK;
  /** The whole index as bytes for `loadVectorIndex`. */
  save(): Uint8Array<ArrayBuffer>;
}

const DEFAULT_BREADTH = 100;

/**
 * Builds an approximate index of `vectors` [rows, width] (row-major; copied): a hierarchical navigable small world
 * (Malkov & Yashunin 2018). Same vectors, options and `rng` give the same index, byte for byte.
 * @throws `argument/invalid` for values that are not finite whole rows, or options out of range; `cancelled`.
 */
export function buildVectorIndex(
  vectors: Float32Array,
  width: number,
  rng: Rng,
  options: VectorIndexOptions = {},
): VectorIndex {
  const { metric = 'cosine', links = 16, buildBreadth = 100 } = options;
  checkRows(vectors, width);
  checkWhole('links', links, 4, 64);
  checkWhole('buildBreadth', buildBreadth, links, 10_000);
  const rows = euclideanRows(vectors, width, metric);
  const built = buildGraph(rows.values, rows.width, { ...options, links, breadth: buildBreadth }, rng);
  return createVectorIndex(metric, width, rows, built);
}

/**
 * Reads what `save` wrote.
 * @throws `checkpoint/malformed` for bytes that are no index: each length and each neighbour is checked.
 */
export function loadVectorIndex(bytes: Uint8Array): VectorIndex {
  const { metric, width, rows, built } = unpackIndex(bytes);
  return createVectorIndex(metric, width, rows, built);
}

function createVectorIndex(
  metric: Metric,
  width: number,
  { values, width: stored }: EuclideanRows,
  { graph, entry }: BuiltGraph,
): VectorIndex {
  const rows = values.length / stored;
  let search = createLayerSearch(graph, values, stored, DEFAULT_BREADTH);
  let room = DEFAULT_BREADTH;
  const scoreOf = (query: Float64Array, node: number, distance: number): number => {
    if (metric === 'euclidean') return -Math.sqrt(distance);
    let sum = 0;
    for (let j = 0; j < width; j++) sum += query[j]! * values[node * stored + j]!;
    return sum;
  };
  return {
    rows,
    width,
    metric,
    bytes: [values, graph.levels, graph.ground, graph.upperAt, graph.upper].reduce(
      (sum, a) => sum + a.byteLength,
      0,
    ),
    search(query, take, breadth = Math.max(take, DEFAULT_BREADTH)) {
      if (query.length !== width) {
        throw new AttuneError('argument/invalid', `A query has ${width} values, not ${query.length}.`, {
          width,
        });
      }
      checkWhole('take', take, 1, 2 ** 31 - 1);
      checkWhole('breadth', breadth, take, 2 ** 31 - 1);
      const wide = Math.min(breadth, rows);
      if (wide > room) {
        search = createLayerSearch(graph, values, stored, wide);
        room = wide;
      }
      const q = euclideanQuery(query, metric);
      let from = entry;
      for (let layer = graph.levels[entry]!; layer > 0; layer--) from = search.descend(q, from, layer);
      const found = search.walk(q, from, 0, wide);
      const count = Math.min(take, found.count);
      const nodes = found.nodes.slice(0, count);
      return {
        rows: nodes,
        scores: Float64Array.from(nodes, (node, i) => scoreOf(q, node, found.distances[i]!)),
      };
    },
    save: () => packIndex({ metric, width, rows: { values, width: stored }, built: { graph, entry } }),
  };
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new AttuneError(
    'argument/invalid',
    `${name} is a whole number from ${least} to ${most}, not ${value}.`,
    {
      [name]: value,
    },
  );
}
