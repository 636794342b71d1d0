import type { ChordFeature } from './chord-features.ts';
import type { ChordWeights } from './chord-lattice.ts';

/**
 * Fitted by `npm run bench -- score-analysis fit` on every fourth piece of the training part of POP909; see
 * docs/measurements/score-analysis.md. In nats, two places kept.
 */
const FEATURE_WEIGHTS: Readonly<Record<ChordFeature, number>> = {
  'root sounds': 1.22,
  'third sounds': 1.02,
  'suspended second sounds': 0.85,
  'suspended fourth sounds': 0.69,
  'fifth sounds': 1.41,
  'altered fifth sounds': 0.02,
  'seventh sounds': 0.62,
  'foreign tone of the scale sounds': -1.35,
  'foreign tone outside the scale sounds': -3.82,
  'root sounds long': 1.27,
  'third sounds long': 1.12,
  'fifth sounds long': 1.58,
  'seventh sounds long': 0.89,
  'other third sounds': -0.9,
  'third sounds beside a suspension': 0.2,
  'root is lowest': 1.69,
  'third is lowest': 0.43,
  'fifth is lowest': 0.06,
  'seventh is lowest': 1.86,
  'tones outside the scale': -0.84,
  'root outside the scale': -0.45,
  'on the tonic': -0.18,
  'on the dominant': 0.03,
  'on the subdominant': 0.02,
  'on the submediant': 0.2,
  'is min': -0.44,
  'is dim': -0.64,
  'is aug': -1.42,
  'is sus2': -0.93,
  'is sus4': -0.93,
  'is 7': -2.14,
  'is maj7': -2.04,
  'is min7': -2.34,
  'is hdim7': -1.66,
  'is dim7': -1.66,
  'no chord': 2.42,
  'no chord while tones sound': -0.77,
};

/** The weights that ship, fitted on training pieces. */
export const CHORD_WEIGHTS: ChordWeights = {
  features: FEATURE_WEIGHTS,
  stay: { bar: -0.61, 'half-bar': 1.44, beat: 4.26 },
  motion: [-0.5, -0.79, -0.6, -0.92, -0.93, -0.61, -1.1, -0.98, -0.81, -0.83, -0.9, -0.56],
};
