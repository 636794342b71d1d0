import { type Note, type Score } from '@attune/core';

/** Intervals of the top line in one shingle: fewer would call scales and arpeggios the same tune. */
const SHINGLE = 8;
/** Of longer pieces the smallest hashes stand for all (a bottom-k sketch; Broder 1997). */
const SKETCH = 256;

/**
 * Hashes of every run of 8 intervals of the top line of the pitched tracks (of the strokes of the drums where nothing else plays), the smallest 256 of them, ascending:
 * the same whatever the transposition, tempo, velocity and instruments. Empty for fewer than 9 onsets.
 */
export function contourFingerprint(score: Score): Uint32Array {
  const pitched = score.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes);
  const drums = pitched.length === 0;
  const line = topLine(drums ? score.tracks.flatMap((track) => track.notes) : pitched);
  const steps = line.slice(1).map((note, i) => {
    const interval = drums ? note.pitch : note.pitch - line[i]!.pitch;
    return interval * 16 + lengthClass((note.start - line[i]!.start) / score.ticksPerQuarter);
  });
  const hashes = new Set<number>();
  for (let i = 0; i + SHINGLE <= steps.length; i++) hashes.add(hashOf(steps.slice(i, i + SHINGLE)));
  return Uint32Array.from(hashes).sort().slice(0, SKETCH);
}

/**
 * Jaccard likeness of what two sketches stand for, 0 … 1: the share of the smallest hashes of the union that both have.
 * 0 where one is empty.
 */
export function fingerprintLikeness(a: Uint32Array, b: Uint32Array): number {
  let [i, j, both, seen] = [0, 0, 0, 0];
  const limit = Math.max(a.length, b.length);
  while (i < a.length && j < b.length && seen < limit) {
    if (a[i] === b[j]) {
      both++;
      i++;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
    seen++;
  }
  if (a.length === 0 || b.length === 0) return 0;
  const rest = Math.min(limit - seen, a.length - i + b.length - j);
  return both / (seen + Math.max(0, rest));
}

/** Whether two scores hold the same notes at the same times: what `noteText` says of them is equal. */
export function noteText(score: Score): string {
  const scale = 96 / score.ticksPerQuarter;
  return score.tracks
    .flatMap((track) =>
      track.notes.map(
        (note) =>
          `${Math.round(note.start * scale)} ${track.isDrum ? 'd' : ''}${note.pitch} ${Math.round(note.duration * scale)}`,
      ),
    )
    .sort()
    .join(';');
}

/** The highest note of each onset, in time order. */
function topLine(notes: readonly Note[]): Note[] {
  const sorted = [...notes].sort((a, b) => a.start - b.start || b.pitch - a.pitch);
  return sorted.filter((note, i) => note.start !== sorted[i - 1]?.start);
}

/** 0 … 10: the nearest half-octave of duration about a sixteenth … four bars, so that small shifts in time change little. */
function lengthClass(quarters: number): number {
  return Math.min(10, Math.max(0, Math.round(Math.log2(Math.max(1e-3, quarters)) + 3)));
}

/** FNV-1a over whole numbers. */
export function hashOf(values: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const value of values) hash = Math.imul(hash ^ (value + 0x8000), 0x01000193) >>> 0;
  hash ^= hash >>> 16;
  return Math.imul(hash, 0x85ebca6b) >>> 0;
}
