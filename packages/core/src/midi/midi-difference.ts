import type { MidiFile } from './midi-file.ts';
import { bodyLength, bodyStart, NO_BODY, ROW } from './midi-track.ts';
import type { MidiTrack } from './midi-track.ts';

/** Where two files differ first, e.g. `tracks[1].events[4]`; undefined where they hold the same. */
export function firstMidiDifference(first: MidiFile, second: MidiFile): string | undefined {
  if (first.format !== second.format) return 'format';
  if (JSON.stringify(first.division) !== JSON.stringify(second.division)) return 'division';
  if (!sameBytes(first.headerRest, second.headerRest)) return 'headerRest';
  if (first.tracks.length !== second.tracks.length) return 'tracks.length';
  for (let i = 0; i < first.tracks.length; i++) {
    const event = firstDifferentEvent(first.tracks[i]!, second.tracks[i]!);
    if (event !== undefined) return `tracks[${i}].events[${event}]`;
  }
  if (first.otherChunks.length !== second.otherChunks.length) return 'otherChunks.length';
  for (let i = 0; i < first.otherChunks.length; i++) {
    const [a, b] = [first.otherChunks[i]!, second.otherChunks[i]!];
    if (a.type !== b.type || a.tracksBefore !== b.tracksBefore || !sameBytes(a.bytes, b.bytes))
      return `otherChunks[${i}]`;
  }
  return undefined;
}

function firstDifferentEvent(a: MidiTrack, b: MidiTrack): number | undefined {
  const count = Math.min(a.count, b.count);
  for (let i = 0; i < count; i++) {
    const row = i * ROW;
    const message = a.rows[row + 1]!;
    if (a.rows[row] !== b.rows[row] || message !== b.rows[row + 1]) return i;
    if ((message & 0xff) >= 0xf0 && !sameBody(a, b, row)) return i;
  }
  return a.count === b.count ? undefined : count;
}

function sameBody(a: MidiTrack, b: MidiTrack, row: number): boolean {
  const status = a.rows[row + 1]! & 0xff;
  const [placeA, placeB] = [a.rows[row + 2]!, b.rows[row + 2]!];
  const length = placeA === NO_BODY ? 0 : bodyLength(a.bytes, status, placeA);
  if (length !== (placeB === NO_BODY ? 0 : bodyLength(b.bytes, status, placeB))) return false;
  if (length === 0) return true;
  const [startA, startB] = [bodyStart(a.bytes, status, placeA), bodyStart(b.bytes, status, placeB)];
  for (let i = 0; i < length; i++) if (a.bytes[startA + i] !== b.bytes[startB + i]) return false;
  return true;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
