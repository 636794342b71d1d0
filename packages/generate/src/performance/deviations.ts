import type { Note, Track } from '@attune/core';

/** What rules add to the notes of one track, note by note in the track's order; rules add, the score stays as it is. */
export interface Deviations {
  /** [notes] dB. */
  readonly level: Float64Array;
  /** [notes] seconds later (> 0) or earlier. */
  readonly delay: Float64Array;
  /** [notes] seconds by which a note ends before the place where it would. */
  readonly breath: Float64Array;
}

export function createDeviations(notes: number): Deviations {
  return { level: new Float64Array(notes), delay: new Float64Array(notes), breath: new Float64Array(notes) };
}

/**
 * Velocity of a note made louder by `decibels`. General MIDI's recommendation (RP-003 and DLS 1): the level follows
 * 40 log10(velocity / 127).
 */
export function louder(velocity: number, decibels: number): number {
  return Math.min(127, Math.max(1, Math.round(velocity * 10 ** (decibels / 40))));
}

/** Whether somebody played it: velocities of a mechanical track take few values. */
export function isMechanical(track: Track): boolean {
  return (
    new Set(track.notes.map(({ velocity }: Note) => velocity)).size <= Math.max(3, track.notes.length / 50)
  );
}
