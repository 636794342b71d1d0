import type { Note } from './score.ts';

/** The order of a track's notes: start, pitch, duration, velocity. */
export function compareNotes(a: Note, b: Note): number {
  return a.start - b.start || a.pitch - b.pitch || a.duration - b.duration || a.velocity - b.velocity;
}

/** A copy in note order; linear where it is already sorted. */
export function sortedNotes(notes: readonly Note[]): Note[] {
  const copy = notes.slice();
  if (!isSorted(copy, compareNotes)) copy.sort(compareNotes);
  return copy;
}

/** A copy ordered by tick; events at one tick keep their order. */
export function sortedByTick<T extends { readonly tick: number }>(events: readonly T[]): T[] {
  const copy = events.slice();
  if (!isSorted(copy, compareTicks)) copy.sort(compareTicks);
  return copy;
}

/** Ordered by tick, and of several events at one tick only the last. */
export function lastAtEachTick<T extends { readonly tick: number }>(events: readonly T[]): T[] {
  const sorted = sortedByTick(events);
  return sorted.filter((event, i) => sorted[i + 1]?.tick !== event.tick);
}

function compareTicks(a: { readonly tick: number }, b: { readonly tick: number }): number {
  return a.tick - b.tick;
}

export function isSorted<T>(items: readonly T[], compare: (a: T, b: T) => number): boolean {
  for (let i = 1; i < items.length; i++) if (compare(items[i - 1]!, items[i]!) > 0) return false;
  return true;
}
