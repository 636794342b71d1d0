import type { KeyResult } from '../score/find-key.ts';
import { majorness } from '../features/symbolic/key-lean.ts';
import { isDrumRow, type NoteTable } from '../features/symbolic/note-table.ts';
import { scaleShare } from '../features/symbolic/scale.ts';
import { visitSonorities } from '../features/symbolic/sounding.ts';
import type { MoodAxis } from './conditioning.ts';
import { MOOD_TABLES, type MoodTables } from './mood-tables.ts';

/**
 * Where a piece lies on the three mood axes of Schimmack & Grob (2000), which Ilie & Thompson (2006) tie to acoustic
 * cues, in raw units of our own. The cues and the order of their weights follow Eerola, Friberg & Bresin
 * (2013, "Emotional expression in music: contribution, linearity, and additivity of primary musical cues"): they
 * found the cues to act linearly and additively. The weights themselves are ours.
 */
export type RawMood = Readonly<Record<MoodAxis, number>>;

/** Onset slices looked at for dissonance: bounds the cost on long pieces. */
const SLICE_LIMIT = 4096;

/**
 * Dissonance of an interval class 0…6 in 0…1: Huron's (1994) interval-class consonance index
 * (semitone −1.428, tone −0.582, minor third 0.594, major third 0.386, fourth 1.240, tritone −0.453), turned over
 * and scaled so that the fourth (fifth) is 0 and the semitone 1. Unison and octave are 0.
 */
const CONSONANCE = [1.24, -1.428, -0.582, 0.594, 0.386, 1.24, -0.453] as const;
export const INTERVAL_CLASS_DISSONANCE: readonly number[] = CONSONANCE.map(
  (c) => (1.24 - c) / (1.24 + 1.428),
);

/**
 * energy  = 0.45 · log₂(1 + notes a second) / 5 + 0.30 · mean velocity / 127 + 0.15 · drum share + 0.10 · register
 * valence = 0.50 · mode + 0.35 · tempo + 0.15 · register
 * tension = 0.60 · dissonance + 0.40 · chromatic share
 * where register is the mean pitch of the pitched notes from 36 to 84 as 0…1 (0.5 without any), mode is half the
 * correlation of the best major key minus that of the best minor key plus 0.5, tempo is log₂(bpm / 50) / 2 in 0…1,
 * dissonance is the mean over slices, weighted by length, of the mean pairwise interval-class dissonance, and the
 * chromatic share is the part of sounding time outside the scale of the key. Without pitched notes mode is 0.5 and
 * tension 0.
 */
export function rawMoodOf(notes: NoteTable, tempo: number, key: KeyResult | undefined): RawMood {
  const rate = notes.size / Math.max(notes.spanSeconds, 1);
  let velocity = 0;
  let pitch = 0;
  for (let i = 0; i < notes.size; i++) {
    velocity += notes.velocity[i]!;
    if (!isDrumRow(notes, i)) pitch += notes.pitch[i]!;
  }
  const loudness = notes.size === 0 ? 0 : velocity / notes.size / 127;
  const register = notes.pitchedCount === 0 ? 0.5 : unit((pitch / notes.pitchedCount - 36) / 48);
  const drumShare = notes.size === 0 ? 0 : notes.drumCount / notes.size;
  const mode = key === undefined ? 0.5 : unit(0.5 + majorness(key) / 2);
  return {
    energy: (0.45 * Math.log2(1 + rate)) / 5 + 0.3 * loudness + 0.15 * drumShare + 0.1 * register,
    valence: 0.5 * mode + 0.35 * unit(Math.log2(tempo / 50) / 2) + 0.15 * register,
    tension: 0.6 * dissonanceOf(notes) + 0.4 * chromaticShare(notes, key),
  };
}

/** Mean pairwise interval-class dissonance of the sonorities, weighted by their length in ticks; 0 … 1. */
export function dissonanceOf(notes: NoteTable): number {
  let sum = 0;
  let weight = 0;
  visitSonorities(notes, SLICE_LIMIT, ({ duration, pitches }) => {
    weight += duration;
    if (pitches.length < 2) return;
    let pairs = 0;
    let dissonance = 0;
    for (let a = 0; a < pitches.length; a++) {
      for (let b = a + 1; b < pitches.length; b++) {
        const steps = (pitches[b]! - pitches[a]!) % 12;
        dissonance += INTERVAL_CLASS_DISSONANCE[Math.min(steps, 12 - steps)]!;
        pairs++;
      }
    }
    sum += (duration * dissonance) / pairs;
  });
  return weight === 0 ? 0 : sum / weight;
}

/** Part of the sounding time of pitched notes outside the scale of the key; 0 … 1; 0 without a key. */
export function chromaticShare(notes: NoteTable, key: KeyResult | undefined): number {
  return key === undefined ? 0 : 1 - scaleShare(notes, key);
}

/**
 * Place of a raw value among the training pieces (each style weighs the same): 0 … 1, 0.5 is the median; linear
 * between the stored quantiles, clamped outside them.
 */
export function moodQuantile(axis: MoodAxis, raw: number, tables: MoodTables = MOOD_TABLES): number {
  const table = tables[axis];
  const last = table.length - 1;
  if (!(raw > table[0]!)) return 0;
  if (raw >= table[last]!) return 1;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (table[middle]! <= raw) low = middle;
    else high = middle;
  }
  return (low + (raw - table[low]!) / (table[high]! - table[low]!)) / last;
}

function unit(x: number): number {
  return Math.min(1, Math.max(0, x));
}
