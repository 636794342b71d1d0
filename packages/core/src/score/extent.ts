import type { Second, Tick } from '../foundation/units.ts';
import type { Score } from './score.ts';
import { createTempoMap } from './tempo-map.ts';

/** Tick at which the last note ends; 0 for a score without notes. */
export function scoreEndTick(score: Pick<Score, 'tracks'>): Tick {
  let end = 0;
  for (const track of score.tracks) {
    for (const note of track.notes) if (note.start + note.duration > end) end = note.start + note.duration;
  }
  return end;
}

/** Seconds until the last note ends. */
export function scoreDuration(score: Pick<Score, 'tracks' | 'tempos' | 'ticksPerQuarter'>): Second {
  return createTempoMap(score).secondsAt(scoreEndTick(score));
}

/** Number of notes in all tracks. */
export function countNotes(score: Pick<Score, 'tracks'>): number {
  return score.tracks.reduce((sum, track) => sum + track.notes.length, 0);
}
