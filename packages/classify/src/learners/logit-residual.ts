import { throwIfCancelled } from '@attune/core';
import { softmax } from '../metrics/calibration.ts';

/** A row with what a fixed model says of it, and what should be said. */
export interface ResidualRow {
  /** [features], standardised. */
  readonly row: Float32Array;
  /** [classes]: logits of the fixed model, divided by its temperature. */
  readonly offset: Float64Array;
  /** [classes]: probabilities that should come out, sum 1. */
  readonly target: Float64Array;
  readonly weight: number;
}

/** Penalty and length of the fit of a residual. */
export interface ResidualSettings {
  /** L2 penalty on weights and bias beside the mean loss: the residual is nothing where nothing speaks for it. */
  readonly l2: number;
  /** Updates, each by all rows. */
  readonly iterations: number;
  readonly signal?: AbortSignal;
}

/** What is added to the logits of a fixed model: weights · row + bias. */
export interface LogitResidual {
  /** [classes, features] */
  readonly weights: Float64Array;
  /** [classes] */
  readonly bias: Float64Array;
}

/** Adam's constants (Kingma & Ba 2015); the rate falls to 0 by a cosine over the iterations. */
const RATE = 0.1;
const BETA1 = 0.9;
const BETA2 = 0.99;
const EPSILON = 1e-8;

/**
 * Multinomial logistic regression over fixed offsets, by full-batch Adam from zero: no chance is involved. The loss is
 * the weighted mean cross-entropy between `target` and softmax(offset + residual), so that a row whose target is what
 * the fixed model says already holds the model where it is (learning without forgetting; Li & Hoiem 2016).
 */
export function fitLogitResidual(
  rows: readonly ResidualRow[],
  classes: number,
  settings: ResidualSettings,
): LogitResidual {
  const features = rows[0]?.row.length ?? 0;
  const width = features + 1; // the bias stands last
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const parameters = new Float64Array(classes * width);
  const first = new Float64Array(parameters.length);
  const second = new Float64Array(parameters.length);
  for (let step = 1; step <= settings.iterations && total > 0; step++) {
    throwIfCancelled(settings.signal);
    const gradient = parameters.map((value) => settings.l2 * value);
    for (const each of rows) addGradient(parameters, gradient, each, each.weight / total);
    const rate = (RATE / 2) * (1 + Math.cos((Math.PI * (step - 1)) / settings.iterations));
    for (let j = 0; j < parameters.length; j++) {
      const g = gradient[j]!;
      first[j] = BETA1 * first[j]! + (1 - BETA1) * g;
      second[j] = BETA2 * second[j]! + (1 - BETA2) * g * g;
      parameters[j]! -=
        (rate * (first[j]! / (1 - BETA1 ** step))) / (Math.sqrt(second[j]! / (1 - BETA2 ** step)) + EPSILON);
    }
  }
  return {
    weights: Float64Array.from(
      { length: classes * features },
      (_, i) => parameters[Math.floor(i / features) * width + (i % features)]!,
    ),
    bias: Float64Array.from({ length: classes }, (_, k) => parameters[k * width + features]!),
  };
}

function addGradient(
  parameters: Float64Array,
  gradient: Float64Array,
  { row, offset, target }: ResidualRow,
  weight: number,
): void {
  const width = row.length + 1;
  const logits = offset.map((value, k) => {
    let sum = value + parameters[k * width + row.length]!;
    for (let f = 0; f < row.length; f++) sum += parameters[k * width + f]! * row[f]!;
    return sum;
  });
  const probabilities = softmax(logits);
  for (let k = 0; k < offset.length; k++) {
    const start = k * width;
    const error = weight * (probabilities[k]! - target[k]!);
    if (Math.abs(error) < 1e-12) continue;
    for (let f = 0; f < row.length; f++) gradient[start + f]! += error * row[f]!;
    gradient[start + row.length]! += error;
  }
}
