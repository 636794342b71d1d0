import type { TransformerShape } from './config.ts';
import type { DecoderArray } from './decoder-weights.ts';
import { FIELD_OFFSETS, rotationPeriods, writeAngles } from './input-layout.ts';

/** One step of a test: rows of the input table, and when. */
export interface TestStep {
  readonly rows: readonly number[];
  readonly time: number;
  /** Values of the fields, told to the heads one after the other. */
  readonly values: readonly number[];
}

/** y = x · W of float32 numbers x[in], W [in, out]. */
export type Product = (x: Float32Array, matrix: DecoderArray) => Float32Array;

/**
 * The decoder in plain loops, without WebAssembly, batches or padding: logits of every field of every step. With
 * `floatProduct` each sum is rounded to float32 where the kernels round it; exponentials are of double precision.
 */
export function referenceLogits(
  shape: TransformerShape,
  parameters: ReadonlyMap<string, DecoderArray>,
  steps: readonly TestStep[],
  product: Product,
): Float32Array[][] {
  const { width, layers, heads, headWidth, fieldSizes } = shape;
  const get = (name: string): DecoderArray => parameters.get(name)!;
  const caches = Array.from({ length: layers * heads }, () => ({
    keys: [] as Float32Array[],
    values: [] as Float32Array[],
  }));
  return steps.map(({ rows, time, values }, at) => {
    let x: Float32Array = new Float32Array(width);
    for (const row of rows) x = add(x, rowOf(get('embed'), row));
    for (let layer = 0; layer < layers; layer++) {
      const qkv = product(normalise(x), get(`layer${layer}.qkv`));
      const mixed = attend(shape, qkv, time, at, caches.slice(layer * heads, (layer + 1) * heads));
      x = add(x, product(mixed, get(`layer${layer}.out`)));
      const up = squaredRelu(product(normalise(x), get(`layer${layer}.up`)));
      x =
        product === floatProduct
          ? addRows(x, up, get(`layer${layer}.down`))
          : add(x, product(up, get(`layer${layer}.down`)));
    }
    let head = add(product(normalise(x), get('head.trunk')), Float32Array.from(get('head.bias').data));
    return fieldSizes.map((_, field) => {
      const own = squaredRelu(head.subarray(field * headWidth, (field + 1) * headWidth));
      const logits = add(
        product(own, get(`head.out${field}`)),
        Float32Array.from(get(`head.outBias${field}`).data),
      );
      const told = rowOf(get('head.fields'), FIELD_OFFSETS[field]! + values[field]!);
      head = head.map((h, i) => (i < (field + 1) * headWidth ? h : h + told[i]!));
      return logits;
    });
  });
}

/** Four partial sums, of columns 0, 4, …; 1, 5, …; and so on, added in pairs: in float32. */
export const floatProduct: Product = (x, { shape, data }) =>
  Float32Array.from({ length: shape[1]! }, (_, r) => {
    const parts = new Float32Array(4);
    for (let c = 0; c < x.length; c++) parts[c % 4]! += Math.fround(data[c * shape[1]! + r]! * x[c]!);
    return Math.fround(parts[0]! + parts[1]!) + Math.fround(parts[2]! + parts[3]!);
  });

/** Weights and activations as whole numbers, of at most 127 and of as many as keep sums in int32; exact sums. */
export const wholeProduct: Product = (x, { shape, data }) => {
  const [inputs, outputs] = [shape[0]!, shape[1]!];
  const limit = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * 16 * Math.ceil(inputs / 16))));
  const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const whole = Array.from(x, (value) => Math.round((value * limit) / (largest || 1)));
  return Float32Array.from({ length: outputs }, (_, r) => {
    const row = Array.from({ length: inputs }, (__, c) => data[c * outputs + r]!);
    const scale = Math.max(...row.map(Math.abs)) / 127;
    const sum = row.reduce((total, w, c) => total + Math.round(w / (scale || 1)) * whole[c]!, 0);
    return (sum * scale * largest) / limit;
  });
};

function addRows(x: Float32Array, factors: Float32Array, { shape, data }: DecoderArray): Float32Array {
  const sum = Float32Array.from(x);
  factors.forEach((factor, r) => {
    for (let c = 0; c < sum.length; c++) sum[c]! += Math.fround(factor * data[r * shape[1]! + c]!);
  });
  return sum;
}

function attend(
  { width, heads }: TransformerShape,
  qkv: Float32Array,
  time: number,
  at: number,
  caches: readonly { readonly keys: Float32Array[]; readonly values: Float32Array[] }[],
): Float32Array {
  const size = width / heads;
  const pairs = size / 2;
  const angles = new Float64Array(pairs);
  writeAngles(rotationPeriods(pairs), time, at, angles, 0);
  const turned = (from: number, scale: number): Float32Array => {
    const out = new Float32Array(size);
    angles.forEach((angle, p) => {
      const [a, b] = [qkv[from + p]!, qkv[from + width + p]!];
      out[p] = (a * Math.cos(angle) - b * Math.sin(angle)) * scale;
      out[pairs + p] = (a * Math.sin(angle) + b * Math.cos(angle)) * scale;
    });
    return out;
  };
  const mixed = new Float32Array(width);
  caches.forEach(({ keys, values }, h) => {
    const query = turned(h * pairs, 1 / Math.sqrt(size));
    keys.push(turned((heads + h) * pairs, 1));
    values.push(qkv.slice(2 * width + h * size, 2 * width + (h + 1) * size));
    const scores = keys.map((key) => floatProduct(query, { shape: [size, 1], data: key })[0]!);
    softmax(scores).forEach((share, t) => {
      for (let i = 0; i < size; i++) mixed[h * size + i]! += Math.fround(share * values[t]![i]!);
    });
  });
  return mixed;
}

function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - highest));
  const total = exponentials.reduce((sum, e) => sum + e);
  return exponentials.map((e) => Math.fround(e / total));
}

function normalise(x: Float32Array): Float32Array {
  const sum = x.reduce((total, value) => total + value * value, 0);
  const scale = 1 / Math.sqrt(sum / x.length + 1e-6);
  return x.map((value) => value * scale);
}

function squaredRelu(x: Float32Array): Float32Array {
  return x.map((value) => Math.max(0, value) ** 2);
}

function add(x: Float32Array, y: Float32Array): Float32Array {
  return x.map((value, i) => value + y[i]!);
}

function rowOf({ shape, data }: DecoderArray, row: number): Float32Array {
  const columns = shape[1]!;
  return Float32Array.from({ length: columns }, (_, c) => data[row * columns + c]!);
}
