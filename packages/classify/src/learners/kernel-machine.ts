import { AttuneError, cholesky, solveLower, solveUpper } from '@attune/core';
import type { JsonObject, NamedArray } from '@attune/core/nn';
import type { LabelledRows, Scorer } from './scorer.ts';
import { arrayOf } from './tree-scorer.ts';

/** Width and ridge of a kernel machine, both > 0. */
export interface KernelSettings {
  /** Width of the kernel: exp(−gamma · mean over features of the squared difference). */
  readonly gamma: number;
  /** Ridge on the diagonal of the kernel matrix; a row of weight w gets alpha / w. */
  readonly alpha: number;
}

/** The kernel matrix and its factor hold 16 bytes a pair of rows. */
const MOST_ROWS = 4000;
/** Ridge targets are 0 and 1: this brings the scores near the size of logits, and temperature scaling does the rest. */
const SCALE = 8;
const LEAST_WEIGHT = 1e-3;

/**
 * Kernel ridge regression with a Gaussian kernel, one output a class (Saunders, Gammerman & Vovk 1998; as a classifier:
 * regularised least squares, Rifkin & Lippert 2004). Closed form. Rows should be standardised. Throws `argument/invalid` for
 * no rows or more than `MOST_ROWS`.
 */
export function fitKernelMachine(
  { rows, labels, weights, classes }: LabelledRows,
  { gamma, alpha }: KernelSettings,
): Scorer {
  const count = rows.length;
  if (count === 0 || count > MOST_ROWS) {
    throw new AttuneError(
      'argument/invalid',
      `A kernel machine learns from 1 to ${MOST_ROWS} rows, not ${count}.`,
      { rows: count },
    );
  }
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++)
      matrix[i * count + j] = matrix[j * count + i] = kernel(rows[i]!, 0, rows[j]!, gamma);
    matrix[i * count + i] = 1 + alpha / Math.max(LEAST_WEIGHT, weights[i]!);
  }
  const factor = cholesky(matrix, count);
  const dual = new Float32Array(classes * count);
  for (let k = 0; k < classes; k++) {
    const target = Float64Array.from(labels, (label) => (label === k ? SCALE : 0));
    dual.set(solveUpper(factor, solveLower(factor, target)), k * count);
  }
  const features = rows[0]!.length;
  const support = new Float32Array(count * features);
  rows.forEach((row, i) => support.set(row, i * features));
  return createKernelScorer(support, dual, classes, gamma);
}

/** `support` [rows, features], `dual` [classes, rows]. */
function createKernelScorer(
  support: Float32Array,
  dual: Float32Array,
  classes: number,
  gamma: number,
): Scorer {
  const count = dual.length / classes;
  const features = support.length / count;
  return {
    kind: 'kernel',
    classes,
    features,
    logits: (row) => {
      const scores = new Float64Array(classes);
      for (let i = 0; i < count; i++) {
        const likeness = kernel(support, i * features, row, gamma);
        for (let k = 0; k < classes; k++) scores[k]! += dual[k * count + i]! * likeness;
      }
      return scores;
    },
    settings: { gamma },
    arrays: new Map<string, NamedArray>([
      ['support', { shape: [count, features], data: support }],
      ['dual', { shape: [classes, count], data: dual }],
    ]),
  };
}

/** A kernel machine of a checkpoint. Throws `checkpoint/mismatch` where the arrays do not fit together. */
export function readKernelScorer(
  settings: JsonObject,
  arrays: ReadonlyMap<string, NamedArray>,
  features: number,
): Scorer {
  const support = arrayOf(arrays, 'support', Float32Array);
  const dual = arrayOf(arrays, 'dual', Float32Array);
  const count = support.length / features;
  const classes = dual.length / count;
  const { gamma } = settings;
  if (
    typeof gamma !== 'number' ||
    !(gamma > 0) ||
    !Number.isInteger(count) ||
    !Number.isInteger(classes) ||
    classes < 1
  ) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The kernel arrays do not make a kernel machine over ${features} features.`,
      { features },
    );
  }
  return createKernelScorer(support, dual, classes, gamma);
}

/** Of the row of `a` that begins at `start`, and the row b. */
function kernel(a: ArrayLike<number>, start: number, b: ArrayLike<number>, gamma: number): number {
  let square = 0;
  for (let f = 0; f < b.length; f++) square += (a[start + f]! - b[f]!) ** 2;
  return Math.exp((-gamma * square) / b.length);
}
