import type { PitchClass } from '../foundation/units.ts';
import { CHORD_INTERVALS, CHORD_QUALITIES, type Chord, type ChordQuality } from './chord.ts';
import { parseNoteName } from './note-name.ts';

/** A chord as lead sheets write it, with every tone that its colour asks for. */
export interface ColouredChord {
  readonly root: PitchClass;
  /** Semitones above the root, ascending; ninths and higher above 12. */
  readonly intervals: readonly number[];
  readonly bass: PitchClass;
}

const [MAJOR, MINOR] = [
  [0, 4, 7],
  [0, 3, 7],
];
const SEVENTH = [0, 4, 7, 10];
const MAJOR_SEVENTH = [0, 4, 7, 11];
const MINOR_SEVENTH = [0, 3, 7, 10];

/** Spellings of colours in lead sheets and ABC (2.1, § 4.18) → intervals; those of the same line mean the same. */
const COLOURS: readonly (readonly [spellings: string, intervals: readonly number[]])[] = [
  [' maj M', MAJOR],
  ['m min mi -', MINOR],
  ['dim o ° dim5', [0, 3, 6]],
  ['aug + aug5 #5', [0, 4, 8]],
  ['5', [0, 7]],
  ['sus sus4', [0, 5, 7]],
  ['sus2 2', [0, 2, 7]],
  ['6', [0, 4, 7, 9]],
  ['m6 min6', [0, 3, 7, 9]],
  ['69 6/9', [0, 4, 7, 9, 14]],
  ['m69', [0, 3, 7, 9, 14]],
  ['add9 add2', [0, 4, 7, 14]],
  ['madd9', [0, 3, 7, 14]],
  ['7', SEVENTH],
  ['7sus4 7sus', [0, 5, 7, 10]],
  ['aug7 7#5 +7', [0, 4, 8, 10]],
  ['7b5', [0, 4, 6, 10]],
  ['9', [...SEVENTH, 14]],
  ['9sus4', [0, 5, 7, 10, 14]],
  ['7b9', [...SEVENTH, 13]],
  ['7#9', [...SEVENTH, 15]],
  ['7alt', [0, 4, 8, 10, 13]],
  ['11', [...SEVENTH, 14, 17]],
  ['13', [...SEVENTH, 14, 21]],
  ['13b9', [...SEVENTH, 13, 21]],
  ['maj7 M7 Δ', MAJOR_SEVENTH],
  ['maj9 M9', [...MAJOR_SEVENTH, 14]],
  ['maj13', [...MAJOR_SEVENTH, 14, 21]],
  ['maj7#11', [...MAJOR_SEVENTH, 18]],
  ['m7 min7 mi7 -7', MINOR_SEVENTH],
  ['m9', [...MINOR_SEVENTH, 14]],
  ['m11', [...MINOR_SEVENTH, 14, 17]],
  ['m13', [...MINOR_SEVENTH, 14, 21]],
  ['mmaj7 mM7 minmaj7', [0, 3, 7, 11]],
  ['m7b5 min7b5 m7-5 ø ø7 hdim7', [0, 3, 6, 10]],
  ['dim7 o7 °7', [0, 3, 6, 9]],
];
const BY_SPELLING = new Map(
  COLOURS.flatMap(([spellings, intervals]) => spellings.split(' ').map((name) => [name, intervals] as const)),
);

/** Reads a lead-sheet symbol such as `F#m9` or `C6/E`; `undefined` for anything else, `N.C.` among it. */
export function parseColouredChord(symbol: string): ColouredChord | undefined {
  const match = /^([A-G][#b]*)(.*?)(?:\/([A-Ga-g][#b]*))?$/u.exec(symbol.trim());
  const intervals = match && BY_SPELLING.get(match[2]!);
  if (!intervals) return undefined;
  const root = parseNoteName(match[1]!);
  const bass = match[3] === undefined ? root : parseNoteName(match[3][0]!.toUpperCase() + match[3].slice(1));
  return { root, intervals, bass };
}

/**
 * The chord of the qualities that are told apart with the same function: a dominant seventh wherever major third and
 * minor seventh sound, else the quality with most of the colour's tones and none besides (a power chord is major).
 */
export function simplifyColour({ root, intervals, bass }: ColouredChord): Chord {
  const has = (interval: number): boolean => intervals.includes(interval);
  const inside = CHORD_QUALITIES.filter((quality) => CHORD_INTERVALS[quality].every(has));
  const largest = inside.reduce<ChordQuality | undefined>(
    (best, quality) =>
      best === undefined || CHORD_INTERVALS[quality].length > CHORD_INTERVALS[best].length ? quality : best,
    undefined,
  );
  const isDominant = has(10) && (has(4) || has(5));
  return { root, quality: isDominant ? '7' : (largest ?? 'maj'), bass };
}
