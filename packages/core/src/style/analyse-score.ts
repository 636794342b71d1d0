import { AttuneError } from '../foundation/errors.ts';
import type { Bpm, PitchClass } from '../foundation/units.ts';
import { createNoteTable, type NoteTable } from '../features/symbolic/note-table.ts';
import { longestMeter, medianTempo } from '../features/symbolic/tempo-and-meter.ts';
import { findKey } from '../score/find-key.ts';
import type { Meter } from '../score/meter-map.ts';
import type { Score } from '../score/score.ts';
import { DRUMS, type Mode, type MoodAxis } from './conditioning.ts';
import { moodQuantile, rawMoodOf, type RawMood } from './mood.ts';

/** What a score is, in the words in which a composer can be asked for one. */
export interface ScoreAnalysis {
  /** Median of the tempo over the sounding ticks. */
  readonly tempo: Bpm;
  /** The meter that lasts longest in ticks. */
  readonly meter: Meter;
  /** Absent when there is no key: only drums play. */
  readonly tonic?: PitchClass;
  readonly mode?: Mode;
  /** Ascending General MIDI programs that play at least one note; `DRUMS` (128) is the drum kit. */
  readonly instruments: readonly number[];
  /** Notes a quarter from the first start to the last end (at least one quarter). */
  readonly density: number;
  readonly rawMood: RawMood;
  /** The mood axes as quantiles of the training data, 0 … 1. */
  readonly energy: number;
  readonly valence: number;
  readonly tension: number;
}

/** Throws `score/invalid` for a score without notes: it has no tempo, density or mood to speak of. */
export function analyseScore(score: Score): ScoreAnalysis {
  const notes = createNoteTable(score);
  if (notes.size === 0)
    throw new AttuneError('score/invalid', 'A score without notes cannot be analysed.', { notes: 0 });
  const key = findKey(score);
  const tempo = medianTempo(score, notes);
  const rawMood = rawMoodOf(notes, tempo, key);
  const mood = (axis: MoodAxis): number => moodQuantile(axis, rawMood[axis]);
  return {
    tempo,
    meter: longestMeter(score, notes),
    ...(key && { tonic: key.tonic, mode: key.mode }),
    instruments: instrumentsOf(notes),
    density: notes.size / Math.max(1, (notes.lastTick - notes.firstTick) / notes.ticksPerQuarter),
    rawMood,
    energy: mood('energy'),
    valence: mood('valence'),
    tension: mood('tension'),
  };
}

function instrumentsOf(notes: NoteTable): readonly number[] {
  const seen = new Uint8Array(DRUMS + 1);
  for (const program of notes.program) seen[program] = 1;
  return [...seen.keys()].filter((program) => seen[program] === 1);
}
