import { afterEach, describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { availableBackends, closeTo, gradientError, randomTensor } from '../testing/tensors.ts';
import { activate, leakyRelu, type Activation } from './layers/activations.ts';
import { batchNorm } from './layers/batch-norm.ts';
import { conv1d, conv2d, convTranspose1d, convTranspose2d } from './layers/convolution.ts';
import { crossEntropyWithTargets } from './layers/cross-entropy.ts';
import { dense } from './layers/dense.ts';
import { dropout } from './layers/dropout.ts';
import { embedding } from './layers/embedding.ts';
import { gru } from './layers/gru.ts';
import { lstm } from './layers/lstm.ts';
import { layerNorm, rmsNorm } from './layers/normalisation.ts';
import { spectralNorm } from './layers/spectral-norm.ts';
import { generatorLoss, hingeDiscriminatorLoss, wassersteinCriticLoss } from './losses/adversarial.ts';
import { gaussianKl, sampleGaussian } from './losses/gaussian.ts';
import { sigmoidCrossEntropy, sigmoidCrossEntropyPerElement } from './losses/sigmoid-cross-entropy.ts';
import { meanSquaredError } from './losses/squared-error.ts';
import type { Tensor, TensorFlow, Variable } from './tensor-flow.ts';

/** One operation, and what is known of it; `describe` below asks every one the same six questions. */
interface Operation {
  readonly apply: (tf: TensorFlow, ...inputs: Tensor[]) => Tensor;
  /** Inputs with answers that did not come from this code. */
  readonly known: readonly [inputs: Input[], values: number[]][];
  /** Very large or small inputs, and the answers. */
  readonly extreme: readonly [inputs: Input[], values: number[]];
  /** Inputs with a NaN, and where the result must and must not have one. */
  readonly nan: readonly [inputs: Input[], isNaN: boolean[]];
  /** Shapes of inputs drawn for shape and gradient, and the shape of the result. */
  readonly shapes: readonly [inputs: number[][], result: number[]][];
  /** Inputs that must be refused. */
  readonly refused: readonly [inputs: Input[], message: RegExp][];
}
type Input = (tf: TensorFlow) => Tensor;

const of =
  (shape: number[], values: number[]): Input =>
  (tf) =>
    tf.tensor(values, shape, 'float32');
const all =
  (shape: number[], value: number): Input =>
  (tf) =>
    tf.fill(shape, value);
/** sin(k + 0.7 i): the inputs for which PyTorch 2.13 gave the answers below. */
const wave =
  (shape: number[], k: number, order?: number[]): Input =>
  (tf) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const t: Tensor = tf.tensor(
      Array.from({ length: size }, (_, i) => Math.sin(k + 0.7 * i)),
      shape,
    );
    return order ? tf.transpose(t, order) : t;
  };
/** PyTorch's images and kernels stand channels first. */
const image = (shape: number[]): Input => wave(shape, 1, [0, 2, 3, 1]);
const kernel = wave([3, 2, 3, 2], 2, [2, 3, 1, 0]);
/** Variables outlive a tidy; these are freed after each test. */
const buffers: Variable[] = [];
const buffer = (tf: TensorFlow, first: Tensor): Variable => {
  const variable = tf.variable(first);
  buffers.push(variable);
  return variable;
};
afterEach(() => buffers.splice(0).forEach((variable) => variable.dispose()));
/** An activation by its name: its known values, and those at −1e4 and 1e4. */
const activation = (name: Activation, inputs: number[], values: number[], far: number[]): Operation => ({
  apply: (tf, x, which) => activate(tf, x, which ? ('no such' as Activation) : name),
  known: [[[of([inputs.length], inputs)], values]],
  extreme: [[of([2], [-1e4, 1e4])], far],
  nan: [[of([2], [NaN, 1])], [true, false]],
  shapes: [[[[2, 3]], [2, 3]]],
  refused: [[[all([1], 1), all([], 0)], /no activation called no such/]],
});
const yes = (count: number): boolean[] => Array<boolean>(count).fill(true);
/** Which of `count` elements dropout keeps at the rate ½ and seed 1: its stated rule, two elements a word, low half first. */
const keptHalves = (count: number): boolean[] => {
  const rng = createRng(1);
  const words = Array.from({ length: Math.ceil(count / 2) }, () => rng.uint32());
  return words.flatMap((word) => [(word & 0xffff) >= 0x8000, word >>> 16 >= 0x8000]).slice(0, count);
};
// prettier-ignore
const OPERATIONS: Record<string, Operation> = {
  dense: {
    apply: (tf, x, w, b) => dense(tf, x, w, b),
    known: [
      [[of([2, 2], [1, 2, 3, 4]), of([2, 3], [1, 0, -1, 2, 10, 0.5]), of([3], [100, 0, 0])], [105, 20, 0, 111, 40, -1]],
      [[of([1, 2], [1, 2]), of([2, 1], [3, 4])], [11]],
    ],
    extreme: [[of([1, 2], [1e20, 1e-20]), of([2, 2], [1e20, 0, 0, 1e20])], [Infinity, 1]],
    nan: [[of([2, 2], [NaN, 1, 1, 1]), all([2, 1], 1)], [true, false]],
    shapes: [[[[2, 3, 4], [4, 5], [5]], [2, 3, 5]], [[[4], [4, 2]], [2]]],
    refused: [
      [[all([2, 3], 1), all([4, 5], 1)], /weight \[4, 5\] cannot take input \[2, 3\]/],
      [[all([2, 3], 1), all([3], 1)], /weight \[3\] cannot take/],
    ],
  },
  // Python's math.erf and math.exp
  relu: activation('relu', [-2, 0, 3], [0, 0, 3], [0, 1e4]),
  'squared-relu': activation('squared-relu', [-2, 0, 3], [0, 0, 9], [0, 1e8]),
  tanh: activation('tanh', [-1, 0, 0.5], [-0.76159416, 0, 0.46211716], [-1, 1]),
  sigmoid: activation('sigmoid', [0, Math.log(3), -Math.log(4)], [0.5, 0.75, 0.2], [0, 1]),
  gelu: activation('gelu', [-1, 0, 1, 2], [-0.15880801, 0, 0.84119199, 1.95459769], [0, 1e4]),
  silu: activation('silu', [-1, 0, 2], [-0.26894142, 0, 1.76159416], [0, 1e4]),
  layerNorm: {
    apply: (tf, x, scale, offset) => layerNorm(tf, x, scale, offset, 0),
    // mean 2, variance 2/3; mean 0, variance 1
    known: [[[of([2, 3], [1, 2, 3, Math.sqrt(1.5), 0, -Math.sqrt(1.5)]), of([3], [1, 5, 2]), of([3], [0, 7, 1])], [-Math.sqrt(1.5), 7, 1 + 2 * Math.sqrt(1.5), Math.sqrt(1.5), 7, 1 - 2 * Math.sqrt(1.5)]]],
    extreme: [[of([1, 2], [1e15, 3e15]), all([2], 1), all([2], 0)], [-1, 1]],
    nan: [[of([2, 2], [NaN, 1, 1, 2]), all([2], 1), all([2], 0)], [true, true, false, false]],
    shapes: [[[[2, 2, 4], [4], [4]], [2, 2, 4]]],
    refused: [
      [[all([2, 4], 1), all([3], 1), all([4], 0)], /width 4 has a scale and an offset \[4\], not \[3\]/],
      [[all([2, 4], 1), all([4], 1), all([1], 0)], /not \[1\]/],
    ],
  },
  'rmsNorm with a scale': {
    apply: (tf, x, scale) => rmsNorm(tf, x, scale, 0),
    known: [[[of([1, 2], [3, 4]), of([2], [1, 10])], [3 / Math.sqrt(12.5), 40 / Math.sqrt(12.5)]]],
    extreme: [[of([1, 2], [1e15, -1e15]), all([2], 2)], [2, -2]],
    nan: [[of([2, 2], [NaN, 1, 1, 1]), all([2], 1)], [true, true, false, false]],
    shapes: [[[[2, 3, 4], [4]], [2, 3, 4]]],
    refused: [[[all([2, 4], 1), all([3], 1)], /width 4 has a scale \[4\], not \[3\]/]],
  },
  embedding: {
    apply: (tf, table, ids) => embedding(tf, table, ids ?? tf.tensor2d([2, 0, 2], [1, 3], 'int32')),
    known: [[[of([3, 2], [1, 2, 3, 4, 5, 6])], [5, 6, 1, 2, 5, 6]]],
    extreme: [[of([3, 1], [1e30, 0, -1e30])], [-1e30, 1e30, -1e30]],
    nan: [[of([3, 1], [NaN, 1, 2])], [false, true, false]],
    shapes: [[[[4, 3]], [1, 3, 3]]],
    refused: [
      [[all([3, 2], 1), all([1], 1)], /int32 ids, not rank 2 and float32/],
      [[all([3], 1)], /table of rank 2/],
    ],
  },
  dropout: {
    apply: (tf, x, rate) => dropout(tf, x, rate ? rate.dataSync()[0]! : 0.5, createRng(1)),
    known: [[[of([4], [1, 2, 3, 4])], keptHalves(4).map((kept, i) => (kept ? 2 * (i + 1) : 0))]],
    extreme: [[of([2], [1e30, -1e30])], keptHalves(2).map((kept, i) => (kept ? 2e30 * (-1) ** i : 0))],
    nan: [[all([2], NaN)], yes(2)],
    shapes: [[[[3, 5]], [3, 5]]],
    refused: [[[all([2], 1), all([], 1)], /dropout rate lies from 0 up to, not including, 1; it is 1/]],
  },
  'conv2d, stride (2, 1), valid': {
    apply: (tf, x, w, b) => conv2d(tf, x, w, { strides: [2, 1], padding: 'valid', ...(b && { bias: b }) }),
    known: [
      [[image([1, 2, 5, 4]), kernel], [0.26932, -0.47216, 0.22105, 0.49147, -0.35254, -0.12532, 0.48247, -0.06712, -0.41276, -0.07086, -0.3746, 0.45992, 0.27673, -0.47187, 0.21334, 0.49418, -0.34721, -0.13358]],
      [[all([1, 3, 2, 1], 1), all([3, 2, 1, 1], 2), of([1], [5])], [17]],
    ],
    extreme: [[all([1, 3, 2, 1], 1e20), all([3, 2, 1, 1], 1e20)], [Infinity]],
    nan: [[of([1, 3, 3, 1], [NaN, 1, 1, 1, 1, 1, 1, 1, 1]), all([3, 2, 1, 1], 1)], [true, false]],
    shapes: [[[[2, 5, 4, 2], [3, 2, 2, 3], [3]], [2, 2, 3, 3]]],
    refused: [
      [[all([1, 2, 5, 1], 1), all([3, 2, 1, 1], 1)], /window of 3 does not fit an input of 2/],
      [[all([1, 5, 5, 2], 1), all([3, 2, 1, 1], 1)], /kernel \[3, 2, 1, 1\] cannot take input \[1, 5, 5, 2\]/],
      [[all([5, 5, 2], 1), all([3, 2, 1, 1], 1)], /cannot take input \[5, 5, 2\]/],
    ],
  },
  'conv2d, dilation 2, valid': {
    apply: (tf, x, w) => conv2d(tf, x, w, { dilation: 2, padding: 'valid' }),
    known: [[[image([1, 2, 5, 4]), kernel], [0.62783, -2.26904, 1.72874, -0.99178, -1.32095, 2.36369]]],
    extreme: [[all([1, 3, 1, 1], 1e20), all([2, 1, 1, 1], 1e20)], [Infinity]],
    nan: [[of([1, 4, 1, 1], [NaN, 1, 1, 1]), all([2, 1, 1, 1], 1)], [true, false]],
    shapes: [[[[2, 5, 4, 2], [2, 2, 2, 2]], [2, 3, 2, 2]]],
    refused: [[[all([1, 4, 4, 1], 1), all([3, 1, 1, 1], 1)], /window of 5 does not fit an input of 4/]],
  },
  'conv1d, stride 2, same': {
    apply: (tf, x, w, b) => conv1d(tf, x, w, { strides: 2, ...(b && { bias: b }) }),
    // taps (1, 10, 100) over 0 1 2 3 4 0 by pairs
    known: [[[of([1, 5, 1], [1, 2, 3, 4, 5]), of([3, 1, 1], [1, 10, 100])], [210, 432, 54]]],
    extreme: [[all([1, 1, 1], 1e20), all([1, 1, 1], 1e20)], [Infinity]],
    nan: [[of([1, 5, 1], [NaN, 1, 1, 1, 1]), all([3, 1, 1], 1)], [true, false, false]],
    shapes: [[[[2, 5, 2], [3, 2, 3], [3]], [2, 3, 3]]],
    refused: [[[all([1, 5, 5, 2], 1), all([3, 2, 1], 1)], /cannot take input/]],
  },
  'conv1d, dilation 2, same': {
    apply: (tf, x, w) => conv1d(tf, x, w, { dilation: 2 }),
    known: [[[of([1, 5, 1], [1, 2, 3, 4, 5]), of([3, 1, 1], [1, 10, 100])], [310, 420, 531, 42, 53]]],
    extreme: [[all([1, 1, 1], 1e20), all([1, 1, 1], 1e20)], [Infinity]],
    nan: [[of([1, 5, 1], [NaN, 1, 1, 1, 1]), all([3, 1, 1], 1)], [true, false, true, false, false]],
    shapes: [[[[2, 5, 2], [3, 2, 3]], [2, 5, 3]]],
    refused: [[[all([1, 5, 2], 1), all([3, 1, 1], 1)], /cannot take input/]],
  },
  'convTranspose2d, stride 2, valid': {
    apply: (tf, x, w, b) => convTranspose2d(tf, x, w, { strides: 2, padding: 'valid', ...(b && { bias: b }) }),
    known: [
      [[image([1, 3, 2, 3]), kernel], [1.49527, -0.88139, 1.25327, 0.1117, 1.24219, 0.11201, 0.41715, 1.04441, 0.40489, 1.05273, -0.61516, 1.48592, 0.42184, 1.05225, -0.60798, 1.49792, -0.60408, 1.48561, -1.3412, 1.2281, -1.34589, 1.22026, -1.44362, 0.38069, -1.97471, 2.73742, -2.8181, 1.62607, -2.80516, 1.63225, -2.33546, -0.23352, -2.31631, -0.2406, -0.75441, -1.98328, -1.45471, 0.381, -0.86709, -0.64577, -0.87936, -0.63745, 0.11725, -1.36851, 0.10957, -1.35609, 1.04644, -1.44762, 0.12833, -1.36882, 1.0634, -1.4481, 1.05871, -1.45594, 1.50224, -0.85862, 1.49116, -0.85831, 1.23456, 0.13468]],
    ],
    extreme: [[all([1, 1, 1, 1], 1e20), all([2, 1, 1, 1], 1e20)], [Infinity, 0, Infinity, 0]],
    nan: [[of([1, 1, 2, 1], [NaN, 1]), all([2, 2, 1, 1], 1)], [true, true, false, false, true, true, false, false]],
    shapes: [[[[2, 2, 3, 3], [3, 2, 2, 3], [2]], [2, 5, 6, 2]]],
    refused: [[[all([1, 2, 2, 2], 1), all([3, 3, 2, 1], 1)], /transposed convolution .* cannot take/]],
  },
  'convTranspose1d, stride 2, same': {
    apply: (tf, x, w) => convTranspose1d(tf, x, w, { strides: 2 }),
    // each input writes (1, 10) at its place
    known: [[[of([1, 3, 1], [1, 2, 3]), of([2, 1, 1], [1, 10])], [1, 10, 2, 20, 3, 30]]],
    extreme: [[all([1, 1, 1], 1e20), all([2, 1, 1], 1e20)], [Infinity, Infinity]],
    nan: [[of([1, 2, 1], [NaN, 1]), all([2, 1, 1], 1)], [true, true, false, false]],
    shapes: [[[[2, 3, 2], [4, 3, 2]], [2, 6, 3]]],
    refused: [[[all([1, 2, 2], 1), all([2, 1], 1)], /cannot take input/]],
  },
  'batchNorm in training': {
    apply: (tf, x, scale, offset) => {
      const [mean, variance] = [buffer(tf, tf.zerosLike(scale)), buffer(tf, tf.onesLike(scale))];
      return batchNorm(tf, x, { scale: scale, offset: offset, mean, variance }, { training: true });
    },
    known: [[[wave([4, 2], 1), all([2], 1), all([2], 0)], [1.09802, 1.49443, 0.88, 0.16897, -0.81066, -1.25278, -1.16735, -0.41063]]],
    extreme: [[of([2, 2], [1e15, 7, 3e15, 7]), of([2], [1, 2]), of([2], [0, 3])], [-1, 3, 1, 3]],
    nan: [[of([2, 2], [NaN, 1, 2, 3]), all([2], 1), all([2], 0)], [true, false, true, false]],
    shapes: [[[[3, 2, 2], [2], [2]], [3, 2, 2]]],
    refused: [
      [[all([1, 2], 1), all([2], 1), all([2], 0)], /batch of one row/],
      [[all([4, 3], 1), all([2], 1), all([2], 0)], /width 2 cannot take input \[4, 3\]/],
    ],
  },
  'batchNorm after training': {
    apply: (tf, x, scale, offset) => {
      const [mean, variance] = [buffer(tf, tf.tensor1d([1, 2])), buffer(tf, tf.tensor1d([4, 0.25]))];
      const parameters = { scale: scale, offset: offset, mean, variance };
      return batchNorm(tf, x, parameters, { training: false, epsilon: 0 });
    },
    known: [[[of([1, 2], [3, 3]), of([2], [1, 10]), of([2], [0, 1])], [1, 21]]],
    extreme: [[of([1, 2], [1e30, -1e30]), all([2], 1), all([2], 0)], [5e29, -2e30]],
    nan: [[of([2, 2], [NaN, 1, 2, 3]), all([2], 1), all([2], 0)], [true, false, false, false]],
    shapes: [[[[3, 2, 2], [2], [2]], [3, 2, 2]]],
    refused: [[[all([4, 3], 1), all([3], 1), all([2], 0)], /./]],
  },
  'rmsNorm without a scale': {
    apply: (tf, x) => rmsNorm(tf, x, undefined, 1e-6),
    known: [[[of([1, 4], [1, 2, 3, 4])], [1, 2, 3, 4].map((x) => x / Math.sqrt(7.5))]],
    extreme: [[of([2, 2], [0, 0, 1e15, -1e15])], [0, 0, 1, -1]],
    nan: [[of([2, 2], [NaN, 1, 1, 1])], [true, true, false, false]],
    shapes: [[[[2, 3, 4]], [2, 3, 4]]],
    refused: [[[all([], 1)], /at least one axis/]],
  },
  'spectralNorm, converged': {
    // sixty turns of the power iteration; the estimate then no longer depends on where it started
    apply: (tf, w) => {
      const start = buffer(tf, tf.tensor1d(Array.from({ length: w.shape.at(-1)! }, (_, i) => 1 / (i + 1))));
      return spectralNorm(tf, w, start, { iterations: 60 });
    },
    known: [
      [[of([2, 2], [3, 0, 0, -2])], [1, 0, 0, -2 / 3]],
      [[wave([3, 2], 1)], [1, 1.7, 2.4, 3.1, 3.8, 4.5].map((x) => Math.sin(x) / 1.7927943)],
    ],
    extreme: [[of([2, 2], [3e-6, 0, 0, 2e-6])], [1, 0, 0, 2 / 3]],
    nan: [[of([2, 2], [NaN, 1, 1, 1])], yes(4)],
    shapes: [[[[2, 1, 2, 3]], [2, 1, 2, 3]]],
    refused: [[[all([3], 1)], /weight \[3\] cannot be normalised/]],
  },
  gru: {
    apply: (tf, x, inputWeight, inputBias, stateWeight, stateBias, state) =>
      gru(tf, x, { inputWeight: inputWeight, inputBias: inputBias, stateWeight: stateWeight, stateBias: stateBias }, { state: state }).outputs,
    known: [[[wave([2, 3, 2], 1), wave([2, 6], 2), wave([6], 4), wave([2, 6], 3), wave([6], 5), wave([2, 2], 6)], [-0.066736, 0.362467, 0.030185, 0.437697, 0.513313, 0.661758, 0.858218, 0.95302, 0.681495, 0.758856, 0.224387, 0.423586]]],
    // the update gate is shut at −1e4 and the candidate saturates
    extreme: [[all([1, 1, 1], 1), of([1, 3], [0, -1e4, 1e4]), all([3], 0), all([1, 3], 0), all([3], 0), all([1, 1], -7)], [1]],
    nan: [[of([2, 1, 1], [NaN, 1]), all([1, 3], 1), all([3], 0), all([1, 3], 1), all([3], 0), all([2, 1], 0)], [true, false]],
    shapes: [[[[2, 3, 2], [2, 6], [6], [2, 6], [6], [2, 2]], [2, 3, 2]]],
    refused: [
      [[all([1, 2, 3], 1), all([2, 6], 1), all([6], 1), all([2, 6], 1), all([6], 1), all([1, 2], 1)], /weights \[2, 6\] and \[2, 6\] cannot take input \[1, 2, 3\]/],
      [[all([1, 2, 2], 1), all([2, 6], 1), all([6], 1), all([2, 6], 1), all([6], 1), all([3, 2], 1)], /state \[3, 2\] does not fit 1 rows of 2 units/],
    ],
  },
  lstm: {
    apply: (tf, x, inputWeight, bias, stateWeight, state, cell) => {
      const parameters = { inputWeight: inputWeight, bias: bias, stateWeight: stateWeight };
      const last = lstm(tf, x, parameters, { state: state, cell: cell });
      return tf.concat([tf.reshape(last.outputs, [-1]), tf.reshape(last.cell, [-1])]);
    },
    known: [[[wave([2, 3, 2], 1), wave([2, 8], 2), wave([8], 4), wave([2, 8], 3), wave([2, 2], 6), wave([2, 2], 7)], [-0.213718, -0.154318, -0.091733, 0.039792, 0.043947, 0.079528, 0.164955, 0.153086, -0.196981, -0.016143, -0.306914, -0.158286, 0.052817, 0.148913, -0.616467, -0.23211]]],
    // forgets all, takes all, shows all: c = tanh(1e4) = 1
    extreme: [[all([1, 1, 1], 1), of([1, 4], [1e4, -1e4, 1e4, 1e4]), all([4], 0), all([1, 4], 0), all([1, 1], 0), all([1, 1], 9)], [Math.tanh(1), 1]],
    nan: [[of([2, 1, 1], [NaN, 1]), all([1, 4], 1), all([4], 0), all([1, 4], 1), all([2, 1], 0), all([2, 1], 0)], [true, false, true, false]],
    shapes: [[[[2, 3, 2], [2, 8], [8], [2, 8], [2, 2], [2, 2]], [16]]],
    refused: [
      [[all([2, 2], 1), all([2, 8], 1), all([8], 1), all([2, 8], 1), all([1, 2], 1), all([1, 2], 1)], /cannot take input \[2, 2\]/],
      [[all([1, 2, 2], 1), all([2, 8], 1), all([8], 1), all([2, 8], 1), all([1, 2], 1), all([2, 2], 1)], /cell \[2, 2\] does not fit/],
    ],
  },
  leakyRelu: {
    apply: (tf, x, slope) => leakyRelu(tf, x, slope ? slope.dataSync()[0] : 0.1),
    known: [[[of([4], [-2, -0.5, 0, 3])], [-0.2, -0.05, 0, 3]]],
    extreme: [[of([2], [-1e30, 1e30])], [-1e29, 1e30]],
    nan: [[of([2], [NaN, 1])], [true, false]],
    shapes: [[[[2, 3]], [2, 3]]],
    refused: [[[all([1], 1), all([], -0.5)], /slope of a leaky rectifier lies in 0 … 1; it is -0.5/]],
  },
  meanSquaredError: {
    apply: (tf, a, b) => meanSquaredError(tf, a, b),
    known: [[[of([2, 2], [1, 2, 3, 4]), of([2, 2], [1, 0, 0, 4])], [13 / 4]]],
    extreme: [[of([2], [1e18, 0]), of([2], [0, 0])], [5e35]],
    nan: [[of([2], [NaN, 0]), of([2], [0, 0])], [true]],
    shapes: [[[[2, 3], [2, 3]], []]],
    refused: [[[all([2, 1], 0), all([2], 0)], /equal shapes, not \[2, 1\] and \[2\]/]],
  },
  sigmoidCrossEntropyPerElement: {
    apply: (tf, z, t) => sigmoidCrossEntropyPerElement(tf, z, t ?? tf.fill(z.shape, 0.3)),
    known: [[[of([4], [0, Math.log(3), Math.log(3), -Math.log(4)]), of([4], [0.5, 1, 0, 0.25])], [Math.LN2, Math.log(4 / 3), Math.log(4), Math.log(1.25) + Math.log(4) / 4]]],
    extreme: [[of([4], [1e4, 1e4, -1e4, -1e4]), of([4], [1, 0, 0, 1])], [0, 1e4, 0, 1e4]],
    nan: [[of([2], [NaN, 0]), of([2], [1, 1])], [true, false]],
    shapes: [[[[2, 3]], [2, 3]]],
    refused: [[[all([2, 1], 0), all([1, 2], 0)], /equal shapes/]],
  },
  sigmoidCrossEntropy: {
    apply: (tf, z, t) => sigmoidCrossEntropy(tf, z, t ?? tf.fill(z.shape, 0.3)),
    known: [[[of([2], [0, Math.log(3)]), of([2], [0.5, 0])], [(Math.LN2 + Math.log(4)) / 2]]],
    extreme: [[of([2], [1e4, -1e4]), of([2], [0, 0])], [5e3]],
    nan: [[of([2], [NaN, 0]), of([2], [1, 1])], [true]],
    shapes: [[[[2, 3]], []]],
    refused: [[[all([2], 0), all([3], 0)], /equal shapes/]],
  },
  'gaussianKl to the standard normal': {
    apply: (tf, mean, logVariance) => gaussianKl(tf, { mean: mean, logVariance: logVariance }),
    // ½ (v + μ² − 1 − ln v)
    known: [[[of([2, 2], [0, 0, 3, 0]), of([2, 2], [0, 0, 0, Math.log(4)])], [0, (9 + 3 - Math.log(4)) / 2]]],
    extreme: [[of([1, 1], [1e15]), of([1, 1], [-100])], [5e29]],
    nan: [[of([2, 1], [NaN, 0]), all([2, 1], 0)], [true, false]],
    shapes: [[[[2, 3], [2, 3]], [2]]],
    refused: [[[all([2, 1], 0), all([2, 2], 0)], /equal shapes/]],
  },
  'gaussianKl between two': {
    apply: (tf, mean, logVariance, toMean, toLogVariance) =>
      gaussianKl(tf, { mean: mean, logVariance: logVariance }, { mean: toMean, logVariance: toLogVariance }),
    // N(1, 4) from N(3, 2): ½ (4/2 + 4/2 − 1 − ln 2)
    known: [[[of([1, 1], [1]), of([1, 1], [Math.log(4)]), of([1, 1], [3]), of([1, 1], [Math.log(2)])], [(3 - Math.LN2) / 2]]],
    extreme: [[of([1, 1], [0]), of([1, 1], [-60]), of([1, 1], [0]), of([1, 1], [60])], [(120 - 1) / 2]],
    nan: [[of([1, 1], [NaN]), all([1, 1], 0), all([1, 1], 0), all([1, 1], 0)], [true]],
    shapes: [[[[2, 2], [2, 2], [2, 2], [2, 2]], [2]]],
    refused: [[[all([2, 1], 0), all([2, 1], 0), all([1, 1], 0), all([2, 1], 0)], /equal shapes/]],
  },
  sampleGaussian: {
    apply: (tf, mean, logVariance) =>
      sampleGaussian(tf, { mean: mean, logVariance: logVariance }, createRng(1)),
    known: [[[of([1, 1], [5]), of([1, 1], [Math.log(4)])], [5 + 2 * createRng(1).normal()]]],
    extreme: [[of([1, 1], [3]), of([1, 1], [-200])], [3]],
    nan: [[of([1, 2], [NaN, 0]), all([1, 2], 0)], [true, false]],
    shapes: [[[[2, 3], [2, 3]], [2, 3]]],
    refused: [[[all([2, 1], 0), all([2, 2], 0)], /equal shapes/]],
  },
  hingeDiscriminatorLoss: {
    apply: (tf, real, fake) => hingeDiscriminatorLoss(tf, real, fake),
    known: [[[of([2, 1], [0, 3]), of([2, 1], [-2, 0.5])], [0.5 + 0.75]]],
    extreme: [[of([1, 1], [-1e30]), of([1, 1], [-1e30])], [1e30]],
    nan: [[of([1, 1], [NaN]), of([1, 1], [0])], [true]],
    shapes: [[[[3, 1], [3, 1]], []]],
    refused: [[[all([2, 1], 0), all([0, 1], 0)], /no scores/]],
  },
  wassersteinCriticLoss: {
    apply: (tf, real, fake) => wassersteinCriticLoss(tf, real, fake),
    known: [[[of([2, 1], [1, 3]), of([2, 1], [-2, 0])], [-3]]],
    extreme: [[of([1, 1], [1e30]), of([1, 1], [0])], [-1e30]],
    nan: [[of([1, 1], [NaN]), of([1, 1], [0])], [true]],
    shapes: [[[[3, 1], [2, 1]], []]],
    refused: [[[all([2, 1], 0), all([0, 1], 0)], /no scores/]],
  },
  generatorLoss: {
    apply: (tf, fake) => generatorLoss(tf, fake),
    known: [[[of([2, 1], [1, 3])], [-2]]],
    extreme: [[of([1, 1], [1e30])], [-1e30]],
    nan: [[of([2, 1], [NaN, 0])], [true]],
    shapes: [[[[3, 1]], []]],
    refused: [[[all([0, 1], 0)], /no scores/]],
  },
  crossEntropyWithTargets: {
    apply: (tf, logits, targets) => crossEntropyWithTargets(tf, logits, targets ?? tf.fill(logits.shape, 1 / logits.shape[1]!)),
    known: [[[of([2, 2], [0, Math.log(3), 0, 0]), of([2, 2], [0, 1, 0.5, 0.5])], [Math.log(4 / 3), Math.LN2]]],
    extreme: [[of([1, 2], [1e4, 0]), of([1, 2], [0, 1])], [1e4]],
    nan: [[of([2, 2], [NaN, 0, 0, 0]), of([2, 2], [0, 1, 0, 1])], [true, false]],
    shapes: [[[[2, 3]], [2, 1]]],
    refused: [[[all([2, 3], 0), all([2, 2], 0)], /Logits \[2, 3\] do not fit targets \[2, 2\]/]],
  },
};

const backends = await availableBackends();

describe.each([...backends.keys()])('on %s', (backendName) => {
  const backend = backends.get(backendName)!;
  const { tf } = backend;
  const made = (inputs: readonly Input[]): Tensor[] => inputs.map((make) => make(tf));

  describe.each(Object.entries(OPERATIONS))('%s', (_, { apply, known, extreme, nan, shapes, refused }) => {
    it('has known values, also far out, and passes a NaN on where it must and nowhere else', async () => {
      await backend.activate();
      tf.tidy(() => {
        for (const [inputs, values] of known) closeTo(apply(tf, ...made(inputs)).dataSync(), values, 2e-5);
        const [inputs, values] = extreme;
        const found = Array.from(apply(tf, ...made(inputs)).dataSync());
        expect(found).toHaveLength(values.length);
        // in parts of the expected size, or absolutely where that is 0 or infinite
        const sizes = values.map((x) => (Number.isFinite(x) && x !== 0 ? Math.abs(x) : 1));
        found.forEach((x, i) => expect(x / sizes[i]!).toBeCloseTo(values[i]! / sizes[i]!, 4));
        expect(Array.from(apply(tf, ...made(nan[0])).dataSync(), Number.isNaN)).toEqual(nan[1]);
      });
    });

    it.each(shapes)('takes %j to %j, with the gradients of finite differences', async (inputs, result) => {
      await backend.activate();
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const drawn = inputs.map((shape, i) =>
          tf.mul<Tensor>(randomTensor(tf, shape, createRng(i + 3)), 0.7),
        );
        expect(apply(tf, ...drawn).shape).toEqual(result);
        expect(gradientError(tf, (...xs) => apply(tf, ...xs), drawn)).toBeLessThan(4e-3);
      });
      expect(tf.memory().numTensors - before).toBe(buffers.length);
    });

    it('refuses what does not fit', async () => {
      await backend.activate();
      for (const [inputs, message] of refused) expect(() => apply(tf, ...made(inputs))).toThrow(message);
    });
  });
});
