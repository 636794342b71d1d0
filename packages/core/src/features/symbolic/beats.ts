import type { Score } from '../../score/score.ts';
import { createMeterMap } from '../../score/meter-map.ts';
import type { NoteTable } from './note-table.ts';
import { beatQuarters } from './tempo-and-meter.ts';

/** Where each note lies in its bar and beat. All arrays have one entry a row of the note table. */
export interface BeatTable {
  /** Bar number from 0. */
  readonly bar: Int32Array;
  /** Place in the bar, 0 … 1. */
  readonly inBar: Float64Array;
  /** Place in the bar in beats (dotted beats in compound meters). */
  readonly beat: Float64Array;
  /** Length of the beat in ticks where the note starts. */
  readonly beatTicks: Float64Array;
}

/** Notes within this part of a beat around a place of the grid count as on it: performances are not exact. */
export const BEAT_TOLERANCE = 1 / 12;

export function createBeatTable(score: Score, notes: NoteTable): BeatTable {
  const meters = createMeterMap(score);
  const bar = new Int32Array(notes.size);
  const inBar = new Float64Array(notes.size);
  const beat = new Float64Array(notes.size);
  const beatTicks = new Float64Array(notes.size);
  for (let row = 0; row < notes.size; row++) {
    if (row > 0 && notes.start[row] === notes.start[row - 1]) {
      for (const column of [bar, inBar, beat, beatTicks]) column[row] = column[row - 1]!;
      continue;
    }
    const place = meters.barAt(notes.start[row]!);
    bar[row] = place.bar;
    inBar[row] = place.tickInBar / place.ticksPerBar;
    beatTicks[row] = notes.ticksPerQuarter * beatQuarters(place.meter);
    beat[row] = place.tickInBar / beatTicks[row]!;
  }
  return { bar, inBar, beat, beatTicks };
}

/** Distance of a place (in beats) from the nearest multiple of `step` beats. */
export function distanceFromGrid(beat: number, step: number): number {
  const ratio = beat / step;
  return Math.abs(ratio - Math.round(ratio)) * step;
}
