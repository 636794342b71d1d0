import { AttuneError } from '@attune/core';

/** counts[t][p]: examples of true class t that were given class p. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Precision, recall and their harmonic mean for one class, each 0 … 1. */
export interface ClassScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Examples of the class. */
  readonly support: number;
}

/** `truth` and `predicted`: class indices from 0 to classes − 1, of equal length. */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  if (truth.length !== predicted.length) {
    throw new AttuneError(
      'argument/invalid',
      `There are ${truth.length} true labels and ${predicted.length} predictions.`,
    );
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) {
    const row = counts[truth[i]!];
    if (row?.[predicted[i]!] === undefined) {
      throw new AttuneError(
        'argument/invalid',
        `Label ${truth[i]} or ${predicted[i]} is not one of ${classes} classes.`,
        { index: i },
      );
    }
    row[predicted[i]!]!++;
  }
  return counts;
}

/** Precision, recall and F1 of each class; a ratio with nothing under the line is 0 (as scikit-learn has it). */
export function classScores(matrix: ConfusionMatrix): ClassScore[] {
  return matrix.map((row, k) => {
    const support = row.reduce((sum, n) => sum + n, 0);
    const claimed = matrix.reduce((sum, other) => sum + other[k]!, 0);
    const hits = row[k]!;
    return {
      precision: ratio(hits, claimed),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + claimed),
      support,
    };
  });
}

/** Share of the examples on the diagonal; 0 where there are none. */
export function accuracyOf(matrix: ConfusionMatrix): number {
  let hits = 0;
  let total = 0;
  matrix.forEach((row, k) => {
    hits += row[k]!;
    for (const n of row) total += n;
  });
  return ratio(hits, total);
}

/** Mean F1 of the classes that have examples or were predicted. */
export function macroF1(matrix: ConfusionMatrix): number {
  const seen = classScores(matrix).filter(
    (_, k) => matrix[k]!.some((n) => n > 0) || matrix.some((row) => row[k]! > 0),
  );
  return ratio(
    seen.reduce((sum, score) => sum + score.f1, 0),
    seen.length,
  );
}

/** Mean recall of the classes that have examples. */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const seen = classScores(matrix).filter(({ support }) => support > 0);
  return ratio(
    seen.reduce((sum, score) => sum + score.recall, 0),
    seen.length,
  );
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
