/**
 * The style of notes and of sound, with calibrated probabilities, and the metrics to judge such a classifier.
 * @module @attune/classify
 */
export type { Classification, LabelProbability } from './classification.ts';
export { createAudioClassifier } from './classify-audio.ts';
export type { AudioClassifier } from './classify-audio.ts';
export { createScoreClassifier } from './classify-score.ts';
export type { ScoreClassifier } from './classify-score.ts';
export {
  readStyleModel,
  readTrainingMarks,
  STYLE_CLASSIFIER,
  withTrainingMarks,
  writeStyleModel,
} from './model/model-checkpoint.ts';
export type { ModelNotes } from './model/model-checkpoint.ts';
export type { Modality, StyleModel } from './model/style-model.ts';
export {
  accuracyOf,
  balancedAccuracy,
  classScores,
  confusionMatrix,
  macroF1,
} from './metrics/classification-metrics.ts';
export type { ClassScore, ConfusionMatrix } from './metrics/classification-metrics.ts';
export { expectedCalibrationError, fitTemperature, logLoss, softmax } from './metrics/calibration.ts';
export { areaUnderRiskCoverage, areaUnderRoc, riskCoverage, thresholdForRisk } from './metrics/selective.ts';
export type { RiskPoint } from './metrics/selective.ts';
export { drawPassages } from './drums/drum-passages.ts';
export { DRUM_STYLE_FEATURES, extractDrumFeatures } from './drums/drum-style-features.ts';
export { evaluate, formatEvaluation } from './evaluation.ts';
export type { Evaluation, Judged } from './evaluation.ts';
export { crossFitStyleModel, fitStyleModel } from './model/fit-model.ts';
export type { FitOptions, GroupedFeatures, LabelledFeatures, StyleFit } from './model/fit-model.ts';
export type { Candidate } from './model/candidate.ts';
export type { CandidateResult, ChoiceOptions, FitAnswer } from './model/choose-team.ts';
export type { Dealing } from './model/deal-groups.ts';
export { conclude, judge } from './model/style-model.ts';
export type { Verdict } from './model/style-model.ts';
export { contourFingerprint, fingerprintLikeness } from './leaks/contour-fingerprint.ts';
export { findLeaks, groupDuplicates } from './leaks/find-leaks.ts';
export type { DuplicatePair, LeakItem, LeakOptions, LeakReport } from './leaks/find-leaks.ts';
export { findTrainedOn, markTrainingFiles } from './leaks/training-marks.ts';
export type { TrainedOn, TrainingMarks } from './leaks/training-marks.ts';
export { bootstrapEvaluation } from './report/grouped-bootstrap.ts';
export type { AnsweredItems, EvaluationIntervals, Interval } from './report/grouped-bootstrap.ts';
export { renderReport } from './report/html-report.ts';
export type { ReportInput, ReportSection } from './report/html-report.ts';
export { extendLabels } from './model/label-extension.ts';
export type { LabelExample, LabelExtension } from './model/label-extension.ts';
export { correctModel } from './model/correct-model.ts';
export type { CorrectedModel, CorrectedPiece, CorrectionOptions } from './model/correct-model.ts';
export { classifyRows, clipRows, scoreRows } from './feature-rows.ts';
export { mapNeighbours, neighbourProbabilities } from './map/neighbour-map.ts';
export type { NeighbourMap, NeighbourMapOptions } from './map/neighbour-map.ts';
export { principalComponents } from './map/principal-components.ts';
export type { PrincipalComponents } from './map/principal-components.ts';
export { scoreReader } from './score-features.ts';
export type { ColumnValues } from './score-features.ts';
export { AUDIO_STYLE_FEATURES, readWindows, summariseWindows, windowReader } from './audio-windows.ts';
export type { ReadWindow, WindowPlan } from './audio-windows.ts';
export { crossFitSoundModel } from './model/fit-sound-model.ts';
export type { SoundFitOptions, SoundRow } from './model/fit-sound-model.ts';
export type { MelWindow } from './sound/mel-window.ts';
export { noiseWindows } from './sound/noises.ts';
export { netLogits } from './sound/sound-net.ts';
export type { ConvolutionShape, SoundNet } from './sound/sound-net.ts';
export { trainSoundNet } from './sound/train-sound-net.ts';
export type { LabelledMel, SoundNetSettings, TrainSoundNetOptions } from './sound/train-sound-net.ts';
export type { MelVariation } from './sound/vary-mel.ts';
export { broadAnswer, createLabelTree, pathTo, placeLabel, STYLE_TREE } from './labels/label-tree.ts';
export type { BroadAnswer, LabelTree } from './labels/label-tree.ts';
export { describeMusic } from './labels/describe-music.ts';
export type { DescribeOptions, MusicDescription } from './labels/describe-music.ts';
export { describeSound } from './labels/describe-sound.ts';
export type { DescribeSoundOptions, HeardDimension, SoundDescription } from './labels/describe-sound.ts';
export type { KeyLabel } from './labels/key-label.ts';
export type { MoodLabel } from './labels/mood-label.ts';
export { keyOfSound, tempoOfSound } from './labels/sound-key.ts';
export type { SoundKey, SoundTempo } from './labels/sound-key.ts';
