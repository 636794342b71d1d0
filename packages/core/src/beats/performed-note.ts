import type { MidiPitch, Second, Velocity } from '../foundation/units.ts';
import type { Score } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';

/** A note as it was played: in seconds, whatever the score's tempo and bars say. */
export interface PerformedNote {
  readonly start: Second;
  readonly end: Second;
  readonly pitch: MidiPitch;
  readonly velocity: Velocity;
  readonly isDrum: boolean;
}

/** All notes of a score in order of time. */
export function performedNotes(score: Score): PerformedNote[] {
  const tempoMap = createTempoMap(score);
  return score.tracks
    .flatMap((track) =>
      track.notes.map(({ start, duration, pitch, velocity }) => ({
        start: tempoMap.secondsAt(start),
        end: tempoMap.secondsAt(start + duration),
        pitch,
        velocity,
        isDrum: track.isDrum,
      })),
    )
    .sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}
