import { pitchName } from '@attune/core';
import type { PianoRollData, RollTrack } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { barAt, indexAt } from './geometry.ts';

/** Name of a part for people; files of others may leave it blank. */
export function partName(track: RollTrack, index: number): string {
  return track.name.trim() || (track.isDrum ? strings.roll.drums : strings.roll.part(index + 1));
}

/** A piece in two or three sentences, for those who do not see the roll. */
export function summariseRoll(roll: PianoRollData): string {
  const counts = notesPerBar(roll);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return strings.roll.summary.empty;
  const { head, densest } = strings.roll.summary;
  const parts = [
    head(roll.bars.length, roll.key, roll.meter, Math.round(roll.tempo)),
    ...roll.tracks.flatMap((track, index) => (track.notes.length > 0 ? [describePart(track, index)] : [])),
  ];
  const most = Math.max(...counts);
  // "Busiest" only says something where one bar clearly stands out.
  if (counts.length > 2 && most > (1.5 * total) / counts.length)
    parts.push(densest(counts.indexOf(most) + 1));
  return `${parts.join('; ')}.`;
}

function describePart(track: RollTrack, index: number): string {
  if (track.isDrum) return partName(track, index);
  const pitches = track.notes.map(([, , pitch]) => pitch);
  return `${partName(track, index)} ${strings.roll.summary.range(pitchName(Math.min(...pitches)), pitchName(Math.max(...pitches)))}`;
}

/** Notes that begin in each bar, all instruments together. */
export function notesPerBar(roll: PianoRollData): number[] {
  const counts = roll.bars.map(() => 0);
  for (const track of roll.tracks) {
    for (const [start] of track.notes) {
      const bar = Math.min(counts.length, barAt(roll.bars, start)) - 1;
      if (bar >= 0) counts[bar]! += 1;
    }
  }
  return counts;
}

export interface BarRow {
  /** From 1. */
  readonly bar: number;
  /** The notes that begin in it, by instrument in the order of the roll. */
  readonly cells: readonly string[];
}

/** Rows `from` … `to` (bars from 1, both included) of the table of notes. */
export function tabulateBars(roll: PianoRollData, from: number, to: number): BarRow[] {
  const rows: BarRow[] = [];
  for (let bar = from; bar <= Math.min(to, roll.bars.length); bar++) {
    const start = roll.bars[bar - 1]!;
    const end = roll.bars[bar] ?? Infinity;
    rows.push({ bar, cells: roll.tracks.map((track) => cellOf(track, start, end)) });
  }
  return rows;
}

function cellOf(track: RollTrack, start: number, end: number): string {
  const starts = track.notes.map(([time]) => time);
  const first = indexAt(starts, start - 1e-6) + 1;
  const last = indexAt(starts, end - 1e-6);
  const notes = track.notes.slice(first, last + 1);
  if (notes.length === 0) return strings.roll.silent;
  return notes
    .map(([, , pitch]) => (track.isDrum ? (DRUM_NAMES[pitch] ?? String(pitch)) : pitchName(pitch)))
    .join(' ');
}

/** The General MIDI drums that occur most; others are shown by number. */
const DRUM_NAMES: Readonly<Record<number, string>> = {
  35: 'kick',
  36: 'kick',
  37: 'rim',
  38: 'snare',
  39: 'clap',
  40: 'snare',
  41: 'tom',
  42: 'hat',
  43: 'tom',
  44: 'pedal-hat',
  45: 'tom',
  46: 'open-hat',
  47: 'tom',
  48: 'tom',
  49: 'crash',
  50: 'tom',
  51: 'ride',
  53: 'bell',
  56: 'cowbell',
};
