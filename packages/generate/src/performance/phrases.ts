import { createMeterMap, scoreEndTick, type Note, type Score, type Tick } from '@attune/core';
import { findMelody } from './melody.ts';

/** A phrase: from its first tick up to, not including, its end. */
export interface Phrase {
  readonly start: Tick;
  readonly end: Tick;
}

const SHORTEST_BARS = 2;
const LONGEST_BARS = 8;
const USUAL_BARS = 4;

/**
 * Phrases of the melody: bar lines at which its boundary strength (Cambouropoulos 2001, the local boundary detection
 * model over pitch intervals, gaps between onsets and rests) is high, chosen so that phrases have 2 to 8 bars and
 * 4 where nothing else is said. Together they cover the score.
 */
export function findPhrases(score: Score): Phrase[] {
  const endTick = scoreEndTick(score);
  if (endTick === 0) return [];
  const meters = createMeterMap(score);
  const bars = meters.barCount(endTick);
  const strength = boundaryStrengths(score, bars);
  // best[b]: merit of the best cutting of the first b bars; the cut before each in from[b].
  const best = new Float64Array(bars + 1).fill(-Infinity);
  const from = new Int32Array(bars + 1);
  best[0] = 0;
  for (let b = 1; b <= bars; b++) {
    for (let length = 1; length <= Math.min(LONGEST_BARS, b); length++) {
      const fits = length >= SHORTEST_BARS || b === bars ? 0 : -4;
      const merit = best[b - length]! + strength[b]! - Math.abs(Math.log2(length / USUAL_BARS)) + fits;
      if (merit > best[b]!) {
        best[b] = merit;
        from[b] = b - length;
      }
    }
  }
  const phrases: Phrase[] = [];
  for (let b = bars; b > 0; b = from[b]!) {
    phrases.unshift({ start: meters.barStart(from[b]!), end: Math.min(endTick, meters.barStart(b)) });
  }
  return phrases;
}

/** [bars + 1]: strongest boundary of the melody within half a bar of each bar line, 0 … 1. */
function boundaryStrengths(score: Score, bars: number): Float64Array {
  const strengths = new Float64Array(bars + 1);
  const melody = findMelody(score);
  if (melody === undefined) return strengths;
  const meters = createMeterMap(score);
  const notes = melody.notes.map((i) => score.tracks[melody.track]!.notes[i]!);
  const boundaries = localBoundaries(notes);
  notes.forEach((note, i) => {
    const { bar, tickInBar, ticksPerBar } = meters.barAt(note.start);
    const line = tickInBar < ticksPerBar / 2 ? bar : bar + 1;
    if (line <= bars) strengths[line] = Math.max(strengths[line]!, boundaries[i]!);
  });
  return strengths;
}

/** Strength of a boundary just before each note, 0 … 1 (weights 0.25 pitch, 0.5 onset gap, 0.25 rest, as published). */
export function localBoundaries(notes: readonly Note[]): Float64Array {
  const weights = [0.25, 0.5, 0.25];
  const profiles = [
    notes.slice(1).map((note, i) => Math.abs(note.pitch - notes[i]!.pitch)),
    notes.slice(1).map((note, i) => note.start - notes[i]!.start),
    notes.slice(1).map((note, i) => Math.max(0, note.start - notes[i]!.start - notes[i]!.duration)),
  ];
  const total = new Float64Array(notes.length);
  profiles.forEach((intervals, p) => {
    const change = (a: number, b: number): number => (a + b > 0 ? Math.abs(a - b) / (a + b) : 0);
    const strength = intervals.map(
      (x, i) =>
        x *
        ((i > 0 ? change(intervals[i - 1]!, x) : 0) +
          (i + 1 < intervals.length ? change(x, intervals[i + 1]!) : 0)),
    );
    const most = Math.max(0, ...strength);
    if (most > 0) strength.forEach((s, i) => (total[i + 1]! += (weights[p]! * s) / most));
  });
  return total;
}
