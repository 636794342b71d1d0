import { isDrumRow, type NoteTable } from './note-table.ts';

/**
 * One melodic line: the highest note of each onset, in order of time ("skyline", Uitdenbogerd & Zobel 1998).
 * Row numbers into the note table.
 */
export type Line = readonly number[];

/** The highest pitched note at each onset of the whole piece. */
export function topLine(notes: NoteTable): Line {
  return skyline(notes, (row) => !isDrumRow(notes, row));
}

/** The skyline of each track that plays pitched notes, in order of tracks. */
export function trackLines(notes: NoteTable): readonly Line[] {
  const rowsByTrack = new Map<number, number[]>();
  for (let row = 0; row < notes.size; row++) {
    if (isDrumRow(notes, row)) continue;
    const line = rowsByTrack.get(notes.track[row]!) ?? [];
    appendHighest(notes, line, row);
    rowsByTrack.set(notes.track[row]!, line);
  }
  return [...rowsByTrack.entries()].sort(([a], [b]) => a - b).map(([, line]) => line);
}

/** Signed semitones from each note of a line to the next; n − 1 values. */
export function intervalsOf(notes: NoteTable, line: Line): Int16Array {
  const intervals = new Int16Array(Math.max(0, line.length - 1));
  for (let i = 0; i < intervals.length; i++)
    intervals[i] = notes.pitch[line[i + 1]!]! - notes.pitch[line[i]!]!;
  return intervals;
}

function skyline(notes: NoteTable, belongs: (row: number) => boolean): Line {
  const line: number[] = [];
  for (let row = 0; row < notes.size; row++) if (belongs(row)) appendHighest(notes, line, row);
  return line;
}

/** Rows come by start, then pitch: a later row of the same onset is at least as high. */
function appendHighest(notes: NoteTable, line: number[], row: number): void {
  const last = line.at(-1);
  if (last !== undefined && notes.start[last] === notes.start[row]) line[line.length - 1] = row;
  else line.push(row);
}
