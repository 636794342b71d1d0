import { compareNotes } from '../score/order.ts';
import type { OpenNote } from './sounding-notes.ts';

/** Puts notes that are in order of start into note order, chord by chord, in place. */
export function sortChords(notes: OpenNote[]): void {
  for (let first = 0; first < notes.length;) {
    const { start } = notes[first]!;
    let end = first + 1;
    let isOrdered = true;
    for (; end < notes.length && notes[end]!.start === start; end++)
      if (compareNotes(notes[end - 1]!, notes[end]!) > 0) isOrdered = false;
    if (!isOrdered) sortPart(notes, first, end);
    first = end;
  }
}

/** Chords are small; a larger one goes to the built-in sort, so that no file takes quadratic time. */
const SMALL = 12;

function sortPart(notes: OpenNote[], first: number, end: number): void {
  if (end - first > SMALL) {
    const sorted = notes.slice(first, end).sort(compareNotes);
    for (let i = first; i < end; i++) notes[i] = sorted[i - first]!;
    return;
  }
  for (let i = first + 1; i < end; i++) {
    const note = notes[i]!;
    let at = i;
    for (; at > first && compareNotes(notes[at - 1]!, note) > 0; at--) notes[at] = notes[at - 1]!;
    notes[at] = note;
  }
}
