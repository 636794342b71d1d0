import type { Note, Score, Tick, Track } from '@attune/core';

/** The line that a listener follows: which track has it, and its notes (the highest where several begin together). */
export interface Melody {
  readonly track: number;
  /** Indices of the notes in the track, in order of time. */
  readonly notes: readonly number[];
}

/**
 * The pitched track whose highest line is best: high, busy and mostly one note at a time. Undefined without pitched
 * notes.
 */
export function findMelody(score: Score): Melody | undefined {
  let best: { melody: Melody; merit: number } | undefined;
  score.tracks.forEach((track, index) => {
    if (track.isDrum || track.notes.length === 0) return;
    const notes = skyline(track);
    const pitch = notes.reduce((sum, i) => sum + track.notes[i]!.pitch, 0) / notes.length;
    const busy = Math.min(1, notes.length / 32);
    const merit = pitch + 12 * busy;
    if (best === undefined || merit > best.merit) best = { melody: { track: index, notes }, merit };
  });
  return best?.melody;
}

/** Indices of the highest note at each onset, without those under a longer note that still sounds above them. */
function skyline(track: Track): number[] {
  const line: number[] = [];
  let sounding: Note | undefined;
  for (let i = 0; i < track.notes.length; i++) {
    const note = track.notes[i]!;
    const next = track.notes[i + 1];
    if (next?.start === note.start) continue; // sorted by pitch: the last of an onset is the highest
    if (sounding !== undefined && end(sounding) > note.start && sounding.pitch > note.pitch) continue;
    line.push(i);
    sounding = note;
  }
  return line;
}

function end(note: Note): Tick {
  return note.start + note.duration;
}
