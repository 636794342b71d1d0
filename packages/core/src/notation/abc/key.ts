/** Letters in the order in which sharps enter a key signature. */
const SHARP_ORDER = 'FCGDAEB';
const FIFTHS_FROM_MAJOR: Readonly<Record<string, number>> = {
  ...{ '': 0, maj: 0, ion: 0, lyd: 1, mix: -1, dor: -2 },
  ...{ m: -3, min: -3, aeo: -3, phr: -4, loc: -5 },
};
const MINOR_MODES = ['m', 'min', 'aeo', 'dor', 'phr', 'loc'];

/** A key as ABC 2.1 (§ 3.1.14) states it. */
export interface AbcKey {
  /** Sharps of the signature, flats below 0; may lie beyond seven. */
  readonly fifths: number;
  /** By the third of the mode: dorian, phrygian and locrian are minor. */
  readonly mode: 'major' | 'minor';
  /** Alteration in semitones of each letter A–G, explicit accidentals included. */
  readonly alters: Readonly<Record<string, number>>;
}

export const C_MAJOR: AbcKey = { fifths: 0, mode: 'major', alters: altersOf(0) };

/**
 * Reads the text of a K: field without clef and other name=value parts. Undefined where it states no key;
 * `'unknown'` where it cannot be read. `HP` has no signature, and sounds as `Hp`: F and C sharp.
 */
export function parseKey(text: string): AbcKey | 'unknown' | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (/^none\b/i.test(trimmed)) return withAccidentals(C_MAJOR, trimmed.slice(4));
  if (/^H[Pp]\b/.test(trimmed)) return { fifths: 2, mode: 'major', alters: altersOf(2) };
  const explicit = /^[_=^]/.test(trimmed);
  if (explicit) return withAccidentals(C_MAJOR, trimmed);
  const match = /^([A-G])([#b]?)\s*([A-Za-z]*)\s*(.*)$/.exec(trimmed);
  if (!match) return 'unknown';
  const [, letter, sign, word, rest] = match as unknown as [string, string, string, string, string];
  if (word.toLowerCase() === 'exp') return withAccidentals(C_MAJOR, rest);
  const expMatch = /^exp\b(.*)$/i.exec(rest);
  const mode = word.toLowerCase().slice(0, 3);
  const fromMajor = FIFTHS_FROM_MAJOR[mode];
  if (fromMajor === undefined) return 'unknown';
  const fifths = SHARP_ORDER.indexOf(letter) - 1 + (sign === '#' ? 7 : sign === 'b' ? -7 : 0) + fromMajor;
  const key: AbcKey = {
    fifths,
    mode: MINOR_MODES.includes(mode) ? 'minor' : 'major',
    alters: altersOf(fifths),
  };
  return expMatch
    ? withAccidentals({ ...key, alters: altersOf(0) }, expMatch[1]!)
    : withAccidentals(key, rest);
}

const ACCIDENTALS: Readonly<Record<string, number>> = { '^': 1, '^^': 2, _: -1, __: -2, '=': 0 };

/** Semitones of an accidental sign; undefined for another text. */
export function alterOf(sign: string): number | undefined {
  return ACCIDENTALS[sign];
}

function withAccidentals(key: AbcKey, text: string): AbcKey | 'unknown' {
  const alters = { ...key.alters };
  let rest = text.trim();
  while (rest !== '') {
    const match = /^(\^\^?|__?|=)([A-Ga-g])\s*/.exec(rest);
    if (!match) return 'unknown';
    alters[match[2]!.toUpperCase()] = ACCIDENTALS[match[1]!]!;
    rest = rest.slice(match[0].length);
  }
  return { ...key, alters };
}

function altersOf(fifths: number): Record<string, number> {
  return Object.fromEntries(
    [...SHARP_ORDER].map((letter, i): [string, number] => [letter, Math.floor((fifths - i + 6) / 7)]),
  );
}
