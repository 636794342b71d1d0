import type { Score } from '../../score/score.ts';
import { createSymbolicContext, type SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { DRUM_FEATURES } from './drum-features.ts';
import { DYNAMICS_FEATURES } from './dynamics-features.ts';
import { HARMONY_FEATURES } from './harmony-features.ts';
import { INSTRUMENT_FEATURES } from './instrument-features.ts';
import { INTERVAL_FEATURES } from './interval-features.ts';
import { PITCH_FEATURES } from './pitch-features.ts';
import { RHYTHM_FEATURES } from './rhythm-features.ts';
import { STRUCTURE_FEATURES } from './structure-features.ts';
import { TEXTURE_FEATURES } from './texture-features.ts';

/** All symbolic features, in the order of `extractSymbolicFeatures`. Names are unique. */
export const SYMBOLIC_FEATURES: readonly SymbolicFeature[] = [
  ...PITCH_FEATURES,
  ...INTERVAL_FEATURES,
  ...RHYTHM_FEATURES,
  ...TEXTURE_FEATURES,
  ...HARMONY_FEATURES,
  ...INSTRUMENT_FEATURES,
  ...DYNAMICS_FEATURES,
  ...DRUM_FEATURES,
  ...STRUCTURE_FEATURES,
];

/**
 * One value a feature of `SYMBOLIC_FEATURES`, all finite. A score without notes is allowed: each feature's
 * definition says what it is then (0 where it says nothing). Time is O(notes · log notes).
 */
export function extractSymbolicFeatures(score: Score): Float64Array {
  return featuresOf(createSymbolicContext(score));
}

export function featuresOf(context: SymbolicContext): Float64Array {
  return Float64Array.from(SYMBOLIC_FEATURES, (feature) => feature.value(context));
}
