import type { MelodyMoves } from './melody.ts';

/** Moves of a melody in two bytes each, for keeping very many. */
export interface PackedMoves {
  /** [moves]: whole semitones; absent of a tapped rhythm. */
  readonly steps: Int8Array | undefined;
  /** [moves]: log₂ of the ratio of times, in parts of 1/42. */
  readonly ratios: Int8Array;
}

/** Parts of an octave of time: the widest ratio (three octaves) fits a signed byte, and whole octaves are exact. */
export const RATIO_PARTS = 42;

/** Steps are rounded to semitones within ±127, ratios to 1/42 octave of time: a score's steps are kept exactly. */
export function packMoves({ steps, ratios }: MelodyMoves): PackedMoves {
  return {
    steps: steps && Int8Array.from(steps, (step) => Math.max(-127, Math.min(127, Math.round(step)))),
    ratios: packRatios(ratios),
  };
}

/** What `packMoves` left of the moves. */
export function unpackMoves({ steps, ratios }: PackedMoves): MelodyMoves {
  return {
    steps: steps && Float64Array.from(steps),
    ratios: Float64Array.from(ratios, (ratio) => ratio / RATIO_PARTS),
  };
}

/** A query as packed melodies know rhythm, so that a stretch of one is found with a score of exactly 1; steps stay as sung. */
export function roundRatios({ steps, ratios }: MelodyMoves): MelodyMoves {
  return { steps, ratios: Float64Array.from(packRatios(ratios), (ratio) => ratio / RATIO_PARTS) };
}

function packRatios(ratios: Float64Array): Int8Array {
  return Int8Array.from(ratios, (ratio) => Math.round(RATIO_PARTS * ratio));
}
