import { AttuneError, type Rng } from '@attune/core';
import type { JsonObject, NamedArray } from '@attune/core/nn';
import { softmax } from '../metrics/calibration.ts';
import type { LabelledRows, Scorer } from './scorer.ts';
import { arrayOf } from './tree-scorer.ts';

/** Size and training of a network of one hidden layer; see `DEFAULT_NETWORK`. */
export interface NetworkSettings {
  /** Hidden units. */
  readonly hidden: number;
  /** Times that each row is learned from. */
  readonly epochs: number;
  /** Rows an update. */
  readonly batch: number;
  /** Of Adam, at the beginning. */
  readonly learningRate: number;
  /** Decoupled decay of the weights, as in AdamW. */
  readonly decay: number;
  /** Share of the hidden units, and half of it of the inputs, that a training row does without. */
  readonly dropout: number;
}

/** What a candidate leaves out. */
export const DEFAULT_NETWORK: NetworkSettings = {
  hidden: 96,
  epochs: 60,
  batch: 32,
  learningRate: 3e-3,
  decay: 0.03,
  dropout: 0.4,
};

/** Adam's constants (Kingma & Ba 2015); the rate falls to 0 by a cosine. */
const BETA1 = 0.9;
const BETA2 = 0.99;
const EPSILON = 1e-8;

/** One hidden layer: `hidden` [units, features], `hiddenBias` [units], `out` [classes, units], `outBias` [classes]. */
interface Layers {
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly out: Float32Array;
  readonly outBias: Float32Array;
}

/**
 * A perceptron with one hidden layer of rectified units, trained on the weighted log loss by AdamW (Loshchilov & Hutter 2019)
 * with dropout (Srivastava et al. 2014). The same rows, settings and Rng state give the same weights. Rows should be standardised.
 */
export function trainNetwork(
  { rows, labels, weights, classes }: LabelledRows,
  settings: NetworkSettings,
  rng: Rng,
): Scorer {
  const features = rows[0]?.length ?? 0;
  if (features === 0)
    throw new AttuneError('argument/invalid', 'A network needs at least one row with one feature.');
  const layers = initialLayers(features, settings.hidden, classes, rng);
  const parameters = Object.values(layers) as Float32Array[];
  const gradients = parameters.map((array) => new Float32Array(array.length));
  const first = parameters.map((array) => new Float32Array(array.length));
  const second = parameters.map((array) => new Float32Array(array.length));
  const steps = settings.epochs * Math.ceil(rows.length / settings.batch);
  let step = 0;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const order = rng.shuffle(rows.map((_, i) => i));
    for (let start = 0; start < order.length; start += settings.batch) {
      const chosen = order.slice(start, start + settings.batch);
      for (const gradient of gradients) gradient.fill(0);
      for (const i of chosen)
        addGradients(
          layers,
          gradients,
          rows[i]!,
          labels[i]!,
          weights[i]! / chosen.length,
          settings.dropout,
          rng,
        );
      const rate = (settings.learningRate / 2) * (1 + Math.cos((Math.PI * step++) / steps));
      parameters.forEach((values, p) =>
        updateByAdam(
          values,
          gradients[p]!,
          first[p]!,
          second[p]!,
          step,
          rate,
          p % 2 === 0 ? settings.decay : 0,
        ),
      );
    }
  }
  return createNetworkScorer(layers);
}

/** He et al. 2015: deviation √(2 / inputs); biases 0. */
function initialLayers(features: number, units: number, classes: number, rng: Rng): Layers {
  const drawn = (count: number, inputs: number): Float32Array =>
    Float32Array.from({ length: count }, () => rng.normal() * Math.sqrt(2 / inputs));
  return {
    hidden: drawn(units * features, features),
    hiddenBias: new Float32Array(units),
    out: drawn(classes * units, 2 * units),
    outBias: new Float32Array(classes),
  };
}

function addGradients(
  { hidden, hiddenBias, out, outBias }: Layers,
  gradients: readonly Float32Array[],
  row: Float32Array,
  label: number,
  weight: number,
  dropout: number,
  rng: Rng,
): void {
  const units = hiddenBias.length;
  const classes = outBias.length;
  const input = row.map((x) => (rng.uniform() < dropout / 2 ? 0 : x / (1 - dropout / 2)));
  const active = new Float32Array(units);
  for (let u = 0; u < units; u++) {
    if (rng.uniform() < dropout) continue;
    const sum = dot(hidden, u * row.length, input) + hiddenBias[u]!;
    if (sum > 0) active[u] = sum / (1 - dropout);
  }
  const errors = softmax(Float64Array.from(outBias, (bias, k) => dot(out, k * units, active) + bias));
  errors[label]! -= 1;
  const back = new Float32Array(units);
  for (let k = 0; k < classes; k++) {
    const error = weight * errors[k]!;
    gradients[3]![k]! += error;
    for (let u = 0; u < units; u++) {
      if (active[u] === 0) continue;
      gradients[2]![k * units + u]! += error * active[u]!;
      back[u]! += error * out[k * units + u]!;
    }
  }
  for (let u = 0; u < units; u++) {
    if (active[u] === 0) continue;
    const error = back[u]! / (1 - dropout);
    gradients[1]![u]! += error;
    for (let f = 0; f < row.length; f++) gradients[0]![u * row.length + f]! += error * input[f]!;
  }
}

function updateByAdam(
  values: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  step: number,
  rate: number,
  decay: number,
): void {
  const correction1 = 1 - BETA1 ** step;
  const correction2 = 1 - BETA2 ** step;
  for (let j = 0; j < values.length; j++) {
    first[j] = BETA1 * first[j]! + (1 - BETA1) * gradient[j]!;
    second[j] = BETA2 * second[j]! + (1 - BETA2) * gradient[j]! ** 2;
    values[j]! -=
      rate * (first[j]! / correction1 / (Math.sqrt(second[j]! / correction2) + EPSILON) + decay * values[j]!);
  }
}

function createNetworkScorer(layers: Layers): Scorer {
  const { hidden, hiddenBias, out, outBias } = layers;
  const units = hiddenBias.length;
  const features = hidden.length / units;
  return {
    kind: 'network',
    classes: outBias.length,
    features,
    logits: (row) => {
      const active = hiddenBias.map((bias, u) => Math.max(0, dot(hidden, u * features, row) + bias));
      return Float64Array.from(outBias, (bias, k) => dot(out, k * units, active) + bias);
    },
    settings: {},
    arrays: new Map<string, NamedArray>([
      ['hidden', { shape: [units, features], data: hidden }],
      ['hiddenBias', { shape: [units], data: hiddenBias }],
      ['out', { shape: [outBias.length, units], data: out }],
      ['outBias', { shape: [outBias.length], data: outBias }],
    ]),
  };
}

/** A network of a checkpoint. Throws `checkpoint/mismatch` where its layers do not fit together. */
export function readNetworkScorer(
  _settings: JsonObject,
  arrays: ReadonlyMap<string, NamedArray>,
  features: number,
): Scorer {
  const array = (name: string): Float32Array => arrayOf(arrays, name, Float32Array);
  const layers: Layers = {
    hidden: array('hidden'),
    hiddenBias: array('hiddenBias'),
    out: array('out'),
    outBias: array('outBias'),
  };
  const units = layers.hiddenBias.length;
  if (
    units === 0 ||
    layers.outBias.length === 0 ||
    layers.hidden.length !== units * features ||
    layers.out.length !== units * layers.outBias.length
  ) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The layers do not make a network over ${features} features.`,
      { features },
    );
  }
  return createNetworkScorer(layers);
}

/** Of the row of `matrix` that begins at `start`, and `row`. */
function dot(matrix: Float32Array, start: number, row: ArrayLike<number>): number {
  let sum = 0;
  for (let f = 0; f < row.length; f++) sum += matrix[start + f]! * row[f]!;
  return sum;
}
