import type { PitchClass } from '../foundation/units.ts';

const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** Pitch class of a letter A–G with any sharps `#` and flats `b`; the caller has checked the form. */
export function parseNoteName(name: string): PitchClass {
  return (((LETTERS[name[0]!]! + semitonesOf(name.slice(1))) % 12) + 12) % 12;
}

/** Semitones of a run of sharps and flats. */
export function semitonesOf(accidentals: string): number {
  let shift = 0;
  for (const sign of accidentals) shift += sign === '#' ? 1 : -1;
  return shift;
}
