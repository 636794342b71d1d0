import type { OnProgress, Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import { buildGraph } from './build-graph.ts';
import {
  checkRows,
  columnMeans,
  euclideanQuery,
  euclideanRows,
  impute,
  type Metric,
} from './euclidean-rows.ts';
import { createLayerSearch } from './graph-search.ts';
import { packIndex, unpackIndex, type IndexParts } from './index-file.ts';
import type { TopK } from '../rank-rows.ts';

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

/** What a search may be told. */
export interface VectorSearchOptions {
  /** How many candidates are followed, at least `take`, more for better recall. 100 (or `take`) if left out. */
  readonly breadth?: number;
  /** [rows]: a row with anything but 0 is left out; where that takes too many of the candidates, more are followed. */
  readonly exclude?: Uint8Array;
}

/**
 * Nearest rows without looking at all of them, for catalogues of more than some 100,000 rows: below, `createFactorScan` looks at
 * every row in a few milliseconds and misses none (docs/measurements/retrieval.md).
 */
export interface VectorIndex {
  readonly rows: number;
  /** Values a row. */
  readonly width: number;
  readonly metric: Metric;
  /** Memory of vectors and graph. */
  readonly bytes: number;
  /**
   * The `take` rows most like `query` [width], best first, with the dot product, the cosine, or the negative
   * Euclidean distance. NaN in a query (not known) counts as the mean of the index's rows. Fewer come back where fewer are
   * left or reached.
   * @throws `argument/invalid` for a query of another width or with infinite values, options out of range, or marks of
   * another length.
   */
  search(query: ArrayLike<number>, take: number, options?: VectorSearchOptions): TopK;
  /** The whole index as bytes for `loadVectorIndex`. */
  save(): Uint8Array<ArrayBuffer>;
}

const DEFAULT_BREADTH = 100;

/**
 * Builds an approximate index of `vectors` [rows, width] (row-major; copied): a hierarchical navigable small world
 * (Malkov & Yashunin 2018). Same vectors, options and `rng` give the same index, byte for byte. NaN (not known) is replaced
 * by the mean of its column over the rows that know it, so that it neither draws rows together nor apart.
 * @throws `argument/invalid` for infinite values, no whole rows, or options out of range; `cancelled`.
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
  const means = columnMeans(vectors, width);
  const rows = euclideanRows(impute(vectors, means), width, metric);
  const built = buildGraph(rows.values, rows.width, { ...options, links, breadth: buildBreadth }, rng);
  return createVectorIndex({ metric, width, rows, means, built });
}

/**
 * Reads what `save` wrote.
 * @throws `checkpoint/malformed` for bytes that are no index: each length and each neighbour is checked.
 */
export function loadVectorIndex(bytes: Uint8Array): VectorIndex {
  return createVectorIndex(unpackIndex(bytes));
}

function createVectorIndex(parts: IndexParts): VectorIndex {
  const { metric, width, means } = parts;
  const { values, width: stored } = parts.rows;
  const { graph, entry } = parts.built;
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
    search(query, take, { breadth = Math.max(take, DEFAULT_BREADTH), exclude } = {}) {
      if (query.length !== width) {
        throw new AttuneError('argument/invalid', `A query has ${width} values, not ${query.length}.`, {
          width,
        });
      }
      checkWhole('take', take, 1, 2 ** 31 - 1);
      checkWhole('breadth', breadth, take, 2 ** 31 - 1);
      if (exclude && exclude.length !== rows) {
        const place = { rows, exclude: exclude.length };
        throw new AttuneError(
          'argument/invalid',
          `${rows} rows cannot leave out by ${exclude.length} marks.`,
          place,
        );
      }
      const q = euclideanQuery(query, metric, means);
      for (let wide = Math.min(breadth, rows); ; wide = Math.min(2 * wide, rows)) {
        if (wide > room) {
          search = createLayerSearch(graph, values, stored, wide);
          room = wide;
        }
        let from = entry;
        for (let layer = graph.levels[entry]!; layer > 0; layer--) from = search.descend(q, from, layer);
        const { nodes, distances, count } = search.walk(q, from, 0, wide);
        const kept: number[] = [];
        for (let i = 0; i < count && kept.length < take; i++) if (!exclude?.[nodes[i]!]) kept.push(i);
        if (kept.length < take && exclude && wide < rows) continue;
        return {
          rows: Int32Array.from(kept, (i) => nodes[i]!),
          scores: Float64Array.from(kept, (i) => scoreOf(q, nodes[i]!, distances[i]!)),
        };
      }
    },
    save: () => packIndex(parts),
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
