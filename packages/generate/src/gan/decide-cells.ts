import { BAND_PARTS, type BandPart } from '../performance/band-parts.ts';
import { CELLS, PART_CELLS } from './band-roll.ts';

/**
 * The likeliest playable roll by the scores [steps × CELLS] of a window, each the logit of its cell: a drum is struck, and a
 * part strikes, where its score is above 0; a pitch sounds from a stroke of its part (or from the start of the window, where it goes on from before)
 * for as long as makes the sum of its scores greatest, at most up to the next stroke, and not at all where no such sum is above 0.
 * Cells decided one by one would let a note that is likely and not certain break off and come back. Parts in `given` are
 * taken from `kept` [steps × CELLS].
 */
export function decideCells(scores: Float32Array, kept: Uint8Array, given: readonly BandPart[]): Uint8Array {
  const cells = Uint8Array.from(kept);
  const steps = scores.length / CELLS;
  for (const part of BAND_PARTS) {
    if (given.includes(part)) continue;
    const { from, count, strike } = PART_CELLS[part];
    if (strike < 0) {
      for (let at = from; at < scores.length; at += CELLS) {
        for (let cell = at; cell < at + count; cell++) cells[cell] = scores[cell]! > 0 ? 1 : 0;
      }
      continue;
    }
    let first = 0;
    for (let step = 1; step <= steps; step++) {
      if (step < steps && scores[step * CELLS + strike]! <= 0) continue;
      cells[first * CELLS + strike] = scores[first * CELLS + strike]! > 0 ? 1 : 0;
      for (let cell = from; cell < from + count; cell++) holdLikeliest(scores, cells, cell, first, step);
      first = step;
    }
  }
  return cells;
}

/** Sets one cell from step `first` on for as long as its sum of scores is greatest, before `end`. */
function holdLikeliest(
  scores: Float32Array,
  cells: Uint8Array,
  cell: number,
  first: number,
  end: number,
): void {
  let [sum, best, until] = [0, 0, first];
  for (let step = first; step < end; step++) {
    sum += scores[step * CELLS + cell]!;
    if (sum > best) [best, until] = [sum, step + 1];
  }
  for (let step = first; step < until; step++) cells[step * CELLS + cell] = 1;
}
