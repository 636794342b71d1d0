import { GRID_PER_QUARTER, HOLD, type MelodyGrid } from './melody-grid.ts';

/**
 * What can be turned up and down in a melody. `density`: notes a quarter. `height`: mean pitch. `syncopation`: share of
 * notes off the beat (on an odd sixteenth or eighth) with no note on the stronger place just before, as Roberts et al.
 * 2018 count it. `leaps`: mean size of the intervals in semitones.
 */
export const MELODY_ATTRIBUTES = ['density', 'height', 'syncopation', 'leaps'] as const;
/** One of `MELODY_ATTRIBUTES`. */
export type MelodyAttribute = (typeof MELODY_ATTRIBUTES)[number];

const EIGHTH = GRID_PER_QUARTER / 2;

/** Values in the order of `MELODY_ATTRIBUTES`; a melody without notes has zeros. */
export function attributesOf(grid: MelodyGrid): Float64Array {
  let [notes, pitches, syncopated, leaps, last] = [0, 0, 0, 0, -1];
  grid.forEach((value, step) => {
    if (value >= HOLD) return;
    notes++;
    pitches += value;
    if (last >= 0) leaps += Math.abs(value - last);
    last = value;
    const weakness = step % EIGHTH !== 0 ? 1 : step % GRID_PER_QUARTER !== 0 ? EIGHTH : 0;
    if (weakness > 0 && grid[step - weakness]! >= HOLD) syncopated++;
  });
  if (notes === 0) return new Float64Array(MELODY_ATTRIBUTES.length);
  return Float64Array.of(
    (notes * GRID_PER_QUARTER) / grid.length,
    pitches / notes,
    syncopated / notes,
    leaps / Math.max(1, notes - 1),
  );
}
