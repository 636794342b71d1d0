import { softmax } from '../metrics/calibration.ts';
import { createLinearScorer } from './linear-scorer.ts';
import type { LabelledRows, Scorer } from './scorer.ts';

/** Penalty and length of a logistic regression. */
export interface LogisticSettings {
  /** L2 penalty: l2 / 2 · ‖weights‖² beside the mean log loss; the bias is free. */
  readonly l2: number;
  /** Updates, each by all rows. */
  readonly iterations: number;
}

/** Adam's constants (Kingma & Ba 2015); the rate falls to 0 by a cosine over the iterations. */
const RATE = 0.05;
const BETA1 = 0.9;
const BETA2 = 0.99;
const EPSILON = 1e-8;

/**
 * Multinomial logistic regression by full-batch Adam from zero weights: no chance is involved. Rows should be
 * standardised.
 */
export function trainLogisticRegression(
  { rows, labels, weights, classes }: LabelledRows,
  settings: LogisticSettings,
): Scorer {
  const features = rows[0]?.length ?? 0;
  const width = features + 1; // the bias stands last
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parameters = new Float64Array(classes * width);
  const first = new Float64Array(parameters.length);
  const second = new Float64Array(parameters.length);
  const logits = new Float64Array(classes);
  for (let step = 1; step <= settings.iterations; step++) {
    const gradient = new Float64Array(parameters.length);
    for (let i = 0; i < rows.length; i++) {
      addGradient(parameters, gradient, rows[i]!, labels[i]!, weights[i]! / total, logits);
    }
    const rate = (RATE / 2) * (1 + Math.cos((Math.PI * (step - 1)) / settings.iterations));
    for (let j = 0; j < parameters.length; j++) {
      const isBias = j % width === features;
      const g = gradient[j]! + (isBias ? 0 : settings.l2 * parameters[j]!);
      first[j] = BETA1 * first[j]! + (1 - BETA1) * g;
      second[j] = BETA2 * second[j]! + (1 - BETA2) * g * g;
      const mean = first[j]! / (1 - BETA1 ** step);
      const square = second[j]! / (1 - BETA2 ** step);
      parameters[j]! -= (rate * mean) / (Math.sqrt(square) + EPSILON);
    }
  }
  const matrix = new Float32Array(classes * features);
  for (let k = 0; k < classes; k++) {
    for (let f = 0; f < features; f++) matrix[k * features + f] = parameters[k * width + f]!;
  }
  return createLinearScorer(
    matrix,
    Float32Array.from({ length: classes }, (_, k) => parameters[k * width + features]!),
  );
}

/** Adds weight · ∂ log loss of one row; `logits` [classes] is scratch. */
function addGradient(
  parameters: Float64Array,
  gradient: Float64Array,
  row: Float32Array,
  label: number,
  weight: number,
  logits: Float64Array,
): void {
  const width = row.length + 1;
  for (let k = 0; k < logits.length; k++) {
    const start = k * width;
    let sum = parameters[start + row.length]!;
    for (let f = 0; f < row.length; f++) sum += parameters[start + f]! * row[f]!;
    logits[k] = sum;
  }
  const probabilities = softmax(logits);
  for (let k = 0; k < logits.length; k++) {
    const start = k * width;
    const error = weight * (probabilities[k]! - (label === k ? 1 : 0));
    if (Math.abs(error) < 1e-12) continue; // settled rows cost nothing
    for (let f = 0; f < row.length; f++) gradient[start + f]! += error * row[f]!;
    gradient[start + row.length]! += error;
  }
}
