import type { Second } from '../foundation/units.ts';
import { lastIndexAtOrBefore } from '../score/search.ts';
import type { PerformedNote } from './performed-note.ts';
import { strengthAt, type OnsetCurve } from './onset-curve.ts';

/** What happens at each beat that may tell it, or a bar line, from other times. All arrays: [beats]. */
export interface BeatEvidence {
  /** Onset strength. */
  readonly strength: Float64Array;
  /** 1 − cosine of what sounds in the beat before and the beat after, 0 … 1. */
  readonly change: Float64Array;
  /** The same for two beats before and two after. */
  readonly wideChange: Float64Array;
  /** The same for four beats before and four after. */
  readonly broadChange: Float64Array;
  /** How low the lowest note is that begins at the beat, 0 (nothing below middle C) … 1. */
  readonly depth: Float64Array;
}

/** What `DownbeatWeights.evidence` weighs. Accents and note lengths were tried too: the fit gave them no weight. */
export const BEAT_EVIDENCE = ['wideChange', 'broadChange', 'depth'] as const;

export function gatherBeatEvidence(
  notes: readonly PerformedNote[],
  curve: OnsetCurve,
  beats: readonly Second[],
): BeatEvidence {
  const chroma = chromaOfBeats(notes, beats);
  const begun = notesBegunAt(notes, beats);
  const strength = Float64Array.from(beats, (beat) => strengthAt(curve, beat));
  const depth = new Float64Array(beats.length);
  beats.forEach((_, b) => {
    const lowest = begun[b]!.reduce((low, note) => (note.isDrum ? low : Math.min(low, note.pitch)), 127);
    depth[b] = Math.min(1, Math.max(0, (60 - lowest) / 24));
  });
  return {
    strength,
    change: Float64Array.from(beats, (_, b) => distance(sumOf(chroma, b - 1, b), sumOf(chroma, b, b + 1))),
    wideChange: Float64Array.from(beats, (_, b) =>
      distance(sumOf(chroma, b - 2, b), sumOf(chroma, b, b + 2)),
    ),
    broadChange: Float64Array.from(beats, (_, b) =>
      distance(sumOf(chroma, b - 4, b), sumOf(chroma, b, b + 4)),
    ),
    depth,
  };
}

/** [beats][12]: seconds that each pitch class sounds from one beat to the next. */
function chromaOfBeats(notes: readonly PerformedNote[], beats: readonly Second[]): Float64Array[] {
  const times = Float64Array.from(beats);
  const chroma = beats.map(() => new Float64Array(12));
  for (const note of notes) {
    if (note.isDrum) continue;
    for (let b = lastIndexAtOrBefore(times, note.start); b < beats.length && times[b]! < note.end; b++) {
      const until = times[b + 1] ?? Infinity;
      const seconds = Math.min(note.end, until) - Math.max(note.start, times[b]!);
      if (seconds > 0) chroma[b]![note.pitch % 12]! += seconds;
    }
  }
  return chroma;
}

/** Notes that begin nearest to each beat, within a fifth of the time to its neighbours. */
function notesBegunAt(notes: readonly PerformedNote[], beats: readonly Second[]): PerformedNote[][] {
  const begun = beats.map((): PerformedNote[] => []);
  let next = 0;
  beats.forEach((beat, b) => {
    const before = beat - 0.2 * (beat - (beats[b - 1] ?? beat - 0.5));
    const after = beat + 0.2 * ((beats[b + 1] ?? beat + 0.5) - beat);
    while (next < notes.length && notes[next]!.start < before) next++;
    while (next < notes.length && notes[next]!.start < after) begun[b]!.push(notes[next++]!);
  });
  return begun;
}

function sumOf(chroma: readonly Float64Array[], from: number, to: number): Float64Array {
  const sum = new Float64Array(12);
  for (let b = Math.max(0, from); b < Math.min(chroma.length, to); b++) {
    for (let pitchClass = 0; pitchClass < 12; pitchClass++) sum[pitchClass]! += chroma[b]![pitchClass]!;
  }
  return sum;
}

/** 1 − cosine; 0 where either is empty. */
function distance(a: Float64Array, b: Float64Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < 12; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return aa > 0 && bb > 0 ? 1 - ab / Math.sqrt(aa * bb) : 0;
}
