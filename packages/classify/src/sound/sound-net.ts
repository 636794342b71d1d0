import { AttuneError } from '@attune/core';
import type { JsonObject, NamedArray } from '@attune/core/nn';
import { arrayOf } from '../learners/tree-scorer.ts';
import { logPower, MEL_BANDS, type MelWindow } from './mel-window.ts';

/** One convolution with zeros around its input, a bias and a rectifier. */
export interface ConvolutionShape {
  /** Frames and bands that a kernel spans. */
  readonly taps: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly channels: number;
}

/**
 * A convolutional net over log-mel power that tells labels apart: convolutions, then mean and deviation over time of every
 * channel and band (statistics pooling; Snyder et al. 2018), then one linear layer. Any length of sound goes in.
 */
export interface SoundNet {
  readonly convolutions: readonly ConvolutionShape[];
  readonly classes: number;
  /** [MEL_BANDS]: what log power is shifted and scaled by. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** Of each convolution, [taps, taps, in, out]. */
  readonly kernels: readonly Float32Array[];
  /** Of each convolution, [out]. */
  readonly biases: readonly Float32Array[];
  /** [2 · pooled, classes] and [classes]. */
  readonly out: Float32Array;
  readonly outBias: Float32Array;
}

/** The net that is trained where nothing else is said: it hears 2.6 s at a time. */
export const SOUND_NET_SHAPE: readonly ConvolutionShape[] = [
  { taps: [5, 3], strides: [2, 2], channels: 12 },
  { taps: [3, 3], strides: [2, 2], channels: 24 },
  { taps: [3, 3], strides: [2, 2], channels: 40 },
  { taps: [3, 3], strides: [1, 1], channels: 48 },
  { taps: [5, 1], strides: [2, 1], channels: 64 },
  { taps: [5, 1], strides: [1, 1], channels: 64 },
];

/** Added to variances before their root, in training and here. */
export const POOLING_EPSILON = 1e-4;

/** Bands that are left after the convolutions. */
export function bandsAfter(convolutions: readonly ConvolutionShape[]): number {
  return convolutions.reduce((bands, { strides }) => Math.ceil(bands / strides[1]), MEL_BANDS);
}

/** Unnormalised log-probabilities of the classes, [classes]. Plain loops in a fixed order: the same on every machine. */
export function netLogits(net: SoundNet, { frames, power }: MelWindow): Float64Array {
  let image: Image = { height: frames, width: MEL_BANDS, channels: 1, values: standardised(net, power) };
  net.convolutions.forEach((shape, i) => (image = convolve(image, shape, net.kernels[i]!, net.biases[i]!)));
  const pooled = poolOverTime(image);
  return Float64Array.from(net.outBias, (bias, k) => {
    let sum = bias;
    for (let i = 0; i < pooled.length; i++) sum += pooled[i]! * net.out[i * net.classes + k]!;
    return sum;
  });
}

/** Log power as the net reads it, [frames, MEL_BANDS]. */
export function standardised(
  { mean, deviation }: Pick<SoundNet, 'mean' | 'deviation'>,
  power: Float32Array,
): Float32Array {
  return power.map((value, i) => (logPower(value) - mean[i % MEL_BANDS]!) / deviation[i % MEL_BANDS]!);
}

/** [height, width, channels]: time, bands, channels. */
interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array;
}

function convolve(
  image: Image,
  { taps, strides, channels }: ConvolutionShape,
  kernel: Float32Array,
  bias: Float32Array,
): Image {
  const height = Math.ceil(image.height / strides[0]);
  const width = Math.ceil(image.width / strides[1]);
  const values = new Float32Array(height * width * channels);
  const before = [0, 1].map((axis) =>
    paddingBefore(axis === 0 ? image.height : image.width, taps[axis]!, strides[axis]!),
  );
  const sum = new Float64Array(channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sum.set(bias);
      for (let a = 0; a < taps[0]; a++) {
        const row = y * strides[0] + a - before[0]!;
        if (row < 0 || row >= image.height) continue;
        for (let b = 0; b < taps[1]; b++) {
          const column = x * strides[1] + b - before[1]!;
          if (column < 0 || column >= image.width) continue;
          addTap(
            sum,
            image,
            (row * image.width + column) * image.channels,
            kernel,
            (a * taps[1] + b) * image.channels * channels,
          );
        }
      }
      const to = (y * width + x) * channels;
      for (let k = 0; k < channels; k++) values[to + k] = Math.max(0, sum[k]!);
    }
  }
  return { height, width, channels, values };
}

/** sum += the input's channels at `from` times the tap of the kernel at `at`; what the rectifier left at 0 is skipped. */
function addTap(sum: Float64Array, image: Image, from: number, kernel: Float32Array, at: number): void {
  for (let c = 0; c < image.channels; c++) {
    const value = image.values[from + c]!;
    if (value === 0) continue;
    const start = at + c * sum.length;
    for (let k = 0; k < sum.length; k++) sum[k]! += value * kernel[start + k]!;
  }
}

/** Zeros before an axis where ⌈size / stride⌉ positions are wanted; the odd one goes to the end. */
function paddingBefore(size: number, taps: number, stride: number): number {
  return Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + taps - size) / 2);
}

/** [2 · width · channels]: means over time, then deviations. */
function poolOverTime({ height, width, channels, values }: Image): Float64Array {
  const size = width * channels;
  const pooled = new Float64Array(2 * size);
  for (let i = 0; i < values.length; i++) pooled[i % size]! += values[i]! / height;
  for (let i = 0; i < values.length; i++)
    pooled[size + (i % size)]! += (values[i]! - pooled[i % size]!) ** 2 / height;
  for (let i = size; i < 2 * size; i++) pooled[i] = Math.sqrt(pooled[i]! + POOLING_EPSILON);
  return pooled;
}

/** The net as it stands in a checkpoint. */
export function soundNetArrays(net: SoundNet): Map<string, NamedArray> {
  const arrays = new Map<string, NamedArray>([
    ['mean', { shape: [MEL_BANDS], data: net.mean }],
    ['deviation', { shape: [MEL_BANDS], data: net.deviation }],
    ['out', { shape: [net.out.length / net.classes, net.classes], data: net.out }],
    ['outBias', { shape: [net.classes], data: net.outBias }],
  ]);
  net.convolutions.forEach(({ taps, channels }, i) => {
    arrays.set(`kernel${i}`, {
      shape: [...taps, inputsOf(net.convolutions, i), channels],
      data: net.kernels[i]!,
    });
    arrays.set(`bias${i}`, { shape: [channels], data: net.biases[i]! });
  });
  return arrays;
}

/** The shape of the net as a checkpoint keeps it: `readSoundNet` takes its convolutions. */
export function soundNetSettings({ convolutions }: SoundNet): JsonObject {
  return {
    convolutions: convolutions.map(({ taps, strides, channels }) => ({
      taps: [...taps],
      strides: [...strides],
      channels,
    })),
  };
}

/** A net of a checkpoint. Throws `checkpoint/mismatch` where its arrays are not of the shapes that the convolutions ask for. */
export function readSoundNet(
  convolutions: readonly ConvolutionShape[],
  classes: number,
  arrays: ReadonlyMap<string, NamedArray>,
): SoundNet {
  const array = (name: string, length: number): Float32Array => {
    const data = arrayOf(arrays, name, Float32Array);
    if (data.length === length) return data;
    throw new AttuneError(
      'checkpoint/mismatch',
      `The net's ${name} has ${data.length} values, and ${length} are needed.`,
      { array: name },
    );
  };
  const pooled = 2 * bandsAfter(convolutions) * convolutions.at(-1)!.channels;
  return {
    convolutions,
    classes,
    mean: array('mean', MEL_BANDS),
    deviation: array('deviation', MEL_BANDS),
    kernels: convolutions.map(({ taps, channels }, i) =>
      array(`kernel${i}`, taps[0] * taps[1] * inputsOf(convolutions, i) * channels),
    ),
    biases: convolutions.map(({ channels }, i) => array(`bias${i}`, channels)),
    out: array('out', pooled * classes),
    outBias: array('outBias', classes),
  };
}

/** Channels that convolution `i` reads. */
export function inputsOf(convolutions: readonly ConvolutionShape[], i: number): number {
  return convolutions[i - 1]?.channels ?? 1;
}
