import type { Rng } from '@attune/core';
import { DEFAULT_BOOSTING, trainBoostedTrees, type BoostingSettings } from '../learners/boosted-trees.ts';
import { fitDiscriminantAnalysis } from '../learners/discriminant-analysis.ts';
import { trainLogisticRegression } from '../learners/logistic-regression.ts';
import type { LabelledRows, Scorer } from '../learners/scorer.ts';
import { fitTemperature, logLoss, softmax } from '../metrics/calibration.ts';
import { riskCoverage, thresholdForRisk } from '../metrics/selective.ts';
import { fitOutlierCheck } from './outlier-check.ts';
import { fitStandardiser, standardise } from './standardiser.ts';
import { averageLogits, type Modality, type StyleModel } from './style-model.ts';

/** Raw features with the index of their label; `piece` names what must weigh as one. */
export interface LabelledFeatures {
  readonly features: ArrayLike<number>;
  readonly label: number;
  readonly piece: string;
}

export interface FitOptions {
  readonly name: string;
  readonly modality: Modality;
  readonly labels: readonly string[];
  readonly features: readonly string[];
  readonly candidates: readonly Candidate[];
  /** 0: every piece weighs the same; 1: every class does. */
  readonly balance: number;
  /** Abstain so that at most this share of the answers on the validation rows is wrong. */
  readonly risk: number;
  /** Share of the validation rows that count as familiar. */
  readonly familiar: number;
  readonly rng: Rng;
  readonly log?: (line: string) => void;
}

export type Candidate =
  | { readonly kind: 'trees'; readonly settings: Partial<BoostingSettings> }
  | { readonly kind: 'logistic'; readonly l2: number; readonly iterations: number }
  | { readonly kind: 'discriminant'; readonly shrinkage: number };

/** What validation said of a candidate, or of the average of two. */
export interface CandidateResult {
  readonly name: string;
  /** Mean over classes of the mean log loss of the class, after temperature scaling: what the choice goes by. */
  readonly loss: number;
  readonly accuracy: number;
  readonly temperature: number;
}

/**
 * Trains every candidate on `train`, chooses the one, or the average of two, with the least class-balanced log loss on
 * `validation`, and takes temperature, abstention threshold and outlier limit from the same rows.
 */
export function fitStyleModel(train: readonly LabelledFeatures[], validation: readonly LabelledFeatures[], options: FitOptions): { model: StyleModel; results: CandidateResult[] } {
  const weights = pieceWeights(train, options.labels.length, options.balance);
  const standardiser = fitStandardiser(train.map((row) => row.features), weights);
  const data: LabelledRows = {
    rows: train.map((row) => standardise(standardiser, row.features)),
    labels: train.map((row) => row.label),
    weights,
    classes: options.labels.length,
  };
  const held = validation.map((row) => standardise(standardiser, row.features));
  const truth = validation.map((row) => row.label);
  const single = options.candidates.map((candidate) => ({ name: nameOf(candidate), scorers: [trainCandidate(candidate, data, options.rng)] }));
  const pairs = single.flatMap((a, i) => single.slice(i + 1).map((b) => ({ name: `${a.name} + ${b.name}`, scorers: [...a.scorers, ...b.scorers] })));
  const judged = [...single, ...pairs].map(({ name, scorers }) => {
    const logits = held.map((row) => averageLogits(scorers, row));
    const temperature = fitTemperature(logits, truth);
    const accuracy = logits.filter((row, i) => row.indexOf(Math.max(...row)) === truth[i]).length / logits.length;
    const result: CandidateResult = { name, loss: balancedLoss(logits, truth, temperature), accuracy, temperature };
    options.log?.(`${name}: balanced log loss ${result.loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}, temperature ${temperature.toFixed(3)}`);
    return { scorers, logits, result };
  });
  const best = judged.reduce((a, b) => (b.result.loss < a.result.loss ? b : a));
  const probabilities = best.logits.map((row) => softmax(row, best.result.temperature));
  const confidences = probabilities.map((row) => Math.max(...row));
  const correct = probabilities.map((row, i) => row.indexOf(confidences[i]!) === truth[i]);
  const { name, modality, labels, features } = options;
  const model: StyleModel = {
    name,
    modality,
    labels,
    features,
    standardiser,
    scorers: best.scorers,
    temperature: best.result.temperature,
    threshold: thresholdForRisk(riskCoverage(confidences, correct), options.risk),
    outliers: fitOutlierCheck(data, held, options.familiar),
  };
  options.log?.(`chosen: ${best.result.name}`);
  return { model, results: judged.map(({ result }) => result) };
}

/** Rows of a piece share its weight; classes are brought together by (mean size / size)^balance. Mean weight is about 1. */
export function pieceWeights(rows: readonly LabelledFeatures[], classes: number, balance: number): number[] {
  const rowsOfPiece = new Map<string, number>();
  for (const { piece } of rows) rowsOfPiece.set(piece, (rowsOfPiece.get(piece) ?? 0) + 1);
  const sizes = new Float64Array(classes);
  for (const { piece, label } of rows) sizes[label]! += 1 / rowsOfPiece.get(piece)!;
  const meanSize = rowsOfPiece.size / classes;
  const raw = rows.map(({ piece, label }) => (meanSize / sizes[label]!) ** balance / rowsOfPiece.get(piece)!);
  const scale = rows.length / raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight * scale);
}

/** Mean over the classes that have rows of their mean log loss. */
export function balancedLoss(logits: readonly ArrayLike<number>[], truth: readonly number[], temperature: number): number {
  const byClass = new Map<number, number[]>();
  truth.forEach((label, i) => byClass.set(label, [...(byClass.get(label) ?? []), i]));
  const losses = [...byClass].map(([label, rows]) => logLoss(rows.map((i) => logits[i]!), rows.map(() => label), temperature));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function trainCandidate(candidate: Candidate, data: LabelledRows, rng: Rng): Scorer {
  switch (candidate.kind) {
    case 'trees':
      return trainBoostedTrees(data, { ...DEFAULT_BOOSTING, ...candidate.settings }, rng.fork(nameOf(candidate)));
    case 'logistic':
      return trainLogisticRegression(data, candidate);
    case 'discriminant':
      return fitDiscriminantAnalysis(data, candidate);
  }
}

function nameOf(candidate: Candidate): string {
  switch (candidate.kind) {
    case 'trees':
      return `trees ${JSON.stringify(candidate.settings)}`;
    case 'logistic':
      return `logistic l2 ${candidate.l2}`;
    case 'discriminant':
      return `discriminant shrinkage ${candidate.shrinkage}`;
  }
}
