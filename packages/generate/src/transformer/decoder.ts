import { AttuneError } from '@attune/core';
import type { TransformerShape } from './config.ts';
import { FIELD_OFFSETS, rotationPeriods, writeAngles } from './input-layout.ts';
import { parameterShapes } from './parameter-shapes.ts';
import { Arena, createSimdKernels, type SimdKernels } from './simd-kernels.ts';

/** RMSNorm's ε: the same as in training. */
const RMS_EPSILON = 1e-6;

/** Values of one parameter, row-major. */
export interface DecoderArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

interface LayerWeights {
  readonly qkv: Float32Array; // [3·D, D] transposed
  readonly out: Float32Array; // [D, D] transposed
  readonly up: Float32Array; // [ff, D] transposed
  readonly down: Float32Array; // [ff, D]
}

/** What a decoder reads; made once, shared by any number of decoders. */
export interface DecoderWeights {
  readonly shape: TransformerShape;
  readonly embed: Float32Array; // [inputRows, D]
  readonly layers: readonly LayerWeights[];
  readonly headTrunk: Float32Array; // [F·G, D] transposed
  readonly headFields: Float32Array; // [V, F·G]
  readonly headBias: Float32Array; // [F·G]
  readonly headOut: readonly Float32Array[]; // [size, G] transposed
  readonly headOutBias: readonly Float32Array[];
}

/** Arranges the parameters of a checkpoint. Throws `checkpoint/mismatch` naming the first that does not fit. */
export function createDecoderWeights(
  shape: TransformerShape,
  parameters: ReadonlyMap<string, DecoderArray>,
): DecoderWeights {
  const shapes = parameterShapes(shape);
  const get = (name: string): Float32Array => {
    const wanted = shapes.get(name)!;
    const found = parameters.get(name);
    if (found === undefined || found.shape.join() !== wanted.join()) {
      throw new AttuneError(
        'checkpoint/mismatch',
        `Parameter ${name} has shape [${found ? found.shape.join(', ') : 'none'}] in the checkpoint, and the model needs [${wanted.join(', ')}].`,
        { parameter: name, found: found?.shape.join(', ') ?? 'none', wanted: wanted.join(', ') },
      );
    }
    return Float32Array.from(found.data);
  };
  const turned = (name: string): Float32Array => {
    const [rows, columns] = shapes.get(name)!;
    return transposed(get(name), rows!, columns!);
  };
  for (const name of parameters.keys()) {
    if (!shapes.has(name)) {
      throw new AttuneError(
        'checkpoint/mismatch',
        `The checkpoint has a parameter ${name} that the model has not.`,
        {
          parameter: name,
        },
      );
    }
  }
  return {
    shape,
    embed: get('embed'),
    layers: Array.from({ length: shape.layers }, (_, i) => ({
      qkv: turned(`layer${i}.qkv`),
      out: turned(`layer${i}.out`),
      up: turned(`layer${i}.up`),
      down: get(`layer${i}.down`),
    })),
    headTrunk: turned('head.trunk'),
    headFields: get('head.fields'),
    headBias: get('head.bias'),
    headOut: shape.fieldSizes.map((_, k) => turned(`head.out${k}`)),
    headOutBias: shape.fieldSizes.map((_, k) => get(`head.outBias${k}`)),
  };
}

/**
 * One step at a time through the same network as model.ts, with cached keys and values: at batch 1 dispatching
 * tensor operations costs more than the arithmetic. Products run in WebAssembly SIMD over one memory that holds a
 * copy of the weights, the cache and the scratch; the rest is plain loops.
 */
export class Decoder {
  private readonly weights: DecoderWeights;
  private readonly kernels: SimdKernels;
  private readonly periods: ReturnType<typeof rotationPeriods>;
  private readonly own: DecoderWeights; // the copy in the arena
  private readonly keys: readonly Float32Array[]; // [layer][T, D] as [H, halves, P]
  private readonly values: readonly Float32Array[]; // [layer][T, D] as [H, 2P]
  private readonly x: Float32Array; // [D] residual
  private readonly normal: Float32Array; // [D]
  private readonly qkv: Float32Array; // [3·D]
  private readonly query: Float32Array; // [D]
  private readonly mixed: Float32Array; // [D]
  private readonly up: Float32Array; // [ff]
  private readonly scores: Float32Array; // [T]
  private readonly angles: Float64Array; // [P]
  private readonly head: Float32Array; // [F·G], the note's own fields added as they are set
  private readonly hidden: Float32Array; // [G]
  private readonly one: Float32Array; // [1] a weight of 1, to add single rows
  private readonly logits: readonly Float32Array[];
  private length = 0;

  constructor(weights: DecoderWeights) {
    const { width, layers, heads, feedForward, headWidth, fieldSizes, window } = weights.shape;
    const arena = new Arena(plannedFloats(weights), 64 + 8 * layers + 4 * fieldSizes.length);
    const copy = (array: Float32Array): Float32Array => {
      const own = arena.floats(array.length);
      own.set(array);
      return own;
    };
    this.weights = weights;
    this.kernels = createSimdKernels(arena.memory);
    this.periods = rotationPeriods(width / heads / 2);
    this.own = {
      shape: weights.shape,
      embed: copy(weights.embed),
      layers: weights.layers.map(({ qkv, out, up, down }) => ({
        qkv: copy(qkv),
        out: copy(out),
        up: copy(up),
        down: copy(down),
      })),
      headTrunk: copy(weights.headTrunk),
      headFields: copy(weights.headFields),
      headBias: copy(weights.headBias),
      headOut: weights.headOut.map(copy),
      headOutBias: weights.headOutBias,
    };
    this.keys = Array.from({ length: layers }, () => arena.floats(window * width));
    this.values = Array.from({ length: layers }, () => arena.floats(window * width));
    this.x = arena.floats(width);
    this.normal = arena.floats(width);
    this.qkv = arena.floats(3 * width);
    this.query = arena.floats(width);
    this.mixed = arena.floats(width);
    this.up = arena.floats(feedForward);
    this.scores = arena.floats(window);
    this.head = arena.floats(fieldSizes.length * headWidth);
    this.hidden = arena.floats(headWidth);
    this.one = arena.floats(1).fill(1);
    this.logits = fieldSizes.map((size) => arena.floats(size));
    this.angles = new Float64Array(width / heads / 2);
  }

  /** Most steps between two resets. */
  get window(): number {
    return this.weights.shape.window;
  }

  /** Steps taken since the last reset. */
  get steps(): number {
    return this.length;
  }

  /** Forgets everything. */
  reset(): void {
    this.length = 0;
  }

  /**
   * Takes one input step: `count` rows of the input table, at `time` bars. With `heads` false no logits are
   * prepared, as for a prompt. Throws `argument/invalid` when the window is full.
   */
  step(rows: Int32Array, count: number, time: number, heads = true): void {
    const { own, x, normal, qkv, mixed, up, length: at } = this;
    const { width, layers, window } = own.shape;
    if (at >= window) {
      throw new AttuneError('argument/invalid', `The decoder's window of ${window} steps is full.`, {
        window,
      });
    }
    x.fill(0);
    for (let i = 0; i < count; i++) this.addRow(own.embed, rows[i]!, x);
    writeAngles(this.periods, time, at, this.angles, 0);
    for (let i = 0; i < layers; i++) {
      const layer = own.layers[i]!;
      normalise(x, normal);
      this.product(layer.qkv, normal, qkv);
      this.attend(i, at);
      this.product(layer.out, mixed, normal);
      for (let d = 0; d < width; d++) x[d]! += normal[d]!;
      normalise(x, normal);
      this.product(layer.up, normal, up);
      squaredRelu(up, 0, up);
      this.kernels.addRows(
        layer.down.byteOffset,
        4 * width,
        up.byteOffset,
        x.byteOffset,
        up.length,
        4 * width,
      );
    }
    this.length++;
    if (!heads) return;
    normalise(x, normal);
    this.product(own.headTrunk, normal, this.head);
    for (let i = 0; i < this.head.length; i++) this.head[i]! += own.headBias[i]!;
  }

  /** Logits of `field`, given the fields of the same note set so far; the array is reused by the next call. */
  fieldLogits(field: number): Float32Array {
    squaredRelu(this.head, field * this.hidden.length, this.hidden);
    const logits = this.logits[field]!;
    this.product(this.own.headOut[field]!, this.hidden, logits);
    const bias = this.weights.headOutBias[field]!;
    for (let v = 0; v < logits.length; v++) logits[v]! += bias[v]!;
    return logits;
  }

  /** Tells the heads of the later fields the value of `field`. */
  setField(field: number, value: number): void {
    const { headFields, shape } = this.weights;
    const row = (FIELD_OFFSETS[field]! + value) * this.head.length;
    for (let i = (field + 1) * shape.headWidth; i < this.head.length; i++)
      this.head[i]! += headFields[row + i]!;
  }

  /** out = matrix · x, with the matrix transposed [out, in]. */
  private product(matrix: Float32Array, x: Float32Array, out: Float32Array): void {
    const bytes = 4 * x.length;
    this.kernels.dotRows(matrix.byteOffset, bytes, x.byteOffset, out.byteOffset, out.length, bytes);
  }

  private addRow(matrix: Float32Array, row: number, out: Float32Array): void {
    const bytes = 4 * out.length;
    this.kernels.addRows(
      matrix.byteOffset + row * bytes,
      bytes,
      this.one.byteOffset,
      out.byteOffset,
      1,
      bytes,
    );
  }

  /** Rotates query and key, stores key and value at `at`, and mixes the values seen so far. */
  private attend(layer: number, at: number): void {
    const { width, heads } = this.own.shape;
    const { qkv, query, angles, mixed, scores, kernels } = this;
    const size = width / heads;
    const pairs = size / 2;
    const keys = this.keys[layer]!;
    const values = this.values[layer]!;
    const half = heads * pairs;
    const scale = 1 / Math.sqrt(size);
    for (let p = 0; p < pairs; p++) {
      const [c, s] = [Math.cos(angles[p]!), Math.sin(angles[p]!)];
      for (let h = 0; h < heads; h++) {
        // [q first halves, k first halves | q second halves, k second halves | v]
        const i = h * pairs + p;
        const to = h * size + p;
        query[to] = (qkv[i]! * c - qkv[width + i]! * s) * scale;
        query[to + pairs] = (qkv[i]! * s + qkv[width + i]! * c) * scale;
        keys[at * width + to] = qkv[half + i]! * c - qkv[width + half + i]! * s;
        keys[at * width + to + pairs] = qkv[half + i]! * s + qkv[width + half + i]! * c;
      }
    }
    values.set(qkv.subarray(2 * width), at * width);
    mixed.fill(0);
    for (let h = 0; h < heads; h++) {
      const first = 4 * h * size; // bytes
      const count = at + 1;
      kernels.dotRows(
        keys.byteOffset + first,
        4 * width,
        query.byteOffset + first,
        scores.byteOffset,
        count,
        4 * size,
      );
      softmax(scores, count);
      kernels.addRows(
        values.byteOffset + first,
        4 * width,
        scores.byteOffset,
        mixed.byteOffset + first,
        count,
        4 * size,
      );
    }
  }
}

function plannedFloats({ shape }: DecoderWeights): number {
  const { width, layers, feedForward, headWidth, fieldSizes, window } = shape;
  let floats = 2 * layers * window * width + 7 * width + feedForward + window + headWidth + 1;
  for (const size of parameterShapes(shape).values()) floats += size.reduce((product, n) => product * n, 1);
  return floats + fieldSizes.reduce((sum, size) => sum + size, fieldSizes.length * headWidth);
}

/** out = x / √(mean(x²) + ε). */
function normalise(x: Float32Array, out: Float32Array): void {
  let sum = 0;
  for (let d = 0; d < x.length; d++) sum += x[d]! * x[d]!;
  const scale = 1 / Math.sqrt(sum / x.length + RMS_EPSILON);
  for (let d = 0; d < x.length; d++) out[d] = x[d]! * scale;
}

/** out[i] = max(0, x[from + i])². */
function squaredRelu(x: Float32Array, from: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    const positive = Math.max(0, x[from + i]!);
    out[i] = positive * positive;
  }
}

/** Softmax of the first `count` values, in place; shares below 1e-9 become 0. */
function softmax(x: Float32Array, count: number): void {
  let highest = -Infinity;
  for (let t = 0; t < count; t++) if (x[t]! > highest) highest = x[t]!;
  let total = 0;
  for (let t = 0; t < count; t++) total += x[t] = Math.exp(x[t]! - highest);
  for (let t = 0; t < count; t++) {
    const share = x[t]! / total;
    x[t] = share < 1e-9 ? 0 : share;
  }
}

/** [rows, columns] → [columns, rows]. */
function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c]!;
  return out;
}

/**
 * Decoders to borrow: each holds a memory of its own, of which an engine allows only so many at a time, so they
 * are used again.
 */
export class DecoderPool {
  private readonly idle: Decoder[] = [];
  private readonly weights: DecoderWeights;

  constructor(weights: DecoderWeights) {
    this.weights = weights;
  }

  async use<T>(work: (decoder: Decoder) => Promise<T>): Promise<T> {
    const decoder = this.idle.pop() ?? new Decoder(this.weights);
    try {
      return await work(decoder);
    } finally {
      this.idle.push(decoder);
    }
  }
}
