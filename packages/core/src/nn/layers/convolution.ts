import { AttuneError } from '../../foundation/errors.ts';
import type { Tensor, Tensor4D, TensorFlow } from '../tensor-flow.ts';
import { activate, type Activation } from './activations.ts';
import { addBias } from './bias.ts';
import { dilatedConv2d } from './dilated-convolution.ts';

/** How a kernel slides over its input. */
export interface ConvolutionOptions {
  /** [out]. */
  readonly bias?: Tensor;
  /** Step of the window, equal along both axes of an image, or one for each. Default 1. */
  readonly strides?: number | readonly [number, number];
  /**
   * `same` (default): ⌈size / stride⌉ positions, with zeros around the input, the odd one at the end. `valid`: only
   * where the whole window lies in the input.
   */
  readonly padding?: 'same' | 'valid';
  /** Applied to the result. */
  readonly activation?: Activation;
}

/** `ConvolutionOptions` and the spread of the taps, which a transposed convolution does not have. */
export interface DilatableOptions extends ConvolutionOptions {
  /** Taps lie this far apart. Only at stride 1; computed from shifted slices. Default 1. */
  readonly dilation?: number;
}

/**
 * Convolution of images (cross-correlation, as everywhere in this field). `x` [N, height, width, in], `kernel`
 * [taps, taps, in, out] → [N, height′, width′, out]. The gradient can itself be differentiated.
 * Throws `model/invalid` for shapes that do not fit.
 */
export function conv2d(tf: TensorFlow, x: Tensor, kernel: Tensor, options: DilatableOptions = {}): Tensor {
  const { padding = 'same', dilation = 1 } = options;
  const strides = stridesOf(options);
  checkShapes('convolution', x, kernel, 2);
  checkWhole('dilation', dilation);
  if (dilation > 1 && (strides[0] > 1 || strides[1] > 1)) {
    throw new AttuneError('model/invalid', `A convolution has either strides or dilation, not [${strides.join(', ')}] and ${dilation}.`, { dilation }); // prettier-ignore
  }
  for (const axis of [0, 1] as const) {
    const [size, reach] = [x.shape[axis + 1]!, (kernel.shape[axis]! - 1) * dilation + 1];
    if (padding === 'valid' && reach > size) {
      throw new AttuneError('model/invalid', `A window of ${reach} does not fit an input of ${size} without padding.`, { reach, size }); // prettier-ignore
    }
  }
  return tf.tidy(() =>
    finish(
      tf,
      dilation > 1
        ? dilatedConv2d(tf, x, kernel, dilation, padding)
        : tf.conv2d(x as Tensor4D, kernel as Tensor4D, [...strides], padding),
      options,
    ),
  );
}

/** Convolution of sequences. `x` [N, length, in], `kernel` [taps, in, out] → [N, length′, out]. As `conv2d`. */
export function conv1d(tf: TensorFlow, x: Tensor, kernel: Tensor, options: DilatableOptions = {}): Tensor {
  checkRanks('convolution', x, kernel, 3);
  return tf.tidy(() => {
    const y = conv2d(tf, tf.expandDims(x, 1), tf.expandDims(kernel, 0), asRow(options));
    return tf.squeeze(y, [1]);
  });
}

/**
 * Transposed convolution: the gradient of `conv2d` with respect to its input, used to enlarge images. `x`
 * [N, height, width, in], `kernel` [taps, taps, out, in] → [N, height′, width′, out]; a side becomes size · stride
 * (`same`) or size · stride + max(taps − stride, 0) (`valid`). Throws as `conv2d` does.
 */
export function convTranspose2d(
  tf: TensorFlow,
  x: Tensor,
  kernel: Tensor,
  options: ConvolutionOptions = {},
): Tensor {
  const { padding = 'same' } = options;
  const strides = stridesOf(options);
  checkShapes('transposed convolution', x, kernel, 3);
  const [count, height, width] = x.shape as [number, number, number, number];
  const sideOf = (size: number, taps: number, stride: number): number =>
    size * stride + (padding === 'valid' ? Math.max(taps - stride, 0) : 0);
  const shape: [number, number, number, number] = [
    count,
    sideOf(height, kernel.shape[0], strides[0]),
    sideOf(width, kernel.shape[1]!, strides[1]),
    kernel.shape[2]!,
  ];
  return tf.tidy(() =>
    finish(tf, tf.conv2dTranspose(x as Tensor4D, kernel as Tensor4D, shape, [...strides], padding), options),
  );
}

/** `convTranspose2d` of sequences. `x` [N, length, in], `kernel` [taps, out, in] → [N, length′, out]. */
export function convTranspose1d(
  tf: TensorFlow,
  x: Tensor,
  kernel: Tensor,
  options: ConvolutionOptions = {},
): Tensor {
  checkRanks('transposed convolution', x, kernel, 3);
  return tf.tidy(() => {
    const y = convTranspose2d(tf, tf.expandDims(x, 1), tf.expandDims(kernel, 0), asRow(options));
    return tf.squeeze(y, [1]);
  });
}

function finish(tf: TensorFlow, y: Tensor, { bias, activation }: ConvolutionOptions): Tensor {
  const shifted = bias === undefined ? y : addBias(tf, y, bias);
  return activation === undefined ? shifted : activate(tf, shifted, activation);
}

/** Options of the same convolution over an image of height 1. */
function asRow(options: DilatableOptions): DilatableOptions {
  const { strides = 1 } = options;
  if (typeof strides !== 'number') {
    throw new AttuneError('model/invalid', `A sequence has one stride, not [${strides.join(', ')}].`);
  }
  return {
    ...options,
    strides: options.dilation === undefined || options.dilation === 1 ? [1, strides] : strides,
  };
}

function stridesOf({ strides = 1 }: ConvolutionOptions): readonly [number, number] {
  const both = typeof strides === 'number' ? ([strides, strides] as const) : strides;
  both.forEach((stride) => checkWhole('stride', stride));
  return both;
}

function checkWhole(what: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1)) {
    throw new AttuneError('model/invalid', `A ${what} is a whole number from 1; it is ${value}.`, { value });
  }
}

function checkShapes(what: string, x: Tensor, kernel: Tensor, inputAxis: number): void {
  checkRanks(what, x, kernel, 4);
  if (kernel.shape[inputAxis] !== x.shape[3]) throw misfit(what, x, kernel);
}

function checkRanks(what: string, x: Tensor, kernel: Tensor, rank: number): void {
  if (x.rank !== rank || kernel.rank !== rank) throw misfit(what, x, kernel);
}

function misfit(what: string, x: Tensor, kernel: Tensor): AttuneError {
  const [taken, given] = [kernel.shape.join(', '), x.shape.join(', ')];
  return new AttuneError('model/invalid', `A ${what} with kernel [${taken}] cannot take input [${given}].`);
}
