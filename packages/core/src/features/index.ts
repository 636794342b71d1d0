/**
 * Audio features by a plan that owns its buffers, features of a score, tempo from sound, and live features of playing
 * sound.
 * @module @attune/core/features
 */
export type { AudioFeatures, FeatureSettings } from './audio-features.ts';
export { AUDIO_SUMMARY_NAMES, summariseAudioFeatures } from './audio-summary.ts';
export { cqt, cqtChroma, createConstantQ, estimateTuning } from './constant-q/index.ts';
export type {
  ConstantQ,
  ConstantQSettings,
  ConstantQSpectrogram,
  TuningEstimate,
} from './constant-q/index.ts';
export { ANALYSIS_RATE, createFeaturePlan, extractAudioFeatures } from './feature-plan.ts';
export type { FeaturePlan } from './feature-plan.ts';
export { hertzToMel, melEdges, melToHertz } from './filter-banks.ts';
export { createLiveFeatures } from './meyda.ts';
export type { LiveAudioContext, LiveAudioNode, LiveFeatures, LiveFrame } from './meyda.ts';
export { estimateTempo } from './tempo.ts';
export type { TempoEstimate } from './tempo.ts';
export {
  autocorrelationTempogram,
  compareBeats,
  detectOnsets,
  fourierTempogram,
  trackBeats,
} from './rhythm/index.ts';
export type {
  BeatAgreement,
  BeatOptions,
  BeatTrack,
  FourierTempogram,
  LagTempogram,
  OnsetDetectionOptions,
} from './rhythm/index.ts';
export {
  extractSymbolicFeatures,
  familyOf,
  INSTRUMENT_FAMILIES,
  SYMBOLIC_FEATURES,
} from './symbolic/index.ts';
export type { InstrumentFamily, SymbolicFeature, SymbolicFeatureGroup } from './symbolic/index.ts';
