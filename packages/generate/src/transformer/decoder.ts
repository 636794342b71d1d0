import { AttuneError } from '@attune/core';
import type { TransformerShape } from './config.ts';
import { FIELD_OFFSETS, rotationPeriods, writeAngles } from './input-layout.ts';
import { parameterShapes } from './parameter-shapes.ts';
import { addRow, dotRows, sparseRows, transposed } from './vector-kernels.ts';

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
 * One step at a time through the same network as model.ts, with cached keys and values; plain loops over typed
 * arrays, since dispatching tensor operations costs more than the arithmetic at batch 1. Sums are in double
 * precision over float32 weights.
 */
export class Decoder {
  private readonly weights: DecoderWeights;
  private readonly periods: ReturnType<typeof rotationPeriods>;
  private readonly keys: readonly Float32Array[]; // [layer][T, D] as [H, halves, P]
  private readonly values: readonly Float32Array[]; // [layer][T, D] as [H, 2P]
  private readonly x: Float64Array; // [D] residual
  private readonly normal: Float32Array; // [D]
  private readonly qkv: Float32Array; // [3·D]
  private readonly query: Float32Array; // [D]
  private readonly mixed: Float32Array; // [D]
  private readonly up: Float32Array; // [ff]
  private readonly scores: Float64Array; // [T]
  private readonly accumulator: Float64Array; // [2P]
  private readonly angles: Float64Array; // [P]
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private readonly head: Float32Array; // [F·G] before the note's own fields
  private readonly own: Float64Array; // [F·G] with them
  private readonly hidden: Float32Array; // [G]
  private readonly logits: readonly Float32Array[];
  private length = 0;

  constructor(weights: DecoderWeights) {
    const { width, layers, heads, feedForward, headWidth, fieldSizes, window } = weights.shape;
    const pairs = width / heads / 2;
    this.weights = weights;
    this.periods = rotationPeriods(pairs);
    this.keys = Array.from({ length: layers }, () => new Float32Array(window * width));
    this.values = Array.from({ length: layers }, () => new Float32Array(window * width));
    this.x = new Float64Array(width);
    this.normal = new Float32Array(width);
    this.qkv = new Float32Array(3 * width);
    this.query = new Float32Array(width);
    this.mixed = new Float32Array(width);
    this.up = new Float32Array(feedForward);
    this.scores = new Float64Array(window);
    this.accumulator = new Float64Array(2 * pairs);
    this.angles = new Float64Array(pairs);
    this.cos = new Float64Array(pairs);
    this.sin = new Float64Array(pairs);
    this.head = new Float32Array(fieldSizes.length * headWidth);
    this.own = new Float64Array(fieldSizes.length * headWidth);
    this.hidden = new Float32Array(headWidth);
    this.logits = fieldSizes.map((size) => new Float32Array(size));
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
    const { weights, x, normal, length: at } = this;
    const { width, layers, window } = weights.shape;
    if (at >= window) {
      throw new AttuneError('argument/invalid', `The decoder's window of ${window} steps is full.`, {
        window,
      });
    }
    x.fill(0);
    for (let i = 0; i < count; i++) addRow(weights.embed, rows[i]!, width, x);
    writeAngles(this.periods, time, at, this.angles, 0);
    for (let p = 0; p < this.angles.length; p++) {
      this.cos[p] = Math.cos(this.angles[p]!);
      this.sin[p] = Math.sin(this.angles[p]!);
    }
    for (let i = 0; i < layers; i++) {
      const layer = weights.layers[i]!;
      normalise(x, normal);
      dotRows(layer.qkv, normal, 3 * width, width, this.qkv);
      this.attend(i, at);
      dotRows(layer.out, this.mixed, width, width, normal);
      for (let d = 0; d < width; d++) x[d]! += normal[d]!;
      normalise(x, normal);
      dotRows(layer.up, normal, this.up.length, width, this.up);
      for (let u = 0; u < this.up.length; u++) {
        const positive = Math.max(0, this.up[u]!);
        this.up[u] = positive * positive;
      }
      sparseRows(layer.down, this.up, width, x);
    }
    this.length++;
    if (!heads) return;
    normalise(x, normal);
    dotRows(weights.headTrunk, normal, this.head.length, width, this.head);
    for (let i = 0; i < this.head.length; i++) this.own[i] = this.head[i]! + weights.headBias[i]!;
  }

  /** Logits of `field`, given the fields of the same note set so far; the array is reused by the next call. */
  fieldLogits(field: number): Float32Array {
    const { headWidth, fieldSizes } = this.weights.shape;
    const first = field * headWidth;
    for (let g = 0; g < headWidth; g++) {
      const positive = Math.max(0, this.own[first + g]!);
      this.hidden[g] = positive * positive;
    }
    const logits = this.logits[field]!;
    dotRows(this.weights.headOut[field]!, this.hidden, fieldSizes[field]!, headWidth, logits);
    const bias = this.weights.headOutBias[field]!;
    for (let v = 0; v < logits.length; v++) logits[v]! += bias[v]!;
    return logits;
  }

  /** Tells the heads of the later fields the value of `field`. */
  setField(field: number, value: number): void {
    const { headFields, shape } = this.weights;
    const { headWidth } = shape;
    const row = (FIELD_OFFSETS[field]! + value) * this.own.length;
    for (let i = (field + 1) * headWidth; i < this.own.length; i++) this.own[i]! += headFields[row + i]!;
  }

  /** Rotates query and key, stores key and value at `at`, and mixes the values seen so far. */
  private attend(layer: number, at: number): void {
    const { width, heads } = this.weights.shape;
    const { qkv, query, cos, sin, mixed, scores } = this;
    const size = width / heads;
    const pairs = size / 2;
    const keys = this.keys[layer]!;
    const values = this.values[layer]!;
    const half = heads * pairs;
    for (let h = 0; h < heads; h++) {
      for (let p = 0; p < pairs; p++) {
        // [q first halves, k first halves | q second halves, k second halves | v]
        const i = h * pairs + p;
        const [c, s] = [cos[p]!, sin[p]!];
        const to = h * size + p;
        query[to] = qkv[i]! * c - qkv[width + i]! * s;
        query[to + pairs] = qkv[i]! * s + qkv[width + i]! * c;
        keys[at * width + to] = qkv[half + i]! * c - qkv[width + half + i]! * s;
        keys[at * width + to + pairs] = qkv[half + i]! * s + qkv[width + half + i]! * c;
      }
    }
    values.set(qkv.subarray(2 * width), at * width);
    const scale = 1 / Math.sqrt(size);
    for (let h = 0; h < heads; h++) {
      const first = h * size;
      let highest = -Infinity;
      for (let t = 0; t <= at; t++) {
        const row = t * width + first;
        let sum = 0;
        for (let d = 0; d < size; d++) sum += query[first + d]! * keys[row + d]!;
        const score = sum * scale;
        scores[t] = score;
        if (score > highest) highest = score;
      }
      let total = 0;
      for (let t = 0; t <= at; t++) total += scores[t] = Math.exp(scores[t]! - highest);
      for (let d = 0; d < size; d++) this.accumulator[d] = 0;
      for (let t = 0; t <= at; t++) {
        const share = scores[t]! / total;
        if (share < 1e-9) continue;
        const row = t * width + first;
        for (let d = 0; d < size; d++) this.accumulator[d]! += share * values[row + d]!;
      }
      for (let d = 0; d < size; d++) mixed[first + d] = this.accumulator[d]!;
    }
  }
}

function normalise(x: Float64Array, out: Float32Array): void {
  let sum = 0;
  for (let d = 0; d < x.length; d++) sum += x[d]! * x[d]!;
  const scale = 1 / Math.sqrt(sum / x.length + RMS_EPSILON);
  for (let d = 0; d < x.length; d++) out[d] = x[d]! * scale;
}
