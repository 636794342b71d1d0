import type { Rng } from '@attune/core';
import { DEFAULT_BOOSTING, trainBoostedTrees, type BoostingSettings } from '../learners/boosted-trees.ts';
import { fitDiscriminantAnalysis } from '../learners/discriminant-analysis.ts';
import { fitKernelMachine } from '../learners/kernel-machine.ts';
import { createLinearScorer } from '../learners/linear-scorer.ts';
import { trainLogisticRegression } from '../learners/logistic-regression.ts';
import { DEFAULT_NETWORK, trainNetwork, type NetworkSettings } from '../learners/network.ts';
import type { LabelledRows, Scorer } from '../learners/scorer.ts';
import { fitTemperature, logLoss, softmax } from '../metrics/calibration.ts';
import { riskCoverage, thresholdForRisk } from '../metrics/selective.ts';
import { fitOutlierSpread, limitOf, outlierDistance, type OutlierCheck } from './outlier-check.ts';
import { fitStandardiser, standardise, type Standardiser } from './standardiser.ts';
import {
  averageOf,
  scoreRow,
  type Modality,
  type StyleModel,
  type Verdict,
  verdictOf,
} from './style-model.ts';

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
export interface FitOptions {
  readonly name: string;
  readonly modality: Modality;
  readonly labels: readonly string[];
  readonly features: readonly string[];
  /** The last of the features, so many of them, are columns of a table that comes with a piece. Default 0. */
  readonly columns?: number;
  /** The last of the features, so many of them, are what a net said of the classes: only the candidate `heard` reads them. Default 0. */
  readonly heard?: number;
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

/** `balance` overrides that of the options for one candidate; `reads`: it reads so many of the features, the first ones. */
export type Candidate = { readonly balance?: number; readonly reads?: number } & (
  | { readonly kind: 'trees'; readonly settings: Partial<BoostingSettings> }
  | { readonly kind: 'logistic'; readonly l2: number; readonly iterations: number }
  | { readonly kind: 'discriminant'; readonly shrinkage: number }
  | { readonly kind: 'kernel'; readonly gamma: number; readonly alpha: number }
  | { readonly kind: 'network'; readonly settings: Partial<NetworkSettings> }
  /** The net's logits, which are the last features, times `scale`. */
  | { readonly kind: 'heard'; readonly scale: number }
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
export function fitStyleModel(
  train: readonly LabelledFeatures[],
  validation: readonly LabelledFeatures[],
  options: FitOptions,
): StyleFit {
  const fitted = fitCandidates(train, options);
  const judged = judgeWith(fitted, validation);
  const choice = choose([judged], options);
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
 */
export function crossFitStyleModel(
  rows: readonly GroupedFeatures[],
  folds: number,
  options: FitOptions,
): StyleFit {
  const foldOf = dealGroups(rows, folds, options.rng);
  const judged = Array.from({ length: folds }, (_, fold) => {
    const inside = rows.filter((row) => foldOf.get(row.group) === fold && !row.copy);
    const outside = rows.filter((row) => foldOf.get(row.group) !== fold && row.change === undefined);
    options.log?.(`fold ${fold + 1} of ${folds}`);
    return judgeWith(fitCandidates(outside, options), inside);
  });
  const choice = choose(judged, options);
  const learned = rows.filter((row) => row.change === undefined);
  return {
    model: assemble(fitCandidates(learned, options, choice.members), choice, options),
    results: choice.results,
    answers: choice.answers,
    changed: choice.changed,
  };
}

/** The fold of each group, by chance. */
export function dealGroups(
  rows: readonly { readonly group: string }[],
  folds: number,
  rng: Rng,
): Map<string, number> {
  return new Map(
    rng
      .fork('folds')
      .shuffle([...new Set(rows.map(({ group }) => group))].sort())
      .map((group, i) => [group, i % folds]),
  );
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

/** What a team said of a judged row. */
export interface FitAnswer {
  readonly label: number;
  readonly piece: string;
  readonly verdict: Verdict;
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
  readonly changes: readonly (string | undefined)[];
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
  readonly changed: StyleFit['changed'];
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

/** Logits of a net are scaled alike, not each by its own spread, so that they can be read back; 32 is the largest that is told apart. */
const HEARD_DEVIATION = 4;

function withHeard({ mean, deviation }: Standardiser, heard: number): Standardiser {
  return {
    mean: Float32Array.from([...mean, ...new Float32Array(heard)]),
    deviation: Float32Array.from([...deviation, ...new Float32Array(heard).fill(HEARD_DEVIATION)]),
  };
}

/** Reads a whole row and gives back its last values, as the net said them. */
function createHeardScorer(measured: number, classes: number, scale: number): Scorer {
  const width = measured + classes;
  const weights = new Float32Array(classes * width);
  for (let k = 0; k < classes; k++) weights[k * width + measured + k] = scale * HEARD_DEVIATION;
  return createLinearScorer(weights, new Float32Array(classes));
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

function choose(
  parts: readonly JudgedRows[],
  { candidates, labels, risk, familiar, largestTeam = 2, log }: FitOptions,
): Choice {
  const truth = parts.flatMap((part) => part.truth);
  const pieces = parts.flatMap((part) => part.pieces);
  const changes = parts.flatMap((part) => part.changes);
  const logits = candidates.map((_, c) => parts.flatMap((part) => part.logits[c]!));
  const plain = truth.flatMap((_, i) => (changes[i] === undefined ? [i] : []));
  const teams = candidates.flatMap((_, a) => [[a], ...candidates.slice(a + 1).map((_, b) => [a, a + 1 + b])]);
  const judgeTeam = (members: readonly number[]): JudgedTeam => {
    const rows = truth.map((_, i) => averageOf(members.map((c) => logits[c]![i]!)));
    const temperature = fitTemperature(
      plain.map((i) => rows[i]!),
      plain.map((i) => truth[i]!),
    );
    const right = plain.filter((i) => rows[i]!.indexOf(Math.max(...rows[i]!)) === truth[i]).length;
    const name = members.map((c) => nameOf(candidates[c]!)).join(' + ');
    const result: CandidateResult = {
      name,
      loss: balancedLoss(rows, truth, temperature),
      accuracy: right / plain.length,
      temperature,
    };
    log?.(
      `${name}: balanced log loss ${result.loss.toFixed(4)}, accuracy ${result.accuracy.toFixed(4)}, temperature ${temperature.toFixed(3)}`,
    );
    return { members, rows, result };
  };
  const judged = teams.map(judgeTeam);
  const bestOf = (some: readonly JudgedTeam[]): JudgedTeam =>
    some.reduce((a, b) => (b.result.loss < a.result.loss ? b : a));
  let best = bestOf(judged);
  while (best.members.length >= 2 && best.members.length < largestTeam) {
    const before = best;
    const larger = candidates.flatMap((_, c) =>
      before.members.includes(c) ? [] : [judgeTeam([...before.members, c])],
    );
    if (larger.length === 0) break;
    judged.push(...larger);
    best = bestOf([before, ...larger]);
    if (best === before) break;
  }
  log?.(`chosen: ${best.result.name}`);
  // Threshold and limit go by the rows that have a label.
  const music = plain.filter((i) => truth[i]! < labels.length);
  const distances = parts.flatMap((part) => part.distances);
  const limit = limitOf(
    music.map((i) => distances[i]!),
    familiar,
  );
  const answerTo = (i: number): FitAnswer => {
    const all = softmax(best.rows[i]!, best.result.temperature);
    return {
      label: truth[i]!,
      piece: pieces[i]!,
      verdict: verdictOf({ labels, outliers: { limit } }, all, distances[i]!),
    };
  };
  const answers = music.map(answerTo);
  const familiarAnswers = answers.filter(({ verdict }) => verdict.strangeness <= 1);
  const confidences = familiarAnswers.map(({ verdict }) => Math.max(...verdict.probabilities));
  const correct = familiarAnswers.map(
    ({ label, verdict }, i) => verdict.probabilities[label] === confidences[i],
  );
  return {
    members: best.members,
    temperature: best.result.temperature,
    threshold: thresholdForRisk(riskCoverage(confidences, correct), risk),
    limit,
    results: judged.map(({ result }) => result),
    answers,
    changed: changes.flatMap((change, i) =>
      change !== undefined && truth[i]! < labels.length ? [{ ...answerTo(i), change }] : [],
    ),
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

/** Mean over the classes that have rows of their mean log loss. */
export function balancedLoss(
  logits: readonly ArrayLike<number>[],
  truth: readonly number[],
  temperature: number,
): number {
  const byClass = new Map<number, number[]>();
  truth.forEach((label, i) => byClass.set(label, [...(byClass.get(label) ?? []), i]));
  const losses = [...byClass].map(([label, rows]) =>
    logLoss(
      rows.map((i) => logits[i]!),
      rows.map(() => label),
      temperature,
    ),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function trainCandidate(
  candidate: Exclude<Candidate, { kind: 'heard' }>,
  data: LabelledRows,
  rng: Rng,
): Scorer {
  switch (candidate.kind) {
    case 'trees':
      return trainBoostedTrees(
        data,
        { ...DEFAULT_BOOSTING, ...candidate.settings },
        rng.fork(nameOf(candidate)),
      );
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
  const { balance, reads } = candidate;
  const suffix = `${balance === undefined ? '' : ` balance ${balance}`}${reads === undefined ? '' : ` of the first ${reads} features`}`;
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
    case 'heard':
      return `net × ${candidate.scale}`;
  }
}
