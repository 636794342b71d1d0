/**
 * Neural networks on TensorFlow.js: backends, layers, losses, optimisers, a trainer, safetensors and checkpoints. Knows
 * no music.
 * @module @attune/core/nn
 */
export { BACKEND_NAMES, selectBackend } from './backend.ts';
export type { Backend, BackendName, SelectBackendOptions } from './backend.ts';
export type * from './tensor-flow.ts';
export type { NamedArray } from './named-array.ts';
export { ParameterStore } from './parameter-store.ts';
export type { Initialiser } from './parameter-store.ts';
export { glorotUniform, heNormal, normal, ones, orthogonalBlocks, zeros } from './initialisers.ts';
export { activate, gelu, leakyRelu, silu, squaredRelu } from './layers/activations.ts';
export type { Activation } from './layers/activations.ts';
export { attention, causalMask, causalSelfAttention, packedAttention } from './layers/attention.ts';
export type { AttentionOptions, AttentionParameters } from './layers/attention.ts';
export { batchNorm, createBatchNorm } from './layers/batch-norm.ts';
export type { BatchNormOptions, BatchNormParameters } from './layers/batch-norm.ts';
export { conv1d, conv2d, convTranspose1d, convTranspose2d } from './layers/convolution.ts';
export type { ConvolutionOptions, DilatableOptions } from './layers/convolution.ts';
export { crossEntropyPerRow, crossEntropyWithTargets, softmaxCrossEntropy } from './layers/cross-entropy.ts';
export type { CrossEntropyOptions } from './layers/cross-entropy.ts';
export { dense, multiLayerPerceptron } from './layers/dense.ts';
export type { DenseParameters } from './layers/dense.ts';
export { dropout, dropoutMask } from './layers/dropout.ts';
export { embedding } from './layers/embedding.ts';
export { createGru, gru } from './layers/gru.ts';
export type { GruParameters } from './layers/gru.ts';
export { createLstm, lstm } from './layers/lstm.ts';
export type { LstmOptions, LstmParameters } from './layers/lstm.ts';
export type { RecurrentOptions } from './layers/recurrent.ts';
export { layerNorm, rmsNorm } from './layers/normalisation.ts';
export { rotaryTables, rotate } from './layers/rotary.ts';
export type { RotaryTables } from './layers/rotary.ts';
export { createSpectralVector, spectralNorm } from './layers/spectral-norm.ts';
export type { SpectralNormOptions } from './layers/spectral-norm.ts';
export { stopGradient } from './layers/stop-gradient.ts';
export {
  generatorLoss,
  gradientPenalty,
  hingeDiscriminatorLoss,
  realGradientPenalty,
  wassersteinCriticLoss,
} from './losses/adversarial.ts';
export { gaussianKl, sampleGaussian } from './losses/gaussian.ts';
export type { DiagonalGaussian } from './losses/gaussian.ts';
export { sigmoidCrossEntropy, sigmoidCrossEntropyPerElement } from './losses/sigmoid-cross-entropy.ts';
export { meanSquaredError } from './losses/squared-error.ts';
export { createAdamW, createSgd, globalNorm, gradientsOf } from './optimiser.ts';
export type { AdamWOptions, Gradients, Optimiser, SgdOptions } from './optimiser.ts';
export { constantSchedule, warmupCosineSchedule, warmupThenDecay } from './schedule.ts';
export type { Schedule, WarmupCosineOptions, WarmupDecayOptions } from './schedule.ts';
export { mapBatches, shuffledBatches } from './batches.ts';
export type { BatchSource } from './batches.ts';
export { createWeightAverage } from './weight-average.ts';
export type { WeightAverage, WeightAverageOptions } from './weight-average.ts';
export { train } from './trainer.ts';
export type { TrainOptions, TrainProgress, TrainResult } from './trainer.ts';
export { readTrainingState, writeTrainingState } from './training-state.ts';
export type { TrainingState } from './training-state.ts';
export { readCheckpoint, readConfig, writeCheckpoint } from './checkpoint.ts';
export {
  CHECKPOINT_VERSION,
  CONFIG_FILE,
  METRICS_FILE,
  MODEL_CARD_FILE,
  WEIGHTS_FILE,
} from './checkpoint.ts';
export type { Checkpoint, FileMap } from './checkpoint.ts';
export { readSafetensors, SAFETENSORS_TYPES, writeSafetensors } from './safetensors.ts';
export type { SafetensorsFile, SafetensorsType, StoredArray } from './safetensors.ts';
export { fromFloat16, toFloat16 } from './float16.ts';
export type { Json, JsonObject } from './json.ts';
