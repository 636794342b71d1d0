import type { Score } from '@attune/core';
import { DISTRIBUTION_FEATURES, distributionDistance, profileOf, type PieceProfile } from '@attune/generate';
import type { LikenessResult } from './results.ts';

/** Fewer real pieces than this have no distribution to speak of. */
export const FEWEST_REAL = 6;
/** More real pieces than this add time and nothing else. */
export const MOST_REAL = 64;

export interface LikenessSets {
  readonly real: readonly Score[];
  readonly composed: readonly Score[];
  /** Composed without any wish, of all styles. */
  readonly open: readonly PieceProfile[];
}

export function profilesOf(scores: readonly Score[]): PieceProfile[] {
  return scores.filter(({ tracks }) => tracks.some(({ notes }) => notes.length > 0)).map(profileOf);
}

/**
 * How far each set lies from the real pieces, feature by feature, beside two halves of the real pieces: overlap and
 * Kullback-Leibler divergence of Yang & Lerch (2018). Empty where there are too few pieces.
 */
export function measureLikeness(style: string, sets: LikenessSets): LikenessResult[] {
  const real = profilesOf(sets.real.slice(0, MOST_REAL));
  const composed = profilesOf(sets.composed);
  if (real.length < FEWEST_REAL || composed.length === 0) return [];
  const even = real.filter((_, i) => i % 2 === 0);
  const odd = real.filter((_, i) => i % 2 === 1);
  return DISTRIBUTION_FEATURES.map((feature) => ({
    style,
    feature,
    composed: distributionDistance(real, composed, feature),
    floor: distributionDistance(even, odd, feature),
    ...(sets.open.length > 0 && { open: distributionDistance(real, sets.open, feature) }),
  }));
}

/** A feature that real pieces of a style do not vary in (the pitches of drums) says nothing of a composer. */
export function isTelling({ floor }: Pick<LikenessResult, 'floor'>): boolean {
  return floor.overlap < 0.995 && floor.overlap > 0.02;
}

/** (1 − overlap) of the composed pieces over that of the floor. */
export function overlapRatio({ composed, floor }: LikenessResult): number {
  return (1 - composed.overlap) / (1 - floor.overlap);
}
