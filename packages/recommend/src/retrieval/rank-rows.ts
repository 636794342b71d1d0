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
