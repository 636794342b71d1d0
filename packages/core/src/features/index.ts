/**
 * Audio features by a plan that owns its buffers, of whole signals and of streams, in double or single precision;
 * features of a score, tempo from sound, and live features of playing sound.
 * @module @attune/core/features
 */
export { DEFAULT_FEATURES } from './audio-features.ts';
export type {
  AudioFeatureName,
  AudioFeatures,
  DefaultFeature,
  FeatureFrames,
  FeatureSettings,
  FeatureValues,
} from './audio-features.ts';
export { AUDIO_SUMMARY_NAMES, summariseAudioFeatures } from './audio-summary.ts';
export { amplitudeToDecibels, decibelsToPower, powerToDecibels } from './decibels.ts';
export type { DecibelOptions } from './decibels.ts';
export { measureDelta } from './delta.ts';
export type { DeltaOptions } from './delta.ts';
export { cqt, cqtChroma, createConstantQ, estimateTuning } from './constant-q/index.ts';
export type {
  ConstantQ,
  ConstantQSettings,
  ConstantQSpectrogram,
  TuningEstimate,
} from './constant-q/index.ts';
export { ANALYSIS_RATE, createFeaturePlan, extractAudioFeatures } from './feature-plan.ts';
export type { FeaturePlan, FeaturePlanOptions } from './feature-plan.ts';
export { createFeatureStream } from './feature-stream.ts';
export type { FeatureStream, FrameChunk } from './feature-stream.ts';
export { hertzToMel, melEdges, melToHertz } from './filter-banks.ts';
export type { MelNorm, MelScale } from './filter-banks.ts';
export { loadFeatureKernels } from './frame-engine-f32.ts';
export { FRAME_FEATURE_NAMES, FRAME_FEATURES } from './frame-features.ts';
export type { FrameArrays, FrameFeature, FrameFeatureDefinition } from './frame-features.ts';
export { createLiveFeatures } from './meyda.ts';
export type { LiveAudioContext, LiveAudioNode, LiveFeatures, LiveFrame } from './meyda.ts';
export { invertLogMel } from './mel-inversion.ts';
export type { MelInversionOptions } from './mel-inversion.ts';
export { measureOnsets } from './onset-strength.ts';
export { segmentNotes, trackPitch, transcribeMelody } from './pitch/index.ts';
export type { PitchOptions, PitchTrack, SungNote } from './pitch/index.ts';
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
