import type { KeyEstimate } from '../../score/find-key.ts';
import { isDrumRow, type NoteTable } from './note-table.ts';

/** Semitones above the tonic that belong to the key; the minor scale includes both forms of its 6th and 7th degree. */
const SCALES: Readonly<Record<KeyEstimate['mode'], readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 9, 10, 11],
};

/** Part of the sounding time of pitched notes in the scale of the key; 0 … 1; 1 when nothing sounds. */
export function scaleShare(notes: NoteTable, key: KeyEstimate): number {
  const scale = SCALES[key.mode];
  let inside = 0;
  let total = 0;
  for (let row = 0; row < notes.size; row++) {
    if (isDrumRow(notes, row)) continue;
    const duration = notes.end[row]! - notes.start[row]!;
    total += duration;
    if (scale.includes((notes.pitch[row]! - key.tonic + 120) % 12)) inside += duration;
  }
  return total === 0 ? 1 : inside / total;
}
