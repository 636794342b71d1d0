import { AttuneError } from '../foundation/errors.ts';
import type { PitchClass } from '../foundation/units.ts';
import type { Chord, ChordQuality } from './chord.ts';
import { parseNoteName, semitonesOf } from './note-name.ts';

/** How a chord is spelt. */
export interface ChordFormat {
  /** `harte`: `C:min7/b3`, `N`, for files and measurements; `symbol` (the default): `Cm7/Eb`, `N.C.`, as on a lead sheet. */
  readonly notation?: 'harte' | 'symbol';
  /** How black keys are spelt; flats by default. */
  readonly accidentals?: 'sharps' | 'flats';
}

const NAMES = {
  flats: ['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'],
  sharps: ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'],
} as const;
/** Degrees of Harte's syntax for 0 to 11 semitones above the root. */
const DEGREES = ['1', 'b2', '2', 'b3', '3', '4', 'b5', '5', '#5', '6', 'b7', '7'] as const;
const SYMBOLS: Readonly<Record<ChordQuality, string>> = {
  maj: '',
  min: 'm',
  dim: 'dim',
  aug: 'aug',
  sus2: 'sus2',
  sus4: 'sus4',
  '7': '7',
  maj7: 'maj7',
  min7: 'm7',
  hdim7: 'm7b5',
  dim7: 'dim7',
};
/** Other spellings that are read; our own are added below. */
const READ_QUALITIES: Readonly<Record<string, ChordQuality>> = {
  M: 'maj',
  '-': 'min',
  '°': 'dim',
  o: 'dim',
  '+': 'aug',
  sus: 'sus4',
  M7: 'maj7',
  Δ: 'maj7',
  '-7': 'min7',
  ø: 'hdim7',
  '°7': 'dim7',
  o7: 'dim7',
  ...Object.fromEntries(
    Object.entries(SYMBOLS).map(([quality, symbol]) => [symbol, quality as ChordQuality]),
  ),
  ...Object.fromEntries(Object.keys(SYMBOLS).map((quality) => [quality, quality as ChordQuality])),
};
const MAJOR_DEGREES = [0, 2, 4, 5, 7, 9, 11];

/** A chord's name; `undefined` is `N` (Harte) or `N.C.`. `parseChord` reads it back. */
export function formatChord(chord: Chord | undefined, format: ChordFormat = {}): string {
  const harte = format.notation === 'harte';
  if (!chord) return harte ? 'N' : 'N.C.';
  const names = NAMES[format.accidentals ?? 'flats'];
  const head = names[chord.root]! + (harte ? `:${chord.quality}` : SYMBOLS[chord.quality]);
  if (chord.bass === chord.root) return head;
  return `${head}/${harte ? DEGREES[(chord.bass - chord.root + 12) % 12]! : names[chord.bass]!}`;
}

/**
 * Reads either notation, telling them apart by the colon: `F#:min7/b3`, `F#m7/A`, `N`, `N.C.`. A bare root is a
 * major chord.
 * @throws `argument/invalid` for text that names no chord, or a quality that is not in `CHORD_QUALITIES`.
 */
export function parseChord(text: string): Chord | undefined {
  if (text === 'N' || text === 'N.C.') return undefined;
  const match = /^([A-G])([#b]*)(:?)([^/]*)(?:\/(.+))?$/u.exec(text);
  const quality = match && READ_QUALITIES[match[4]!];
  if (!match || !quality || !Object.hasOwn(READ_QUALITIES, match[4]!)) throw notAChord(text);
  const root = parseNoteName(match[1]! + match[2]!);
  const bass = match[5] === undefined ? root : parseBass(match[5], root);
  if (bass === undefined) throw notAChord(text);
  return { root, quality, bass };
}

function parseBass(text: string, root: PitchClass): PitchClass | undefined {
  const note = /^([A-G])([#b]*)$/.exec(text);
  if (note) return parseNoteName(note[1]! + note[2]!);
  const degree = /^([#b]*)(\d{1,2})$/.exec(text);
  const number = Number(degree?.[2]);
  if (!degree || number < 1 || number > 13) return undefined;
  return (root + MAJOR_DEGREES[(number - 1) % 7]! + semitonesOf(degree[1]!) + 120) % 12;
}

function notAChord(text: string): AttuneError {
  return new AttuneError(
    'argument/invalid',
    `${JSON.stringify(text.slice(0, 40))} names no chord that is known.`,
    {
      chord: text.slice(0, 40),
    },
  );
}
