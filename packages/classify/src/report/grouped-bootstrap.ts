import type { Rng } from '@attune/core';
import {
  accuracyOf,
  balancedAccuracy,
  classScores,
  confusionMatrix,
  macroF1,
} from '../metrics/classification-metrics.ts';

/** The range from the 2.5th to the 97.5th percentile of the draws. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** 95 % intervals of the figures of an evaluation. */
export interface EvaluationIntervals {
  readonly accuracy: Interval;
  readonly macroF1: Interval;
  readonly balancedAccuracy: Interval;
  /** By class; of the draws in which the class has items. */
  readonly classes: readonly {
    readonly precision: Interval;
    readonly recall: Interval;
    readonly f1: Interval;
  }[];
}

/** `truth`, `answers`: class indices; `groups`: equal for items that are not independent. */
export interface AnsweredItems {
  readonly truth: readonly number[];
  readonly answers: readonly number[];
  readonly groups: readonly string[];
}

/**
 * Percentile intervals by the cluster bootstrap (Davison & Hinkley 1997, ch. 3.8): whole groups are drawn with replacement, so that pieces
 * that share a work do not make the interval narrower than it is.
 */
export function bootstrapEvaluation(
  { truth, answers, groups }: AnsweredItems,
  classes: number,
  rng: Rng,
  draws = 500,
): EvaluationIntervals {
  const members = new Map<string, number[]>();
  groups.forEach((group, i) => members.set(group, [...(members.get(group) ?? []), i]));
  const clusters = [...members.values()];
  const samples = Array.from({ length: clusters.length === 0 ? 0 : draws }, () => {
    const drawn = clusters.flatMap(() => clusters[rng.integer(clusters.length)]!);
    const matrix = confusionMatrix(
      drawn.map((i) => truth[i]!),
      drawn.map((i) => answers[i]!),
      classes,
    );
    return {
      accuracy: accuracyOf(matrix),
      macroF1: macroF1(matrix),
      balancedAccuracy: balancedAccuracy(matrix),
      scores: classScores(matrix),
    };
  });
  const ofClass = (k: number, figure: 'precision' | 'recall' | 'f1'): Interval =>
    intervalOf(samples.flatMap(({ scores }) => (scores[k]!.support > 0 ? [scores[k]![figure]] : [])));
  return {
    accuracy: intervalOf(samples.map((sample) => sample.accuracy)),
    macroF1: intervalOf(samples.map((sample) => sample.macroF1)),
    balancedAccuracy: intervalOf(samples.map((sample) => sample.balancedAccuracy)),
    classes: Array.from({ length: classes }, (_, k) => ({
      precision: ofClass(k, 'precision'),
      recall: ofClass(k, 'recall'),
      f1: ofClass(k, 'f1'),
    })),
  };
}

function intervalOf(values: readonly number[]): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}
