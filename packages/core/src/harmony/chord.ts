import type { PitchClass, Tick } from '../foundation/units.ts';

/** The chord qualities that are told apart, in Harte's shorthand (Harte et al. 2005, "Symbolic representation of musical chords"). */
export const CHORD_QUALITIES = [
  'maj',
  'min',
  'dim',
  'aug',
  'sus2',
  'sus4',
  '7',
  'maj7',
  'min7',
  'hdim7',
  'dim7',
] as const;
/** One of `CHORD_QUALITIES`. */
export type ChordQuality = (typeof CHORD_QUALITIES)[number];

/** Semitones above the root of each quality's tones: root, third (or suspension), fifth and, where there is one, seventh. */
export const CHORD_INTERVALS: Readonly<Record<ChordQuality, readonly number[]>> = {
  maj: [0, 4, 7],
  min: [0, 3, 7],
  dim: [0, 3, 6],
  aug: [0, 4, 8],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
  '7': [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  min7: [0, 3, 7, 10],
  hdim7: [0, 3, 6, 10],
  dim7: [0, 3, 6, 9],
};

/** A chord by pitch classes, with what is in the bass. */
export interface Chord {
  readonly root: PitchClass;
  readonly quality: ChordQuality;
  /** Lowest pitch class; the root where the chord is not inverted. */
  readonly bass: PitchClass;
}

/** What sounds from `start` up to, not including, `end`; `undefined` is no chord. */
export interface ChordSpan {
  readonly start: Tick;
  readonly end: Tick;
  readonly chord: Chord | undefined;
}

/** Pitch classes of a chord, root first; a bass that is no chord tone comes last. */
export function chordTones(chord: Chord): PitchClass[] {
  const tones = CHORD_INTERVALS[chord.quality].map((interval) => (chord.root + interval) % 12);
  return tones.includes(chord.bass) ? tones : [...tones, chord.bass];
}
