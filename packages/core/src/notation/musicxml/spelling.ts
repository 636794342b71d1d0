import type { KeyEvent, Note, Score } from '../../score/score.ts';
import { findKey } from '../../score/find-key.ts';

/** A written pitch: letter, alteration in semitones (−2 … 2) and octave (4 starts at middle C). */
export interface Spelling {
  readonly step: 'C' | 'D' | 'E' | 'F' | 'G' | 'A' | 'B';
  readonly alter: number;
  readonly octave: number;
}

/** Letters on the line of fifths; position 0 is C, 1 is G, −1 is F. */
const LETTERS = ['F', 'C', 'G', 'D', 'A', 'E', 'B'] as const;
const CHROMA_OF_LETTER = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 } as const;

/** Middle of a key's names on the line of fifths: its chromatic degrees are the twelve from −3 to 8 (major). */
const MAJOR_CENTRE = 2.5;
const MINOR_CENTRE = 3.5;
/** Quarters after which a note counts half in the centre of gravity, and the weight of the key beside them. */
const HALF_LIFE_QUARTERS = 4;
const KEY_WEIGHT = 4;

/**
 * Names all pitches by the line of fifths, after the pitch-variance rule of Temperley (2001, ch. 5): each note
 * takes the name nearest to the centre of gravity of the notes before it. Our variant is greedy, weighs notes by
 * length with exponential forgetting (half in four quarters), and adds the middle of the key as a constant weight.
 */
export function spellNotes(score: Score): ReadonlyMap<Note, Spelling> {
  const notes = score.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes);
  notes.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const keys = keysOf(score);
  const spellings = new Map<Note, Spelling>();
  const halfLife = HALF_LIFE_QUARTERS * score.ticksPerQuarter;
  let key = 0;
  let [sum, weight, now] = [0, 0, 0];
  for (const note of notes) {
    while (keys[key + 1] && keys[key + 1]!.tick <= note.start) key++;
    const decay = 2 ** -((note.start - now) / halfLife);
    [sum, weight, now] = [sum * decay, weight * decay, note.start];
    const centre = (sum + KEY_WEIGHT * centreOf(keys[key]!)) / (weight + KEY_WEIGHT);
    const position = nearestName(note.pitch, centre);
    const length = Math.min(note.duration / score.ticksPerQuarter, 2);
    sum += position * length;
    weight += length;
    spellings.set(note, spellingAt(position, note.pitch));
  }
  return spellings;
}

/** The stated keys from tick 0 on; before them, or where none is stated, the key that the notes suggest. */
export function keysOf(score: Score): KeyEvent[] {
  if (score.keys[0]?.tick === 0) return [...score.keys];
  if (score.keys[0]) return [{ ...score.keys[0], tick: 0 }, ...score.keys.slice(1)];
  const found = findKey(score);
  if (!found) return [{ tick: 0, fifths: 0, mode: 'major' }];
  const major = found.mode === 'major' ? found.tonic : found.tonic + 3;
  return [{ tick: 0, fifths: ((((major * 7 + 5) % 12) + 12) % 12) - 5, mode: found.mode }];
}

function centreOf({ fifths, mode }: KeyEvent): number {
  return fifths + (mode === 'major' ? MAJOR_CENTRE : MINOR_CENTRE);
}

/** Names of a pitch class stand twelve fifths apart; double flats of F to double sharps of B are written. */
function nearestName(pitch: number, centre: number): number {
  const first = (((pitch * 7) % 12) + 12) % 12;
  const candidates = [first - 24, first - 12, first, first + 12].filter((at) => at >= -15 && at <= 19);
  return candidates.reduce((a, b) => (Math.abs(b - centre) < Math.abs(a - centre) ? b : a));
}

function spellingAt(position: number, pitch: number): Spelling {
  const alter = Math.floor((position + 1) / 7);
  const step = LETTERS[position + 1 - 7 * alter]!;
  return { step, alter, octave: (pitch - alter - CHROMA_OF_LETTER[step]) / 12 - 1 };
}

/** Alteration that a key signature gives a letter: the first `fifths` of F C G D A E B are sharp, or flat from B. */
export function alterInKey(step: Spelling['step'], fifths: number): number {
  const place = LETTERS.indexOf(step);
  if (fifths > 0) return place < fifths ? 1 : 0;
  return fifths < 0 && 6 - place < -fifths ? -1 : 0;
}
