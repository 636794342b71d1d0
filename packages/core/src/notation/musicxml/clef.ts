import type { Note } from '../../score/score.ts';

/** A MusicXML clef. */
export interface Clef {
  readonly sign: 'G' | 'F' | 'C' | 'percussion';
  readonly line?: number;
  readonly octaveChange?: -1 | 1;
}

export const TREBLE: Clef = { sign: 'G', line: 2 };
export const BASS: Clef = { sign: 'F', line: 4 };
const ALTO: Clef = { sign: 'C', line: 3 };
const TENOR_VOICE: Clef = { sign: 'G', line: 2, octaveChange: -1 };
const PICCOLO: Clef = { sign: 'G', line: 2, octaveChange: 1 };
const DOUBLE_BASS: Clef = { sign: 'F', line: 4, octaveChange: -1 };

const VIOLA = 41;
const GUITARS = [24, 31] as const;
const BASSES = [32, 39] as const;
const CONTRABASS = 43;

/** The clef for a staff's notes: the instrument's own where it has one, else by the mean pitch. */
export function clefOf(notes: readonly Note[], program: number): Clef {
  const mean = notes.reduce((sum, note) => sum + note.pitch, 0) / Math.max(1, notes.length);
  if (program === VIOLA && mean < 74) return ALTO;
  if (isWithin(program, GUITARS) && mean < 72) return TENOR_VOICE;
  if ((isWithin(program, BASSES) || program === CONTRABASS) && mean < 48) return DOUBLE_BASS;
  if (mean > 89) return PICCOLO;
  if (notes.length === 0 || mean >= 59) return TREBLE;
  return mean < 34 ? DOUBLE_BASS : BASS;
}

function isWithin(program: number, [first, last]: readonly [number, number]): boolean {
  return program >= first && program <= last;
}
