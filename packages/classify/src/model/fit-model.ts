import type { Rng } from '@attune/core';
import type { LabelledRows, Scorer } from '../learners/scorer.ts';
import { createHeardScorer, HEARD_DEVIATION, trainCandidate } from './candidate.ts';
import {
  chooseTeam,
  type CandidateResult,
  type Choice,
  type ChoiceOptions,
  type FitAnswer,
  type JudgedRows,
} from './choose-team.ts';
import { dealFolds, type Dealing } from './deal-groups.ts';
import { fitOutlierSpread, outlierDistance, type OutlierCheck } from './outlier-check.ts';
import { fitStandardiser, standardise, type Standardiser } from './standardiser.ts';
import { scoreRow, type Modality, type StyleModel } from './style-model.ts';

/** Raw features with the index of their label (the number of labels: of none of them); `piece` names what must weigh as one. */
export interface LabelledFeatures {
  readonly features: ArrayLike<number>;
  readonly label: number;
  readonly piece: string;
}

/** A row of a cross-validation: those of one `group` are in one fold; a changed copy is learned from, never judged. */
export interface GroupedFeatures extends LabelledFeatures {
  readonly group: string;
  readonly copy: boolean;
  /**
   * The row is its piece after this change: judged apart from the plain rows and never learned from. The choice of learners goes by
   * plain and changed rows alike, temperature and limits by the plain ones.
   */
  readonly change?: string;
}

/** What to train, and by what to choose. */
export interface FitOptions extends ChoiceOptions {
  readonly name: string;
  readonly modality: Modality;
  readonly features: readonly string[];
  /** The last of the features, so many of them, are columns of a table that comes with a piece. Default 0. */
  readonly columns?: number;
  /** The last of the features, so many of them, are what a net said of the classes: only the candidate `heard` reads them. Default 0. */
  readonly heard?: number;
  /** 0: every piece weighs the same; 1: every class does. */
  readonly balance: number;
  /** Some rows belong to none of the labels: the model learns them as one class more. */
  readonly rejects?: boolean;
  /** How groups come into the folds of a cross-validation. Default 'by label'. */
  readonly dealing?: Dealing;
  readonly rng: Rng;
}

/**
 * Trains every candidate on `train`, chooses the one, or the average of two, with the least class-balanced log loss on
 * `validation`, and takes temperature, abstention threshold and outlier limit from the same rows.
 */
export function fitStyleModel(
  train: readonly LabelledFeatures[],
  validation: readonly LabelledFeatures[],
  options: FitOptions,
): StyleFit {
  const fitted = fitCandidates(train, options);
  const judged = judgeWith(fitted, validation);
  const choice = chooseTeam([judged], options);
  return {
    model: assemble(fitted, choice, options),
    results: choice.results,
    answers: choice.answers,
    changed: choice.changed,
  };
}

/**
 * The same for few pieces: every row that is no copy is judged by models of the other folds (cross-validation by group; Stone
 * 1974), choice, temperature, threshold and limit go by these answers, and the chosen learners are trained again on all rows.
 * Throws `dataset/malformed` as `dealFolds` does.
 */
export function crossFitStyleModel(
  rows: readonly GroupedFeatures[],
  folds: number,
  options: FitOptions,
): StyleFit {
  const foldOf = dealFolds(rows, folds, options);
  const judged = Array.from({ length: folds }, (_, fold) => {
    const inside = rows.filter((row) => foldOf.get(row.group) === fold && !row.copy);
    const outside = rows.filter((row) => foldOf.get(row.group) !== fold && row.change === undefined);
    options.log?.(`fold ${fold + 1} of ${folds}`);
    return judgeWith(fitCandidates(outside, options), inside);
  });
  const choice = chooseTeam(judged, options);
  const learned = rows.filter((row) => row.change === undefined);
  return {
    model: assemble(fitCandidates(learned, options, choice.members), choice, options),
    results: choice.results,
    answers: choice.answers,
    changed: choice.changed,
  };
}

/** A trained model with what its choice rests on. */
export interface StyleFit {
  readonly model: StyleModel;
  readonly results: readonly CandidateResult[];
  /** What the chosen team said of each judged row, calibrated. Temperature and limits were fitted on these very answers. */
  readonly answers: readonly FitAnswer[];
  /** What it said of each changed row that has a label. */
  readonly changed: readonly (FitAnswer & { readonly change: string })[];
}

interface Fitted {
  readonly standardiser: Standardiser;
  readonly spread: Omit<OutlierCheck, 'limit'>;
  /** One a candidate; undefined where it was not asked for. */
  readonly scorers: readonly (Scorer | undefined)[];
}

function fitCandidates(
  rows: readonly LabelledFeatures[],
  options: FitOptions,
  members?: readonly number[],
): Fitted {
  const classes = classesOf(options);
  const weights = pieceWeights(rows, classes, options.balance);
  const { heard = 0 } = options;
  const measured = options.features.length - heard;
  const standardiser = withHeard(
    fitStandardiser(
      rows.map((row) => firstOf(row.features, measured)),
      weights,
    ),
    heard,
  );
  const data: LabelledRows = {
    rows: rows.map((row) => standardise(standardiser, row.features).subarray(0, measured)),
    labels: rows.map((row) => row.label),
    weights,
    classes,
  };
  const wanted = (i: number): boolean => members === undefined || members.includes(i);
  const scorers = options.candidates.map((candidate, i) => {
    if (!wanted(i)) return undefined;
    if (candidate.kind === 'heard') return createHeardScorer(measured, classes, candidate.scale);
    const { balance, reads } = candidate;
    const own = {
      ...data,
      ...(balance !== undefined && { weights: pieceWeights(rows, classes, balance) }),
      ...(reads !== undefined && { rows: data.rows.map((row) => row.subarray(0, reads)) }),
    };
    return trainCandidate(candidate, own, options.rng);
  });
  return { standardiser, spread: fitOutlierSpread(data), scorers };
}

function firstOf(row: ArrayLike<number>, count: number): ArrayLike<number> {
  return row.length === count ? row : Array.from({ length: count }, (_, f) => row[f]!);
}

function withHeard({ mean, deviation }: Standardiser, heard: number): Standardiser {
  return {
    mean: Float32Array.from([...mean, ...new Float32Array(heard)]),
    deviation: Float32Array.from([...deviation, ...new Float32Array(heard).fill(HEARD_DEVIATION)]),
  };
}

function judgeWith(
  { standardiser, spread, scorers }: Fitted,
  held: readonly (LabelledFeatures & Pick<GroupedFeatures, 'change'>)[],
): JudgedRows {
  const rows = held.map((row) => standardise(standardiser, row.features));
  return {
    truth: held.map((row) => row.label),
    pieces: held.map((row) => row.piece),
    changes: held.map((row) => row.change),
    distances: rows.map((row) => outlierDistance(spread, row)),
    logits: scorers.map((scorer) => rows.map((row) => scoreRow(scorer!, row))),
  };
}

function classesOf({ labels, rejects }: FitOptions): number {
  return labels.length + (rejects ? 1 : 0);
}

function assemble(
  { standardiser, spread, scorers }: Fitted,
  choice: Choice,
  { name, modality, labels, features, columns = 0, rejects = false }: FitOptions,
): StyleModel {
  return {
    name,
    modality,
    labels,
    features,
    ...(columns > 0 && { columns }),
    standardiser,
    scorers: choice.members.map((c) => scorers[c]!),
    temperature: choice.temperature,
    threshold: choice.threshold,
    outliers: { ...spread, limit: choice.limit },
    rejects,
  };
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
