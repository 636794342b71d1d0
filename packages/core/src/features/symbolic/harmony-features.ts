import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { mean, share, shareOf } from './statistics.ts';

const JSYMBOLIC = 'McKay 2010 (jSymbolic)';

/** By interval class 0 … 6. */
const INTERVAL_CLASSES = [
  ['verticalUnison', 'unison or octave'],
  ['verticalSemitone', 'semitone'],
  ['verticalTone', 'tone'],
  ['verticalMinorThird', 'minor third'],
  ['verticalMajorThird', 'major third'],
  ['verticalFourth', 'fourth'],
  ['verticalTritone', 'tritone'],
] as const;

/** Chord types as sets of semitones above the root. */
const CHORDS = {
  majorTriad: [0, 4, 7],
  minorTriad: [0, 3, 7],
  diminishedTriad: [0, 3, 6],
  augmentedTriad: [0, 4, 8],
  dominantSeventh: [0, 4, 7, 10],
  majorSeventh: [0, 4, 7, 11],
  minorSeventh: [0, 3, 7, 10],
  diminishedSeventh: [0, 3, 6, 9],
  halfDiminished: [0, 3, 6, 10],
} as const;
type Chord = keyof typeof CHORDS;

/** A sonority's pitch classes as bits → the chord it is, in any inversion, with nothing added or left out. */
const CHORD_OF_SET: ReadonlyMap<number, Chord> = new Map(
  (Object.keys(CHORDS) as Chord[]).flatMap((chord) =>
    Array.from({ length: 12 }, (_, root): [number, Chord] => [
      (CHORDS[chord] as readonly number[]).reduce((set, step) => set | (1 << ((root + step) % 12)), 0),
      chord,
    ]),
  ),
);

export const HARMONY_FEATURES: readonly SymbolicFeature[] = [
  ...INTERVAL_CLASSES.map(([name, words], intervalClass) =>
    feature(
      name,
      'share',
      `Pairs of notes in sonorities that are a ${words} (octaves and inversions apart).`,
      `${JSYMBOLIC}, wrapped vertical interval histogram`,
      (c) => verticalShare(c, intervalClass),
    ),
  ),
  ...(Object.keys(CHORDS) as Chord[]).map((chord) =>
    feature(
      `${chord}Share`,
      'share',
      `Sonorities of three or more notes whose pitch classes are exactly a ${words(chord)}, in any inversion.`,
      `${JSYMBOLIC}, chord type histogram`,
      (c) => chordShare(c, chord),
    ),
  ),
  feature(
    'otherChordShare',
    'share',
    'Sonorities of three or more pitch classes that are no triad or seventh chord.',
    `${JSYMBOLIC}, complex chords`,
    otherChordShare,
  ),
  feature(
    'harmonicRhythm',
    'changes/sonority',
    'Sonorities whose set of pitch classes differs from the one before.',
    'own, after jSymbolic chord duration',
    harmonicRhythm,
  ),
  feature(
    'bassStepShare',
    'share',
    'Moves of the lowest note by 1 or 2 semitones, among its moves.',
    'own',
    (c) => shareOf(bassMoves(c), (m) => m <= 2),
  ),
  feature(
    'bassFifthShare',
    'share',
    'Moves of the lowest note by 5 or 7 semitones, among its moves.',
    'own',
    (c) => shareOf(bassMoves(c), (m) => m === 5 || m === 7),
  ),
  feature('bassMoveMean', 'semitones', 'Mean size of the moves of the lowest note.', 'own', (c) =>
    mean(bassMoves(c)),
  ),
];

function feature(
  name: string,
  unit: string,
  description: string,
  source: string,
  value: SymbolicFeature['value'],
): SymbolicFeature {
  return { name, group: 'harmony', unit, description, source, value };
}

function words(chord: Chord): string {
  return chord.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function verticalShare({ sonorities }: SymbolicContext, intervalClass: number): number {
  let count = 0;
  let pairs = 0;
  for (const { pitches } of sonorities) {
    for (let a = 0; a < pitches.length; a++) {
      for (let b = a + 1; b < pitches.length; b++) {
        const steps = (pitches[b]! - pitches[a]!) % 12;
        if (Math.min(steps, 12 - steps) === intervalClass) count++;
        pairs++;
      }
    }
  }
  return share(count, pairs);
}

function classSet(pitches: readonly number[]): number {
  return pitches.reduce((set, pitch) => set | (1 << (pitch % 12)), 0);
}

function chordShare({ sonorities }: SymbolicContext, chord: Chord): number {
  const full = sonorities.filter(({ pitches }) => pitches.length >= 3);
  return share(
    full.filter(({ pitches }) => CHORD_OF_SET.get(classSet(pitches)) === chord).length,
    full.length,
  );
}

function otherChordShare({ sonorities }: SymbolicContext): number {
  const sets = sonorities.map(({ pitches }) => classSet(pitches)).filter((set) => bitCount(set) >= 3);
  return share(sets.filter((set) => !CHORD_OF_SET.has(set)).length, sets.length);
}

function bitCount(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function harmonicRhythm({ sonorities }: SymbolicContext): number {
  let changes = 0;
  for (let i = 1; i < sonorities.length; i++) {
    if (classSet(sonorities[i]!.pitches) !== classSet(sonorities[i - 1]!.pitches)) changes++;
  }
  return share(changes, Math.max(0, sonorities.length - 1));
}

/** Sizes of the moves of the lowest sounding note that are not repeats. */
function bassMoves({ sonorities }: SymbolicContext): number[] {
  const moves: number[] = [];
  for (let i = 1; i < sonorities.length; i++) {
    const move = Math.abs(sonorities[i]!.pitches[0]! - sonorities[i - 1]!.pitches[0]!);
    if (move > 0) moves.push(move);
  }
  return moves;
}
