import { AttuneError } from '../foundation/errors.ts';
import { cholesky, solveLower, solveUpper } from '../foundation/cholesky.ts';
import { INSTRUMENT_FAMILIES } from '../features/symbolic/instrument-families.ts';
import { STYLE_DIMENSIONS } from './style-dimensions.ts';

/** What is heard of a clip and what the notes that it was rendered from say. */
export interface HeardPiece {
  /** `summariseAudioFeatures` of the clip. */
  readonly summary: ArrayLike<number>;
  /** Raw style dimensions of the notes, in the order of `STYLE_DIMENSIONS`. */
  readonly raw: ArrayLike<number>;
}

/** Raw style dimensions as linear functions of standardised audio summaries. */
export interface AudioStyleMap {
  /** Of the summaries of the training clips. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** By dimension: raw value = offset + Σ weights · standardised summary. */
  readonly dimensions: Readonly<
    Record<string, { readonly offset: number; readonly weights: readonly number[]; readonly r2: number }>
  >;
}

/** Penalties that are tried, in units of one standardised row. */
const PENALTIES = [10, 30, 100, 300, 1000];
/** A dimension of which sound tells less than this share of the variance (validation R²) is left unknown. */
const LEAST_R2 = 0.5;
/** The rendered clips have partly other instruments than their scores, so they cannot teach which instruments play. */
const NOT_TAUGHT: ReadonlySet<string> = new Set(INSTRUMENT_FAMILIES);

/**
 * Ridge regression (Hoerl & Kennard 1970) of each style dimension on the audio summary; the penalty, and whether the dimension
 * is kept at all, by R² on the validation clips. Closed form: no chance is involved.
 */
export function fitAudioStyle(
  train: readonly HeardPiece[],
  validation: readonly HeardPiece[],
): AudioStyleMap {
  const width = train[0]?.summary.length ?? 0;
  if (train.length < 2 || validation.length < 2)
    throw new AttuneError('argument/invalid', 'An audio style map needs training and validation clips.');
  const columns = Array.from({ length: width }, (_, f) => train.map(({ summary }) => summary[f]!));
  const mean = columns.map(average);
  const deviation = columns.map(
    (column, f) => Math.sqrt(average(column.map((x) => (x - mean[f]!) ** 2))) || 1,
  );
  const rowsOf = (pieces: readonly HeardPiece[]): Float64Array[] =>
    pieces.map(({ summary }) => Float64Array.from(mean, (m, f) => (summary[f]! - m) / deviation[f]!));
  const rows = rowsOf(train);
  const held = rowsOf(validation);
  const gram = gramOf(rows, width);
  const dimensions: Record<string, { offset: number; weights: readonly number[]; r2: number }> = {};
  for (const penalty of PENALTIES) {
    const factor = cholesky(withDiagonal(gram, width, penalty), width);
    STYLE_DIMENSIONS.forEach(({ name }, d) => {
      if (NOT_TAUGHT.has(name)) return;
      const target = train.map(({ raw }) => raw[d]!);
      const offset = average(target);
      const moment = new Float64Array(width);
      rows.forEach((row, i) => row.forEach((x, f) => (moment[f]! += x * (target[i]! - offset))));
      const weights = solveUpper(factor, solveLower(factor, moment));
      const truth = validation.map(({ raw }) => raw[d]!);
      const r2 = explainedVariance(
        truth,
        held.map((row) => offset + dot(weights, row)),
      );
      if (r2 >= LEAST_R2 && r2 > (dimensions[name]?.r2 ?? 0))
        dimensions[name] = { offset, weights: [...weights], r2 };
    });
  }
  return { mean, deviation, dimensions };
}

/** 1 − squared error / variance; 0 where there is no variance. */
export function explainedVariance(truth: readonly number[], guess: readonly number[]): number {
  const centre = average(truth);
  const variance = truth.reduce((sum, y) => sum + (y - centre) ** 2, 0);
  const error = truth.reduce((sum, y, i) => sum + (y - guess[i]!) ** 2, 0);
  return variance === 0 ? 0 : 1 - error / variance;
}

function gramOf(rows: readonly Float64Array[], width: number): Float64Array {
  const gram = new Float64Array(width * width);
  for (const row of rows) {
    for (let a = 0; a < width; a++) for (let b = 0; b <= a; b++) gram[a * width + b]! += row[a]! * row[b]!;
  }
  return gram;
}

function withDiagonal(matrix: Float64Array, n: number, value: number): Float64Array {
  const out = matrix.slice();
  for (let i = 0; i < n; i++) out[i * n + i]! += value;
  return out;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
