import type { Score } from '@attune/core';
import { createMeterMap, createTempoMap, scoreEndTick } from '@attune/core';
import type { PianoRollData, RollNote, ThumbnailNote } from '../../api/types.ts';
import { instrumentName } from '../../lib/instruments.ts';

const COLOURS = 8;
const MOST_BARS = 5_000;

const round = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places;

/** The notes of a score in seconds, by instrument, with its bar lines: what the piano roll draws. */
export function rollOf(score: Score, key: string | null): PianoRollData {
  const tempo = createTempoMap(score);
  const meters = createMeterMap(score);
  const end = scoreEndTick(score);
  const tracks = score.tracks
    .filter((track) => track.notes.length > 0)
    .map((track, index) => ({
      name: track.name || instrumentName(track.isDrum ? 128 : track.program),
      program: track.program,
      isDrum: track.isDrum,
      colour: index % COLOURS,
      notes: track.notes.map((note): RollNote => {
        const start = tempo.secondsAt(note.start);
        const duration = tempo.secondsAt(note.start + note.duration) - start;
        return [round(start, 3), round(duration, 3), note.pitch, note.velocity];
      }),
    }));
  const bars: number[] = [];
  const count = Math.min(MOST_BARS, barCountOf(score));
  for (let bar = 0; bar < count; bar++) {
    bars.push(round(tempo.secondsAt(meters.barStart(bar)), 3));
  }
  const meter = meters.meterAt(0);
  return {
    tracks,
    seconds: round(tempo.secondsAt(end), 3),
    bars,
    key,
    meter: `${meter.numerator}/${meter.denominator}`,
    tempo: round(tempo.bpmAt(0), 1),
  };
}

/** Bars up to the last note's end. */
export function barCountOf(score: Score): number {
  return createMeterMap(score).barCount(scoreEndTick(score));
}

const MOST_THUMBNAIL_NOTES = 200;

/** A picture of at most 200 notes, taken evenly from the whole piece; positions 0 … 1 with three digits. */
export function thumbnailOf(roll: PianoRollData): ThumbnailNote[] {
  const notes = roll.tracks.flatMap((track) => track.notes).sort((a, b) => a[0] - b[0] || a[2] - b[2]);
  if (notes.length === 0 || roll.seconds <= 0) return [];
  const count = Math.min(MOST_THUMBNAIL_NOTES, notes.length);
  const chosen = Array.from({ length: count }, (_, i) => notes[Math.floor((i * notes.length) / count)]!);
  const pitches = notes.map((note) => note[2]);
  const lowest = pitches.reduce((a, b) => Math.min(a, b));
  const span = Math.max(12, pitches.reduce((a, b) => Math.max(a, b)) - lowest);
  return chosen.map(([start, duration, pitch]) => [
    round(start / roll.seconds, 3),
    round((pitch - lowest) / span, 3),
    round(Math.max(0.002, duration / roll.seconds), 3),
  ]);
}
