import type { Classification } from './classification.ts';
import { expectedCalibrationError } from './metrics/calibration.ts';
import {
  accuracyOf,
  balancedAccuracy,
  classScores,
  confusionMatrix,
  macroF1,
  type ClassScore,
  type ConfusionMatrix,
} from './metrics/classification-metrics.ts';
import { areaUnderRiskCoverage, riskCoverage } from './metrics/selective.ts';

/** An answer beside the true label. */
export interface Judged {
  readonly truth: string;
  readonly answer: Classification;
}

/** Figures over all items; the most probable label counts as the answer even where the model was unsure, if not said otherwise. */
export interface Evaluation {
  readonly items: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly balancedAccuracy: number;
  readonly calibrationError: number;
  /** Mean −ln of the probability of the true label. */
  readonly logLoss: number;
  readonly areaUnderRiskCoverage: number;
  /** Share answered at the model's own threshold and outlier limit, and share wrong of those. */
  readonly coverage: number;
  readonly risk: number;
  readonly riskAt: readonly { readonly coverage: number; readonly risk: number }[];
  /** Always the label that is most frequent here. */
  readonly majority: {
    readonly accuracy: number;
    readonly macroF1: number;
    readonly balancedAccuracy: number;
  };
  readonly labels: readonly string[];
  readonly classes: readonly ClassScore[];
  readonly confusion: ConfusionMatrix;
}

/** `labels`: those of the model; items of another label are the caller's to leave out. */
export function evaluate(labels: readonly string[], judged: readonly Judged[]): Evaluation {
  const truth = judged.map((item) => labels.indexOf(item.truth));
  const best = judged.map((item) => labels.indexOf(item.answer.probabilities[0]!.label));
  const correct = best.map((label, i) => label === truth[i]);
  const confidences = judged.map((item) => item.answer.confidence);
  const confusion = confusionMatrix(truth, best, labels.length);
  const counts = labels.map((_, k) => truth.filter((label) => label === k).length);
  const majority = counts.indexOf(Math.max(...counts));
  const always = confusionMatrix(
    truth,
    truth.map(() => majority),
    labels.length,
  );
  const answered = judged.flatMap((item, i) => (item.answer.label === null ? [] : [i]));
  const curve = riskCoverage(confidences, correct);
  return {
    items: judged.length,
    accuracy: accuracyOf(confusion),
    macroF1: macroF1(confusion),
    balancedAccuracy: balancedAccuracy(confusion),
    calibrationError: expectedCalibrationError(confidences, correct),
    logLoss: meanOf(
      judged.map(
        ({ truth: label, answer }) =>
          -Math.log(Math.max(1e-12, answer.probabilities.find((p) => p.label === label)?.probability ?? 0)),
      ),
    ),
    areaUnderRiskCoverage: areaUnderRiskCoverage(curve),
    coverage: judged.length === 0 ? 0 : answered.length / judged.length,
    risk: meanOf(answered.map((i) => (correct[i] ? 0 : 1))),
    riskAt: [0.5, 0.7, 0.8, 0.9, 1].map((coverage) => ({
      coverage,
      risk: curve.findLast((point) => point.coverage <= coverage + 1e-9)?.risk ?? 0,
    })),
    majority: {
      accuracy: accuracyOf(always),
      macroF1: macroF1(always),
      balancedAccuracy: balancedAccuracy(always),
    },
    labels,
    classes: classScores(confusion),
    confusion,
  };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The figures as Markdown, for a terminal, a model card and docs. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { labels, classes, confusion, majority } = evaluation;
  const shown = labels
    .map((_, k) => k)
    .filter((k) => classes[k]!.support > 0 || confusion.some((row) => row[k]! > 0));
  return [
    `| over ${evaluation.items} items | model | always the most frequent label |`,
    '|---|---|---|',
    `| accuracy | ${fixed(evaluation.accuracy)} | ${fixed(majority.accuracy)} |`,
    `| macro-F1 | ${fixed(evaluation.macroF1)} | ${fixed(majority.macroF1)} |`,
    `| balanced accuracy | ${fixed(evaluation.balancedAccuracy)} | ${fixed(majority.balancedAccuracy)} |`,
    `| expected calibration error (15 bins) | ${fixed(evaluation.calibrationError)} | |`,
    `| log loss, nats | ${fixed(evaluation.logLoss)} | |`,
    `| area under risk–coverage | ${fixed(evaluation.areaUnderRiskCoverage)} | ${fixed(1 - majority.accuracy)} |`,
    `| answered / wrong of the answered | ${fixed(evaluation.coverage)} / ${fixed(evaluation.risk)} | 1.000 / ${fixed(1 - majority.accuracy)} |`,
    '',
    `Risk at coverage: ${evaluation.riskAt.map(({ coverage, risk }) => `${coverage}: ${fixed(risk)}`).join(', ')}.`,
    '',
    '| label | items | precision | recall | F1 |',
    '|---|---|---|---|---|',
    ...shown.map(
      (k) =>
        `| ${labels[k]} | ${classes[k]!.support} | ${fixed(classes[k]!.precision)} | ${fixed(classes[k]!.recall)} | ${fixed(classes[k]!.f1)} |`,
    ),
    '',
    'Confusion (row: true label, column: answer, in the same order):',
    '',
    '```',
    ...shown.map(
      (k) => `${labels[k]!.padEnd(16)}${shown.map((p) => String(confusion[k]![p]).padStart(5)).join('')}`,
    ),
    '```',
  ].join('\n');
}

function fixed(value: number): string {
  return value.toFixed(3);
}
