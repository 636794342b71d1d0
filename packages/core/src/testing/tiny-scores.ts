import { createScore } from '../score/create-score.ts';
import type { Score } from '../score/score.ts';

const QUARTER = 480;
const STEPS = { major: [0, 2, 4, 5, 7, 9, 11, 12], minor: [0, 2, 3, 5, 7, 8, 10, 12] } as const;

/** One track of quarter notes in the given MIDI pitches, 120 bpm, 4/4. */
export function melodyScore(pitches: readonly number[], program = 0): Score {
  const notes = pitches.map((pitch, i) => ({ start: i * QUARTER, duration: QUARTER, pitch, velocity: 80 }));
  return createScore({
    ticksPerQuarter: QUARTER,
    tracks: [{ program, notes }],
    tempos: [{ tick: 0, bpm: 120 }],
    meters: [{ tick: 0, numerator: 4, denominator: 4 }],
  });
}

/**
 * A scale up and down from the tonic (pitch class 0–11) with the tonic triad held below it twice as long: as
 * plain a statement of a key as there is.
 */
export function scaleScore(tonic: number, mode: 'major' | 'minor'): Score {
  const steps = STEPS[mode];
  const scale = [...steps, ...steps.toReversed()].map((step) => 60 + tonic + step);
  const melody = melodyScore(scale);
  const triad = [0, mode === 'major' ? 4 : 3, 7];
  const notes = triad.map((step) => ({
    start: 0,
    duration: scale.length * QUARTER,
    pitch: 48 + tonic + step,
    velocity: 64,
  }));
  return createScore({ ...melody, tracks: [...melody.tracks, { name: 'triad', notes }] });
}

/** Block chords of half notes, one track. */
export function chordScore(chords: readonly (readonly number[])[]): Score {
  const notes = chords.flatMap((chord, i) =>
    chord.map((pitch) => ({ start: i * 2 * QUARTER, duration: 2 * QUARTER, pitch, velocity: 72 })),
  );
  return createScore({ ticksPerQuarter: QUARTER, tracks: [{ notes }], tempos: [{ tick: 0, bpm: 100 }] });
}
