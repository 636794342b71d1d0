import { findKey, type KeyResult } from '../../score/find-key.ts';
import type { Meter } from '../../score/meter-map.ts';
import type { Score } from '../../score/score.ts';
import { createBeatTable, type BeatTable } from './beats.ts';
import { intervalsOf, topLine, trackLines, type Line } from './lines.ts';
import { createNoteTable, isDrumRow, type NoteTable } from './note-table.ts';
import { visitSonorities, type Sonority } from './sounding.ts';
import { longestMeter, medianTempo } from './tempo-and-meter.ts';

/** Sonorities looked at for harmony and texture: bounds the cost on long pieces. */
const SONORITY_LIMIT = 4096;

/** What the definitions of the symbolic features read, computed once a score. */
export interface SymbolicContext {
  readonly score: Score;
  readonly notes: NoteTable;
  readonly beats: BeatTable;
  /** Undefined when only drums play. */
  readonly key: KeyResult | undefined;
  readonly tempo: number;
  readonly meter: Meter;
  /** Rows of the pitched notes and of the drum notes. */
  readonly pitched: readonly number[];
  readonly drums: readonly number[];
  /** First row of each distinct start. */
  readonly onsets: readonly number[];
  readonly topLine: Line;
  /** Signed semitones along the top line. */
  readonly topIntervals: Int16Array;
  /** Signed semitones along the lines of all tracks, one after the other. */
  readonly intervals: Int16Array;
  readonly sonorities: readonly Sonority[];
}

export function createSymbolicContext(score: Score): SymbolicContext {
  const notes = createNoteTable(score);
  const pitched: number[] = [];
  const drums: number[] = [];
  const onsets: number[] = [];
  for (let row = 0; row < notes.size; row++) {
    (isDrumRow(notes, row) ? drums : pitched).push(row);
    if (row === 0 || notes.start[row] !== notes.start[row - 1]) onsets.push(row);
  }
  const top = topLine(notes);
  const sonorities: Sonority[] = [];
  visitSonorities(notes, SONORITY_LIMIT, (sonority) => sonorities.push(sonority));
  return {
    score,
    notes,
    beats: createBeatTable(score, notes),
    key: findKey(score),
    tempo: medianTempo(score, notes),
    meter: longestMeter(score, notes),
    pitched,
    drums,
    onsets,
    topLine: top,
    topIntervals: intervalsOf(notes, top),
    intervals: Int16Array.from(trackLines(notes).flatMap((line) => [...intervalsOf(notes, line)])),
    sonorities,
  };
}
