// Steps of the Transformer for a batch of entries, and the logits of its heads. The engine
// (src/transformer/decoder-engine.ts) lays out memory and fills in weights and entries; nothing is allocated here.
import { attend } from './_attention';
import { addRows, multiply } from './_float-products';
import { addTo, squaredRelu } from './_lanes';
import {
  embed,
  entries,
  entryRows,
  feedForward,
  fieldRows,
  fields,
  headBias,
  headFields,
  headMatrices,
  headRows,
  headStates,
  headWidth,
  hidden,
  layerMatrices,
  layers,
  logitBias,
  logitCount,
  logitPlaces,
  logits,
  MATRIX_BYTES,
  maxRows,
  mixed,
  normal,
  projected,
  quantised,
  residual,
  rowList,
  whole,
  wholeUnits,
  width,
} from './_plan';
import { multiplyWhole, quantise } from './_whole-products';

export * from './_plan';

/** RMSNorm's ε: the same as in training. */
const EPSILON: f64 = 1e-6;

/** Takes `count` entries. Those of one lane stand in the order of their places. */
export function step(count: i32): void {
  const bytes = (<usize>width) << 2;
  for (let b = 0; b < count; b++) addInputs(b);
  let matrices = layerMatrices;
  for (let layer = 0; layer < layers; layer++, matrices += 4 * MATRIX_BYTES) {
    for (let b: usize = 0; b < <usize>count; b++) normalise(residual + b * bytes, normal + b * bytes);
    product(matrices, normal, projected, count, width);
    for (let b = 0; b < count; b++) attend(layer, b);
    product(matrices + MATRIX_BYTES, mixed, normal, count, width);
    addTo(residual, normal, count * width);
    for (let b: usize = 0; b < <usize>count; b++) normalise(residual + b * bytes, normal + b * bytes);
    product(matrices + 2 * MATRIX_BYTES, normal, hidden, count, width);
    const padded = rowsOf(matrices + 2 * MATRIX_BYTES);
    squaredRelu(hidden, hidden, count * padded);
    addDown(matrices + 3 * MATRIX_BYTES, count, padded);
  }
  prepareHeads(count);
}

/** Logits of a field, given the fields set so far. */
export function writeLogits(lane: i32, field: i32): void {
  const matrix = headMatrices + <usize>(1 + field) * MATRIX_BYTES;
  const place = (<usize>load<i32>(logitPlaces + ((<usize>field) << 2))) << 2;
  const out = logits + ((<usize>(lane * logitCount)) << 2) + place;
  squaredRelu(headStates + ((<usize>((lane * fields + field) * headWidth)) << 2), hidden, headWidth);
  product(matrix, hidden, out, 1, headWidth);
  addTo(out, logitBias + place, rowsOf(matrix));
}

/** Tells the heads of the later fields the value of `field`. */
export function setField(lane: i32, field: i32, value: i32): void {
  const all = fields * headWidth;
  const later = (<usize>((field + 1) * headWidth)) << 2;
  const row = <usize>(load<i32>(fieldRows + ((<usize>field) << 2)) + value) * ((<usize>all) << 2);
  addTo(
    headStates + ((<usize>(lane * all)) << 2) + later,
    headFields + row + later,
    (fields - field - 1) * headWidth,
  );
}

/** First byte of memory that is free for weights and scratch. */
export function freeFrom(): usize {
  return __heap_base;
}

/** Sum of the first `count` values, a multiple of 16: how fast memory is read, for benchmarks. */
export function readMemory(from: usize, count: i32): f32 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (const end = from + ((<usize>count) << 2); from < end; from += 64) {
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    c = f32x4.add(c, v128.load(from, 32));
    d = f32x4.add(d, v128.load(from, 48));
  }
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

/** Padded rows of a matrix. */
function rowsOf(matrix: usize): i32 {
  return load<i32>(matrix, 12);
}

/** out[b] = matrix · x[b] for the `used` columns of x. */
function product(matrix: usize, x: usize, out: usize, count: i32, used: i32): void {
  const w = load<usize>(matrix);
  const columns = load<i32>(matrix, 8);
  const rows = load<i32>(matrix, 12);
  if (!quantised) {
    multiply(w, x, out, count, columns, rows);
    return;
  }
  quantise(x, (<usize>used) << 2, used, columns, count, load<i32>(matrix, 16), whole, wholeUnits);
  multiplyWhole(w, load<usize>(matrix, 4), whole, wholeUnits, out, count, columns, rows);
}

/** residual += down · hidden; in float32 the zeros of squared ReLU cost nothing. */
function addDown(matrix: usize, count: i32, padded: i32): void {
  if (quantised) {
    product(matrix, hidden, normal, count, padded);
    addTo(residual, normal, count * width);
  } else {
    addRows(load<usize>(matrix), hidden, residual, count, feedForward, width, (<usize>padded) << 2, rowList);
  }
}

/** residual[b] = Σ of the entry's rows of the input table. */
function addInputs(b: i32): void {
  const bytes = (<usize>width) << 2;
  const to = residual + <usize>b * bytes;
  const rows = entryRows + ((<usize>(b * maxRows)) << 2);
  const last = rows + ((<usize>load<i32>(entries + ((<usize>b) << 4), 8)) << 2);
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = f32x4.splat(0);
    for (let row = rows; row < last; row += 4) {
      sum = f32x4.add(sum, v128.load(embed + <usize>load<i32>(row) * bytes + i));
    }
    v128.store(to + i, sum);
  }
}

/** to = x / √(mean x² + ε), the sum in double precision from first to last. */
function normalise(x: usize, to: usize): void {
  const bytes = (<usize>width) << 2;
  let sum: f64 = 0;
  for (let i: usize = 0; i < bytes; i += 4) {
    const value = <f64>load<f32>(x + i);
    sum += value * value;
  }
  const scale = f64x2.splat(1 / Math.sqrt(sum / <f64>width + EPSILON));
  for (let i: usize = 0; i < bytes; i += 8) {
    const values = f64x2.promote_low_f32x4(v128.load64_zero(x + i));
    v128.store64_lane(to + i, f32x4.demote_f64x2_zero(f64x2.mul(values, scale)), 0);
  }
}

/** Hidden values of the heads, for the entries that want them. */
function prepareHeads(count: i32): void {
  const bytes = (<usize>width) << 2;
  const all = fields * headWidth;
  let wanting = 0;
  for (let b: usize = 0; b < <usize>count; b++) {
    if (!load<i32>(entries + (b << 4), 12)) continue;
    normalise(residual + b * bytes, normal + <usize>wanting * bytes);
    wanting++;
  }
  if (wanting == 0) return;
  product(headMatrices, normal, headRows, wanting, width);
  let row = headRows;
  for (let b: usize = 0; b < <usize>count; b++) {
    if (!load<i32>(entries + (b << 4), 12)) continue;
    const to = headStates + ((<usize>(load<i32>(entries + (b << 4)) * all)) << 2);
    memory.copy(to, row, (<usize>all) << 2);
    addTo(to, headBias, all);
    row += (<usize>all) << 2;
  }
}
