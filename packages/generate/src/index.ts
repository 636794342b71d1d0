/**
 * Composing: the generator, and what judges its pieces: originality, well-formedness, control, distributions.
 * @module @attune/generate
 */
export { natsPerNote } from './evaluate/note-model.ts';
export type { EncodedPiece, NatsSummary, NoteModel } from './evaluate/note-model.ts';
export {
  FLOOR_BARS,
  buildOriginalityIndex,
  openOriginalityIndex,
  originality,
  originalityOfGrid,
  withFloor,
} from './originality/originality.ts';
export type {
  Originality,
  OriginalityConfig,
  OriginalityIndex,
  OriginalityIndexOptions,
} from './originality/originality.ts';
export {
  ARRANGED_STYLES,
  arrangeLeadSheet,
  createPatternDrummer,
  createTakeDrummer,
  leadSheetOf,
  leadSheetOfMusic,
  simplifyChord,
} from './arrangement/index.ts';
export type { ArrangedStyle, ArrangeOptions, Drummer, DrumTake, LeadSheet } from './arrangement/index.ts';
export { DEFAULT_RULES, performScore, RULE_NAMES } from './performance/index.ts';
export type { PerformanceOptions, PerformanceRules } from './performance/index.ts';
export { instrumentRange } from './instrument-ranges.ts';
export { fitsRange } from './transformer/wished-range.ts';
export type { PitchRange } from './transformer/wished-range.ts';
export { WELL_FORMEDNESS_MEASURES, measureWellFormedness, wellFormedness } from './well-formedness.ts';
export type {
  MeasureLimits,
  WellFormedness,
  WellFormednessFault,
  WellFormednessMeasure,
  WellFormednessOptions,
} from './well-formedness.ts';
export { CONTROLS, controlAccuracy, controlsMet } from './evaluate/control.ts';
export type {
  Control,
  ControlAccuracy,
  ControlAccuracyOptions,
  ControlledPiece,
} from './evaluate/control.ts';
export {
  DISTRIBUTION_FEATURES,
  compareDistributions,
  distributionDistance,
  profileOf,
} from './evaluate/distribution.ts';
export type {
  DistributionDistance,
  DistributionFeature,
  DistributionRow,
  PieceProfile,
} from './evaluate/distribution.ts';
export { FORM_MEASURES, formMeasures, formMerit, meanFormMeasures } from './evaluate/form.ts';
export type { FormMeasure, FormMeasures } from './evaluate/form.ts';
export { createGenerator, MAX_BARS } from './transformer/transformer-generator.ts';
export { loadDecoderKernels, PRECISIONS } from './transformer/decoder.ts';
export type { DecoderWeightsOptions, Precision } from './transformer/decoder.ts';
export type {
  GeneratedPiece,
  GenerationHooks,
  GenerationRequest,
  GenerationTask,
  GenerationTaskKind,
  Generator,
  GeneratorInfo,
} from './generator.ts';
export { createTransformerNoteModel } from './transformer/note-model.ts';
export type { Told, TransformerNoteModelOptions } from './transformer/note-model.ts';
export { createNoteStates } from './transformer/note-states.ts';
export type { NoteStates, NoteStatesOptions } from './transformer/note-states.ts';
export { FAMILY_NAMES } from './family/model-family.ts';
export type {
  FamilyInput,
  FamilyName,
  FamilySampler,
  FamilySetting,
  Sample,
  SampleHooks,
  SampleRequest,
} from './family/model-family.ts';
