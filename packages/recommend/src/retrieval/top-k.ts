import { AttuneError } from '@attune/core';
import { selectTop } from '../algebra/select-top.ts';

/** The best rows, best first; of equal scores the lower row first. Both arrays are [min(k, rows not left out)]. */
export interface TopK {
  readonly rows: Int32Array;
  readonly scores: Float64Array;
}

/** What a choice of rows may leave out. */
export interface TopKOptions {
  /** [rows]: a row with anything but 0 is left out. */
  readonly exclude?: Uint8Array;
}

/**
 * The `k` largest of `scores` [rows], exactly, by one pass with a bounded heap (`selectTop`). A row of −∞ is left out, as models
 * write it for what they rule out.
 * @throws `argument/invalid` for NaN, for k that is no whole number from 1, or an `exclude` of another length.
 */
export function topK(scores: ArrayLike<number>, k: number, options: TopKOptions = {}): TopK {
  const { exclude } = options;
  if (exclude && exclude.length !== scores.length) {
    const place = { rows: scores.length, exclude: exclude.length };
    throw new AttuneError(
      'argument/invalid',
      `${scores.length} rows cannot leave out by ${exclude.length} marks.`,
      place,
    );
  }
  for (let row = 0; row < scores.length; row++) {
    if (!Number.isNaN(scores[row]!)) continue;
    throw new AttuneError('argument/invalid', `The score of row ${row} is NaN.`, { row });
  }
  const rows = Int32Array.from(selectTop(scores, k, exclude && ((row) => exclude[row] !== 0)));
  return { rows, scores: Float64Array.from(rows, (row) => scores[row]!) };
}

/**
 * The `k` rows of `vectors` [rows, query.length] (row-major) with the largest dot product with `query`, exactly.
 * @throws `argument/invalid` as `topK`, or where the vectors are not whole rows.
 */
export function topKByDot(
  query: ArrayLike<number>,
  vectors: Float32Array | Float64Array,
  k: number,
  options: TopKOptions = {},
): TopK {
  return topK(dotRows(query, vectors), k, options);
}

/** [rows]: dot product of `query` [d] with each row of `vectors` [rows, d]. */
export function dotRows(query: ArrayLike<number>, vectors: Float32Array | Float64Array): Float64Array {
  const width = query.length;
  if (width === 0 || vectors.length % width !== 0) {
    throw new AttuneError('argument/invalid', `${vectors.length} values are not rows of ${width}.`, {
      width,
      values: vectors.length,
    });
  }
  const q = Float64Array.from(query);
  const scores = new Float64Array(vectors.length / width);
  const whole = width - (width % 4);
  for (let row = 0, at = 0; row < scores.length; row++, at += width) {
    let [a, b, c, d] = [0, 0, 0, 0]; // four sums: no addition waits for the one before
    for (let j = 0; j < whole; j += 4) {
      a += q[j]! * vectors[at + j]!;
      b += q[j + 1]! * vectors[at + j + 1]!;
      c += q[j + 2]! * vectors[at + j + 2]!;
      d += q[j + 3]! * vectors[at + j + 3]!;
    }
    for (let j = whole; j < width; j++) a += q[j]! * vectors[at + j]!;
    scores[row] = a + b + (c + d);
  }
  return scores;
}
