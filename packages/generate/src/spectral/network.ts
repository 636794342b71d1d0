import { AttuneError } from '@attune/core';
import type { NamedArray } from '@attune/core/nn';
import type { SpectralConfig, SpectralNetworkName } from './config.ts';
import { BINS } from './frames.ts';
import { binsOfLayers, pitchParameterNames, requireParameters } from './parameters.ts';

/** Slope of the rectifiers below 0, that of `leakyRelu` in core. */
const LEAK = 0.2;

/**
 * A trained network without tensors: plain loops in a fixed order, sums in double precision, results in single
 * precision. So a checkpoint gives the same frames in every process, whatever tensor backend runs beside it.
 */
export interface SpectralNetwork {
  readonly name: SpectralNetworkName;
  readonly latents: number;
  readonly pitches: SpectralConfig['pitches'];
  /** [highest − lowest + 1, latents]: where sounds of a pitch lie, and how far they spread. */
  readonly pitchMeans: Float32Array;
  readonly pitchDeviations: Float32Array;
  /** `shape` [count, BINS] → [count, latents]. Throws `argument/invalid` for other lengths and values that are no numbers. */
  encode(shape: Float32Array): Float32Array;
  /** `codes` [count, latents] → [count, BINS], 0 … 1. Throws as `encode` does. */
  decode(codes: Float32Array): Float32Array;
}

/** Throws `checkpoint/mismatch` for parameters that do not fit the configuration. */
export function createSpectralNetwork(
  config: SpectralConfig,
  parameters: ReadonlyMap<string, NamedArray>,
  name: SpectralNetworkName = config.preferred,
): SpectralNetwork {
  requireParameters(config, parameters);
  const { latents } = config.shape;
  const get = (path: string): Float32Array => Float32Array.from(parameters.get(path)!.data);
  const own = (path: string): Float32Array => get(`${name}/${path}`);
  const linear = {
    encode: affine(own('encode/weight'), own('encode/bias')),
    decode: affine(own('decode/weight'), own('decode/bias')),
  };
  const deep = name === 'dense' ? densePath(config, own) : convolutionPath(config, own);
  const names = pitchParameterNames(name);
  return {
    name,
    latents,
    pitches: config.pitches,
    pitchMeans: get(names.mean),
    pitchDeviations: get(names.deviation),
    encode: (shape) =>
      byRow(shape, BINS, latents, (row, out) =>
        add(linear.encode(row), deep.encode(row), out, -Infinity, Infinity),
      ),
    decode: (codes) =>
      byRow(codes, latents, BINS, (row, out) => add(linear.decode(row), deep.decode(row), out, 0, 1)),
  };
}

type Layer = (x: Float32Array) => Float32Array;

function byRow(
  values: Float32Array,
  width: number,
  outWidth: number,
  run: (row: Float32Array, out: Float32Array) => void,
): Float32Array {
  const count = values.length / width;
  if (!Number.isInteger(count)) {
    throw new AttuneError('argument/invalid', `${values.length} values are no rows of ${width}.`, { width });
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const place = { row: Math.floor(at / width), column: at % width };
    throw new AttuneError(
      'argument/invalid',
      `A frame or code holds ${values[at]}, which is no finite number.`,
      place,
    );
  }
  const out = new Float32Array(count * outWidth);
  for (let i = 0; i < count; i++) {
    run(values.subarray(i * width, (i + 1) * width), out.subarray(i * outWidth, (i + 1) * outWidth));
  }
  return out;
}

function add(a: Float32Array, b: Float32Array, out: Float32Array, least: number, most: number): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(most, Math.max(least, a[i]! + b[i]!));
}

/** x [in] → x · weight [in, out] + bias [out]. The result is overwritten by the next call. */
function affine(weight: Float32Array, bias: Float32Array, leaky = false): Layer {
  const width = bias.length;
  const sums = new Float64Array(width);
  const y = new Float32Array(width);
  return (x) => {
    sums.set(bias);
    for (let i = 0, at = 0; i < x.length; i++, at += width) {
      const value = x[i]!;
      if (value === 0) continue; // most bins of a frame are silent
      for (let j = 0; j < width; j++) sums[j]! += value * weight[at + j]!;
    }
    for (let j = 0; j < width; j++) y[j] = leaky && sums[j]! < 0 ? LEAK * sums[j]! : sums[j]!;
    return y;
  };
}

function densePath(
  { shape }: SpectralConfig,
  own: (path: string) => Float32Array,
): { encode: Layer; decode: Layer } {
  const count = shape.hidden.length + 1;
  const chain = (path: string): Layer => {
    const layers = Array.from({ length: count }, (_, i) =>
      affine(own(`${path}${i}/weight`), own(`${path}${i}/bias`), i < count - 1),
    );
    return (x) => layers.reduce((y, layer) => layer(y), x);
  };
  return { encode: chain('encoder'), decode: chain('decoder') };
}

function convolutionPath(
  { shape }: SpectralConfig,
  own: (path: string) => Float32Array,
): { encode: Layer; decode: Layer } {
  const { channels, taps, stride, latents } = shape;
  const bins = binsOfLayers(shape);
  const chain = [1, ...channels];
  const down = channels.map((out, i) =>
    convolve(own(`encoder${i}/kernel`), own(`encoder${i}/bias`), {
      taps,
      stride,
      size: bins[i]!,
      into: chain[i]!,
      out,
    }),
  );
  const up = channels.map((into, i) =>
    convolveTransposed(own(`decoder${i}/kernel`), own(`decoder${i}/bias`), {
      taps,
      stride,
      size: bins[i + 1]!,
      into,
      out: chain[i]!,
      leaky: i > 0,
    }),
  );
  const flat = affine(own('flat/weight'), new Float32Array(latents));
  const unflat = affine(own('unflat/weight'), own('unflat/bias'), true);
  return {
    encode: (x) => flat(down.reduce((y, layer) => layer(y), x)),
    decode: (z) => up.reduceRight((y, layer) => layer(y), unflat(z)),
  };
}

/** Positions and channels of one convolution; `size` is the number of positions that come in. */
interface Convolution {
  readonly taps: number;
  readonly stride: number;
  readonly size: number;
  readonly into: number;
  readonly out: number;
}

/** Zeros before the first position where ⌈size / stride⌉ positions come out; the odd one is at the end. */
function padBefore(size: number, taps: number, stride: number): number {
  return Math.floor(Math.max((size / stride - 1) * stride + taps - size, 0) / 2);
}

/** x [size, into] → [size / stride, out] through a kernel [taps, into, out], rectified. */
function convolve(
  kernel: Float32Array,
  bias: Float32Array,
  { taps, stride, size, into, out }: Convolution,
): Layer {
  const before = padBefore(size, taps, stride);
  const count = size / stride;
  const sums = new Float64Array(out);
  const y = new Float32Array(count * out);
  return (x) => {
    for (let p = 0; p < count; p++) {
      sums.set(bias);
      for (let tap = 0; tap < taps; tap++) {
        const from = p * stride - before + tap;
        if (from < 0 || from >= size) continue;
        for (let c = 0; c < into; c++) {
          const value = x[from * into + c]!;
          if (value === 0) continue;
          const at = (tap * into + c) * out;
          for (let j = 0; j < out; j++) sums[j]! += value * kernel[at + j]!;
        }
      }
      for (let j = 0; j < out; j++) y[p * out + j] = sums[j]! < 0 ? LEAK * sums[j]! : sums[j]!;
    }
    return y;
  };
}

/** x [size, into] → [size · stride, out] through a kernel [taps, out, into]: the transpose of `convolve`. */
function convolveTransposed(
  kernel: Float32Array,
  bias: Float32Array,
  { taps, stride, size, into, out, leaky }: Convolution & { readonly leaky: boolean },
): Layer {
  const length = size * stride;
  const before = padBefore(length, taps, stride);
  const sums = new Float64Array(length * out);
  const y = new Float32Array(length * out);
  return (x) => {
    for (let i = 0; i < sums.length; i++) sums[i] = bias[i % out]!;
    for (let p = 0; p < size; p++) {
      for (let tap = 0; tap < taps; tap++) {
        const to = p * stride - before + tap;
        if (to < 0 || to >= length) continue;
        for (let j = 0; j < out; j++) {
          const at = (tap * out + j) * into;
          let sum = 0;
          for (let c = 0; c < into; c++) sum += x[p * into + c]! * kernel[at + c]!;
          sums[to * out + j]! += sum;
        }
      }
    }
    for (let i = 0; i < y.length; i++) y[i] = leaky && sums[i]! < 0 ? LEAK * sums[i]! : sums[i]!;
    return y;
  };
}
