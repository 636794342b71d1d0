import type { Rng } from '@attune/core';
import { DEFAULT_BOOSTING, trainBoostedTrees, type BoostingSettings } from '../learners/boosted-trees.ts';
import { fitDiscriminantAnalysis } from '../learners/discriminant-analysis.ts';
import { fitKernelMachine } from '../learners/kernel-machine.ts';
import { trainLogisticRegression } from '../learners/logistic-regression.ts';
import { DEFAULT_NETWORK, trainNetwork, type NetworkSettings } from '../learners/network.ts';
import type { LabelledRows, Scorer } from '../learners/scorer.ts';
import { fitTemperature, logLoss, softmax } from '../metrics/calibration.ts';
import { riskCoverage, thresholdForRisk } from '../metrics/selective.ts';
import { fitOutlierSpread, limitOf, outlierDistance, type OutlierCheck } from './outlier-check.ts';
import { fitStandardiser, standardise, type Standardiser } from './standardiser.ts';
import { averageOf, type Modality, type StyleModel, type Verdict, verdictOf } from './style-model.ts';

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
}

/** What to train, and by what to choose. */
export interface FitOptions {
  readonly name: string;
  readonly modality: Modality;
  readonly labels: readonly string[];
  readonly features: readonly string[];
  readonly candidates: readonly Candidate[];
  /** 0: every piece weighs the same; 1: every class does. */
  readonly balance: number;
  /** Abstain so that at most this share of the answers on the judged rows is wrong. */
  readonly risk: number;
  /** Share of the judged rows that count as familiar. */
  readonly familiar: number;
  /** Some rows belong to none of the labels: the model learns them as one class more. */
  readonly rejects?: boolean;
  /** Most candidates whose average may be chosen: 2, or more by adding one at a time while the loss falls (Caruana et al. 2004). */
  readonly largestTeam?: number;
  readonly rng: Rng;
  readonly log?: (line: string) => void;
}

/** `balance` overrides that of the options for one candidate. */
export type Candidate = { readonly balance?: number } & (
  | { readonly kind: 'trees'; readonly settings: Partial<BoostingSettings> }
  | { readonly kind: 'logistic'; readonly l2: number; readonly iterations: number }
  | { readonly kind: 'discriminant'; readonly shrinkage: number }
  | { readonly kind: 'kernel'; readonly gamma: number; readonly alpha: number }
  | { readonly kind: 'network'; readonly settings: Partial<NetworkSettings> }
);

/** What the judged rows said of a candidate, or of the average of two. */
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
export function fitStyleModel(train: readonly LabelledFeatures[], validation: readonly LabelledFeatures[], options: FitOptions): StyleFit {
  const fitted = fitCandidates(train, options);
  const judged = judgeWith(fitted, validation);
  const choice = choose([judged], options);
  return { model: assemble(fitted, choice, options), results: choice.results, answers: choice.answers };
}

/**
 * The same for few pieces: every row that is no copy is judged by models of the other folds (cross-validation by group; Stone
 * 1974), choice, temperature, threshold and limit go by these answers, and the chosen learners are trained again on all rows.
 */
export function crossFitStyleModel(rows: readonly GroupedFeatures[], folds: number, options: FitOptions): StyleFit {
  const foldOf = new Map(options.rng.fork('folds').shuffle([...new Set(rows.map((row) => row.group))].sort()).map((group, i) => [group, i % folds]));
  const judged = Array.from({ length: folds }, (_, fold) => {
    const inside = rows.filter((row) => foldOf.get(row.group) === fold && !row.copy);
    const outside = rows.filter((row) => foldOf.get(row.group) !== fold);
    return judgeWith(fitCandidates(outside, options), inside);
  });
  const choice = choose(judged, options);
  return { model: assemble(fitCandidates(rows, options, choice.members), choice, options), results: choice.results, answers: choice.answers };
}

/** A trained model with what its choice rests on. */
export interface StyleFit {
  readonly model: StyleModel;
  readonly results: readonly CandidateResult[];
  /** What the chosen team said of each judged row, calibrated. Temperature and limits were fitted on these very answers. */
  readonly answers: readonly { readonly label: number; readonly piece: string; readonly verdict: Verdict }[];
}

interface Fitted {
  readonly standardiser: Standardiser;
  readonly spread: Omit<OutlierCheck, 'limit'>;
  /** One a candidate; undefined where it was not asked for. */
  readonly scorers: readonly (Scorer | undefined)[];
}

/** What held rows look like to fitted candidates. */
interface JudgedRows {
  readonly truth: readonly number[];
  readonly pieces: readonly string[];
  readonly distances: readonly number[];
  /** [candidate][row][class]. */
  readonly logits: readonly (readonly Float64Array[])[];
}

interface JudgedTeam {
  /** Indices of candidates. */
  readonly members: readonly number[];
  /** Averaged logits, [row][class]. */
  readonly rows: readonly Float64Array[];
  readonly result: CandidateResult;
}

interface Choice {
  /** Indices of the chosen candidates. */
  readonly members: readonly number[];
  readonly temperature: number;
  readonly threshold: number;
  readonly limit: number;
  readonly results: readonly CandidateResult[];
  readonly answers: StyleFit['answers'];
}

function fitCandidates(rows: readonly LabelledFeatures[], options: FitOptions, members?: readonly number[]): Fitted {
  const classes = classesOf(options);
  const weights = pieceWeights(rows, classes, options.balance);
  const standardiser = fitStandardiser(rows.map((row) => row.features), weights);
  const data: LabelledRows = {
    rows: rows.map((row) => standardise(standardiser, row.features)),
    labels: rows.map((row) => row.label),
    weights,
    classes,
  };
  const wanted = (i: number): boolean => members === undefined || members.includes(i);
  const scorers = options.candidates.map((candidate, i) => {
    if (!wanted(i)) return undefined;
    const { balance } = candidate;
    const own = balance === undefined ? data : { ...data, weights: pieceWeights(rows, classes, balance) };
    return trainCandidate(candidate, own, options.rng);
  });
  return { standardiser, spread: fitOutlierSpread(data), scorers };
}

function judgeWith({ standardiser, spread, scorers }: Fitted, held: readonly LabelledFeatures[]): JudgedRows {
  const rows = held.map((row) => standardise(standardiser, row.features));
  return {
    truth: held.map((row) => row.label),
    pieces: held.map((row) => row.piece),
    distances: rows.map((row) => outlierDistance(spread, row)),
    logits: scorers.map((scorer) => rows.map((row) => scorer!.logits(row))),
  };
}

function choose(parts: readonly JudgedRows[], { candidates, labels, risk, familiar, largestTeam = 2, log }: FitOptions): Choice {
  const truth = parts.flatMap((part) => part.truth);
  const pieces = parts.flatMap((part) => part.pieces);
  const logits = candidates.map((_, c) => parts.flatMap((part) => part.logits[c]!));
  const teams = candidates.flatMap((_, a) => [[a], ...candidates.slice(a + 1).map((_, b) => [a, a + 1 + b])]);
  const judgeTeam = (members: readonly number[]): JudgedTeam => {
    const rows = truth.map((_, i) => averageOf(members.map((c) => logits[c]![i]!)));
    const temperature = fitTemperature(rows, truth);
    const right = rows.filter((row, i) => row.indexOf(Math.max(...row)) === truth[i]).length;
    const name = members.map((c) => nameOf(candidates[c]!)).join(' + ');
    const result: CandidateResult = { name, loss: balancedLoss(rows, truth, temperature), accuracy: right / rows.length, temperature };
    log?.(`${name}: balanced log loss ${result.loss.toFixed(4)}, accuracy ${result.accuracy.toFixed(4)}, temperature ${temperature.toFixed(3)}`);
    return { members, rows, result };
  };
  const judged = teams.map(judgeTeam);
  const bestOf = (some: readonly JudgedTeam[]): JudgedTeam => some.reduce((a, b) => (b.result.loss < a.result.loss ? b : a));
  let best = bestOf(judged);
  while (best.members.length >= 2 && best.members.length < largestTeam) {
    const before = best;
    const larger = candidates.flatMap((_, c) => (before.members.includes(c) ? [] : [judgeTeam([...before.members, c])]));
    if (larger.length === 0) break;
    judged.push(...larger);
    best = bestOf([before, ...larger]);
    if (best === before) break;
  }
  log?.(`chosen: ${best.result.name}`);
  // Threshold and limit go by the rows that have a label.
  const music = truth.flatMap((label, i) => (label < labels.length ? [i] : []));
  const distances = parts.flatMap((part) => part.distances);
  const limit = limitOf(music.map((i) => distances[i]!), familiar);
  const answers = music.map((i) => {
    const all = softmax(best.rows[i]!, best.result.temperature);
    return { label: truth[i]!, piece: pieces[i]!, verdict: verdictOf({ labels, outliers: { limit } }, all, distances[i]!) };
  });
  const familiarAnswers = answers.filter(({ verdict }) => verdict.strangeness <= 1);
  const confidences = familiarAnswers.map(({ verdict }) => Math.max(...verdict.probabilities));
  const correct = familiarAnswers.map(({ label, verdict }, i) => verdict.probabilities[label] === confidences[i]);
  return {
    members: best.members,
    temperature: best.result.temperature,
    threshold: thresholdForRisk(riskCoverage(confidences, correct), risk),
    limit,
    results: judged.map(({ result }) => result),
    answers,
  };
}

function classesOf({ labels, rejects }: FitOptions): number {
  return labels.length + (rejects ? 1 : 0);
}

function assemble({ standardiser, spread, scorers }: Fitted, choice: Choice, { name, modality, labels, features, rejects = false }: FitOptions): StyleModel {
  return {
    name,
    modality,
    labels,
    features,
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

/** Mean over the classes that have rows of their mean log loss. */
export function balancedLoss(logits: readonly ArrayLike<number>[], truth: readonly number[], temperature: number): number {
  const byClass = new Map<number, number[]>();
  truth.forEach((label, i) => byClass.set(label, [...(byClass.get(label) ?? []), i]));
  const losses = [...byClass].map(([label, rows]) => logLoss(rows.map((i) => logits[i]!), rows.map(() => label), temperature));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

export function trainCandidate(candidate: Candidate, data: LabelledRows, rng: Rng): Scorer {
  switch (candidate.kind) {
    case 'trees':
      return trainBoostedTrees(data, { ...DEFAULT_BOOSTING, ...candidate.settings }, rng.fork(nameOf(candidate)));
    case 'logistic':
      return trainLogisticRegression(data, candidate);
    case 'discriminant':
      return fitDiscriminantAnalysis(data, candidate);
    case 'kernel':
      return fitKernelMachine(data, candidate);
    case 'network':
      return trainNetwork(data, { ...DEFAULT_NETWORK, ...candidate.settings }, rng.fork(nameOf(candidate)));
  }
}

export function nameOf(candidate: Candidate): string {
  const suffix = candidate.balance === undefined ? '' : ` balance ${candidate.balance}`;
  switch (candidate.kind) {
    case 'trees':
      return `trees ${JSON.stringify(candidate.settings)}${suffix}`;
    case 'logistic':
      return `logistic l2 ${candidate.l2}${suffix}`;
    case 'discriminant':
      return `discriminant shrinkage ${candidate.shrinkage}${suffix}`;
    case 'kernel':
      return `kernel gamma ${candidate.gamma} alpha ${candidate.alpha}${suffix}`;
    case 'network':
      return `network ${JSON.stringify(candidate.settings)}${suffix}`;
  }
}
