import { AttuneError } from '@attune/core';

/** How two vectors are compared: larger is more alike for 'dot' and 'cosine', smaller distance for 'euclidean'. */
export type Metric = 'dot' | 'cosine' | 'euclidean';

/** Vectors such that the nearest by Euclidean distance are the best by the metric. */
export interface EuclideanRows {
  /** [rows, width] row-major. */
  readonly values: Float32Array;
  readonly width: number;
}

/**
 * Checks `vectors` [rows, width]: whole rows, at least one, each value finite or NaN (not known); else `argument/invalid`.
 */
export function checkRows(vectors: Float32Array, width: number): void {
  if (!Number.isInteger(width) || width < 1 || vectors.length === 0 || vectors.length % width !== 0) {
    const place = { width, values: vectors.length };
    throw new AttuneError(
      'argument/invalid',
      `An index needs whole rows of ${width} values, not ${vectors.length} values.`,
      place,
    );
  }
  for (let i = 0; i < vectors.length; i++) {
    if (Math.abs(vectors[i]!) < Infinity || Number.isNaN(vectors[i]!)) continue;
    const place = { row: Math.floor(i / width), column: i % width };
    throw new AttuneError('argument/invalid', `Row ${place.row} of the vectors holds ${vectors[i]}.`, place);
  }
}

/** [width]: mean of each column over the rows that know it; 0 where none does. */
export function columnMeans(vectors: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  const counts = new Float64Array(width);
  vectors.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    sums[i % width]! += value;
    counts[i % width]!++;
  });
  return Float32Array.from(sums, (sum, j) => sum / Math.max(1, counts[j]!));
}

/** `values` [rows, width] with the mean of its column in place of each NaN: a copy. */
export function impute<A extends Float32Array | Float64Array>(values: A, means: Float32Array): A {
  return values.map((value, i) => (Number.isNaN(value) ? means[i % means.length]! : value)) as A;
}

/**
 * Rows as they are for Euclidean distance, of length 1 for cosine (a row of zeros stays), and for the dot product with
 * one more column √(M² − |x|²), M the longest row: then |q − x|² = |q|² + M² − 2 q·x (Bachrach et al. 2014).
 */
export function euclideanRows(vectors: Float32Array, width: number, metric: Metric): EuclideanRows {
  if (metric === 'euclidean') return { values: vectors.slice(), width };
  const rows = vectors.length / width;
  const lengths = Float64Array.from({ length: rows }, (_, row) => lengthOf(vectors, row * width, width));
  if (metric === 'cosine') {
    const values = vectors.map((value, i) => value / (lengths[Math.floor(i / width)]! || 1));
    return { values, width };
  }
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  const values = new Float32Array(rows * (width + 1));
  for (let row = 0; row < rows; row++) {
    values.set(vectors.subarray(row * width, (row + 1) * width), row * (width + 1));
    values[row * (width + 1) + width] = Math.sqrt(Math.max(0, longest ** 2 - lengths[row]! ** 2));
  }
  return { values, width: width + 1 };
}

/** [width]: a query for `euclideanRows` of the metric; `means` [width] stand for what it does not know. */
export function euclideanQuery(query: ArrayLike<number>, metric: Metric, means: Float32Array): Float64Array {
  const values = impute(Float64Array.from(query), means);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new AttuneError('argument/invalid', `Value ${bad} of the query is ${values[bad]}.`, {
      column: bad,
    });
  if (metric === 'euclidean') return values;
  if (metric === 'dot') return Float64Array.of(...values, 0);
  const length = lengthOf(values, 0, values.length) || 1;
  return values.map((value) => value / length);
}

function lengthOf(values: ArrayLike<number>, at: number, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += values[at + j]! ** 2;
  return Math.sqrt(sum);
}
