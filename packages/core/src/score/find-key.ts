import type { PitchClass } from '../foundation/units.ts';
import type { Score } from './score.ts';

/** One of the 24 keys and how well a piece fits it. */
export interface KeyEstimate {
  readonly tonic: PitchClass;
  readonly mode: 'major' | 'minor';
  /** Pearson correlation of the piece's pitch-class durations with this key's profile, −1 … 1. */
  readonly correlation: number;
}

/** The best key, with the others ranked behind it. */
export interface KeyResult extends KeyEstimate {
  /** All 24 keys, best first; the first repeats the result. */
  readonly ranking: readonly KeyEstimate[];
}

/** Probe-tone ratings of Krumhansl & Kessler (1982), as tabled in Krumhansl (1990), p. 30; index 0 is the tonic. */
export const KRUMHANSL_KESSLER = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
} as const;

/** What 24 keys are told by: weights of the pitch classes of a major and of a minor key, index 0 the tonic, each of 12 values. */
export interface KeyProfiles {
  readonly major: readonly number[];
  readonly minor: readonly number[];
}

/**
 * Profiles of Temperley (1999, "What's key for key?", Music Perception 17), made for the key as it is written: they take a piece
 * less often for the key a fifth above.
 */
export const TEMPERLEY_1999: KeyProfiles = {
  major: [5, 2, 3.5, 2, 4.5, 4, 2, 4.5, 2, 3.5, 1.5, 4],
  minor: [5, 2, 3.5, 4.5, 2, 4, 2, 4.5, 3.5, 2, 1.5, 4],
};

/**
 * Key by Krumhansl–Schmuckler: the pitch classes of all notes of the pitched tracks, weighted by duration in
 * ticks, correlated with the 24 rotated profiles. `undefined` where there is nothing to correlate: no
 * pitched note of any length, or all twelve pitch classes equally long.
 */
export function findKey(score: Pick<Score, 'tracks'>): KeyResult | undefined {
  return findKeyOfHistogram(pitchClassDurations(score));
}

/** Ticks sounded by each pitch class (12 values) in the tracks that are not drums. */
export function pitchClassDurations(score: Pick<Score, 'tracks'>): Float64Array {
  const weights = new Float64Array(12);
  for (const track of score.tracks) {
    if (track.isDrum) continue;
    for (const note of track.notes) weights[note.pitch % 12]! += note.duration;
  }
  return weights;
}

/** As `findKey`, from 12 non-negative weights, index 0 for C (symbolic durations or an audio chroma), and by other profiles where given. */
export function findKeyOfHistogram(
  weights: ArrayLike<number>,
  profiles: KeyProfiles = KRUMHANSL_KESSLER,
): KeyResult | undefined {
  const centred = centre(weights);
  if (!centred) return undefined;
  const ranking: KeyEstimate[] = [];
  for (const mode of ['major', 'minor'] as const) {
    const profile = centre(profiles[mode])!;
    for (let tonic = 0; tonic < 12; tonic++) {
      let correlation = 0;
      for (let i = 0; i < 12; i++) correlation += centred[(tonic + i) % 12]! * profile[i]!;
      ranking.push({ tonic, mode, correlation });
    }
  }
  ranking.sort((a, b) => b.correlation - a.correlation);
  return { ...ranking[0]!, ranking };
}

/** Minus the mean, scaled to length 1; `undefined` where constant or not finite. */
function centre(values: ArrayLike<number>): number[] | undefined {
  const list = Array.from({ length: 12 }, (_, i) => values[i]!);
  const mean = list.reduce((a, b) => a + b, 0) / 12;
  const shifted = list.map((value) => value - mean);
  const norm = Math.hypot(...shifted);
  if (!(norm > 1e-12 * Math.abs(mean)) || !Number.isFinite(norm)) return undefined;
  return shifted.map((value) => value / norm);
}
