import type { TensorFlow } from '../tensor-flow.ts';
import type { KernelCall } from './register.ts';

/** Geometry of a sliding window over NHWC images, as tfjs's `backend_util.compute…2DInfo` gives it. */
export interface WindowInfo {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly padInfo: { readonly top: number; readonly left: number };
}

/**
 * Calls `visit(from, output, tap)` for every position of the window and every tap of it that lies inside the image:
 * the flat offsets of the pixel's first channel in the input, of the pixel in the output (in pixels), and of the tap
 * in the filter (row-major).
 */
export function forEachTap(
  info: WindowInfo,
  visit: (from: number, output: number, tap: number) => void,
): void {
  const {
    batchSize,
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    filterHeight,
    filterWidth,
    padInfo,
  } = info;
  let output = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++, output++) {
        for (let a = 0; a < filterHeight; a++) {
          const y = i * info.strideHeight - padInfo.top + a * info.dilationHeight;
          if (y < 0 || y >= inHeight) continue;
          for (let b = 0; b < filterWidth; b++) {
            const x = j * info.strideWidth - padInfo.left + b * info.dilationWidth;
            if (x < 0 || x >= inWidth) continue;
            visit(((n * inHeight + y) * inWidth + x) * inChannels, output, a * filterWidth + b);
          }
        }
      }
    }
  }
}

/**
 * The input pixels under each tap, one row for each tap and channel: [taps · inChannels, positions], 0 outside the
 * image. The filter gradient is this matrix times the output gradient [positions, outChannels]. `columns` is
 * cleared first.
 */
export function unfoldTransposed(info: WindowInfo, x: Float32Array, columns: Float32Array): void {
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const channels = info.inChannels;
  columns.fill(0);
  forEachTap(info, (from, output, tap) => {
    let to = tap * channels * positions + output;
    for (let c = 0; c < channels; c++, to += positions) columns[to] = x[from + c]!;
  });
}

/** Filter gradient of a depthwise convolution: [taps, inChannels, multiplier]. `out` is cleared first. */
export function depthwiseFilterGradient(
  info: WindowInfo,
  multiplier: number,
  x: Float32Array,
  dy: Float32Array,
  out: Float32Array,
): void {
  const channels = info.inChannels;
  out.fill(0);
  forEachTap(info, (from, output, tap) => {
    const dyFrom = output * channels * multiplier;
    const to = tap * channels * multiplier;
    for (let c = 0; c < channels; c++) {
      for (let m = 0; m < multiplier; m++)
        out[to + c * multiplier + m]! += x[from + c]! * dy[dyFrom + c * multiplier + m]!;
    }
  });
}

/** Input gradient of a depthwise convolution: the input's shape. `out` is cleared first. */
export function depthwiseInputGradient(
  info: WindowInfo,
  multiplier: number,
  filter: Float32Array,
  dy: Float32Array,
  out: Float32Array,
): void {
  const channels = info.inChannels;
  out.fill(0);
  forEachTap(info, (from, output, tap) => {
    const dyFrom = output * channels * multiplier;
    const at = tap * channels * multiplier;
    for (let c = 0; c < channels; c++) {
      for (let m = 0; m < multiplier; m++) {
        out[from + c]! += filter[at + c * multiplier + m]! * dy[dyFrom + c * multiplier + m]!;
      }
    }
  });
}

/** Gradient of max pooling: each output's gradient goes to the first largest input of its window. */
export function maxPoolGradient(
  info: WindowInfo,
  x: Float32Array,
  dy: Float32Array,
  out: Float32Array,
): void {
  const channels = info.inChannels;
  const best = new Int32Array(info.batchSize * info.outHeight * info.outWidth * channels).fill(-1);
  out.fill(0);
  forEachTap(info, (from, output) => {
    const to = output * channels;
    for (let c = 0; c < channels; c++) {
      const held = best[to + c]!;
      if (held < 0 || x[from + c]! > x[held]!) best[to + c] = from + c;
    }
  });
  for (let i = 0; i < best.length; i++) if (best[i]! >= 0) out[best[i]!]! += dy[i]!;
}

/** Gradient of average pooling, where an average is over the pixels of the window that lie inside the image. */
export function averagePoolGradient(info: WindowInfo, dy: Float32Array, out: Float32Array): void {
  const channels = info.inChannels;
  const counts = new Int32Array(info.batchSize * info.outHeight * info.outWidth);
  out.fill(0);
  forEachTap(info, (_from, output) => void counts[output]!++);
  forEachTap(info, (from, output) => {
    for (let c = 0; c < channels; c++) out[from + c]! += dy[output * channels + c]! / counts[output]!;
  });
}

/** The window of a pooling kernel's attributes over NHWC images of this shape. */
export function poolWindow(tf: TensorFlow, shape: readonly number[], attrs: KernelCall['attrs']): WindowInfo {
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attrs['filterSize'] as number,
    attrs['strides'] as number,
    1,
    attrs['pad'] as number,
    attrs['dimRoundingMode'] as 'floor' | undefined,
  );
}

/** The window of a convolution kernel's attributes. `filterShape` is [height, width, in, out or multiplier]. */
export function convWindow(
  tf: TensorFlow,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: KernelCall['attrs'],
  depthwise: boolean,
): WindowInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs['strides'] as number,
    (attrs['dilations'] as number | undefined) ?? 1,
    attrs['pad'] as number,
    attrs['dimRoundingMode'] as 'floor' | undefined,
    depthwise,
  );
}
