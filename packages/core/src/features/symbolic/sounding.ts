import { isDrumRow, type NoteTable } from './note-table.ts';

/** The pitched notes that sound together from `tick` until the next such moment, `duration` ticks later. */
export interface Sonority {
  readonly tick: number;
  readonly duration: number;
  /** Ascending, duplicates kept. */
  readonly pitches: readonly number[];
}

/**
 * The sonorities of a piece: one at every tick where a pitched note starts (salami slices without releases, so that
 * a slice is never shorter than the gap between onsets). Of pieces with more than `limit` onsets every n-th
 * slice is visited, so the cost is bounded on long pieces: O(notes log notes + limit · voices).
 */
export function visitSonorities(notes: NoteTable, limit: number, visit: (sonority: Sonority) => void): void {
  const onsets: number[] = [];
  for (let i = 0; i < notes.size; i++) {
    if (!isDrumRow(notes, i) && notes.start[i] !== onsets.at(-1)) onsets.push(notes.start[i]!);
  }
  const stride = Math.max(1, Math.ceil(onsets.length / limit));
  let sounding: number[] = []; // rows
  let next = 0;
  for (let k = 0; k < onsets.length; k++) {
    const tick = onsets[k]!;
    sounding = sounding.filter((row) => notes.end[row]! > tick);
    for (; next < notes.size && notes.start[next]! <= tick; next++) {
      if (!isDrumRow(notes, next)) sounding.push(next);
    }
    // A note of no length still sounds in the slice where it starts; it is dropped at the following onset.
    if (k % stride !== 0) continue;
    const until = onsets[k + 1] ?? notes.lastTick;
    visit({
      tick,
      duration: Math.max(0, until - tick),
      pitches: sounding.map((row) => notes.pitch[row]!).sort((a, b) => a - b),
    });
  }
}
