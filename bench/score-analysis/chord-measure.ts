/** A label as the measures see it: root (−1: no chord), semitones that sound above the root, bass included. */
export interface EncodedChord {
  readonly root: number;
  /** [12] */
  readonly tones: readonly boolean[];
}

export type ChordMeasure = 'root' | 'majmin' | 'sevenths';
export const CHORD_MEASURES: readonly ChordMeasure[] = ['root', 'majmin', 'sevenths'];

const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const DEGREES = [0, 2, 4, 5, 7, 9, 11];
/** Shorthands of Harte et al. (2005), table 1, that occur in the annotations or in our own labels. */
const SHORTHANDS: Readonly<Record<string, readonly number[]>> = {
  maj: [0, 4, 7],
  min: [0, 3, 7],
  dim: [0, 3, 6],
  aug: [0, 4, 8],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
  '7': [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  min7: [0, 3, 7, 10],
  minmaj7: [0, 3, 7, 11],
  hdim7: [0, 3, 6, 10],
  dim7: [0, 3, 6, 9],
  maj6: [0, 4, 7, 9],
  min6: [0, 3, 7, 9],
};

export function encodeChord(label: string): EncodedChord {
  if (label === 'N') return { root: -1, tones: new Array<boolean>(12).fill(false) };
  const match = /^([A-G][#b]*)(?::([a-z0-9]*)(?:\(([^)]*)\))?)?(?:\/(.+))?$/.exec(label);
  const intervals = match && SHORTHANDS[match[2] ?? 'maj'];
  if (!match || !intervals) throw new Error(`No chord: ${label}`);
  const root = (((LETTERS[match[1]![0]!]! + shift(match[1]!.slice(1))) % 12) + 12) % 12;
  const extra = [...(match[3]?.split(',') ?? []), ...(match[4] ? [match[4]] : [])].map(semitonesOf);
  const tones = Array.from({ length: 12 }, (_, i) => intervals.includes(i) || extra.includes(i));
  return { root, tones };
}

/**
 * 1 or 0, or undefined where the reference is outside the measure's vocabulary: the comparisons of MIREX (Pauwels &
 * Peeters 2013), root alone; major or minor by all that lies within the fifth; sevenths among maj, min, 7, maj7, min7.
 */
export function compareChords(
  measure: ChordMeasure,
  reference: EncodedChord,
  estimate: EncodedChord,
): number | undefined {
  const sameRoot = reference.root === estimate.root;
  if (measure === 'root') return Number(sameRoot);
  const length = measure === 'majmin' ? 8 : 12;
  const vocabulary = measure === 'majmin' ? ['maj', 'min'] : ['maj', 'min', '7', 'maj7', 'min7'];
  const known =
    reference.root < 0 ||
    vocabulary.some((name) => agree(reference.tones, length, (i) => SHORTHANDS[name]!.includes(i)));
  if (!known) return undefined;
  return Number(sameRoot && agree(reference.tones, length, (i) => estimate.tones[i]!));
}

export interface ChordSecond {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** Seconds right and seconds that count, over the time for which there is a reference; time without estimate is `N`. */
export function measureChords(
  measure: ChordMeasure,
  reference: readonly ChordSecond[],
  estimate: readonly ChordSecond[],
): { readonly right: number; readonly counted: number } {
  let [right, counted, first] = [0, 0, 0];
  for (const span of reference) {
    const target = encodeChord(span.label);
    let uncovered = span.end - span.start;
    const add = (label: string, seconds: number): void => {
      const result = compareChords(measure, target, encodeChord(label));
      if (result === undefined) return;
      counted += seconds;
      right += result * seconds;
    };
    while (first < estimate.length && estimate[first]!.end <= span.start) first++;
    for (let i = first; i < estimate.length && estimate[i]!.start < span.end; i++) {
      const seconds = Math.min(span.end, estimate[i]!.end) - Math.max(span.start, estimate[i]!.start);
      if (seconds <= 0) continue;
      uncovered -= seconds;
      add(estimate[i]!.label, seconds);
    }
    if (uncovered > 1e-9) add('N', uncovered);
  }
  return { right, counted };
}

function agree(tones: readonly boolean[], length: number, expected: (interval: number) => boolean): boolean {
  for (let i = 0; i < length; i++) if (tones[i] !== expected(i)) return false;
  return true;
}

function semitonesOf(degree: string): number {
  const match = /^([#b]*)(\d+)$/.exec(degree);
  if (!match) throw new Error(`No degree: ${degree}`);
  return (DEGREES[(Number(match[2]) - 1) % 7]! + shift(match[1]!) + 24) % 12;
}

function shift(signs: string): number {
  return [...signs].reduce((sum, sign) => sum + (sign === '#' ? 1 : -1), 0);
}
