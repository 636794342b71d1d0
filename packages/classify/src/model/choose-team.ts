import { fitTemperature, logLoss, softmax } from '../metrics/calibration.ts';
import { riskCoverage, thresholdForRisk } from '../metrics/selective.ts';
import { nameOf, type Candidate } from './candidate.ts';
import { limitOf } from './outlier-check.ts';
import { averageOf, verdictOf, type Verdict } from './style-model.ts';

/** What the judged rows said of a candidate, or of the average of two. */
export interface CandidateResult {
  readonly name: string;
  /** Mean over classes of the mean log loss of the class, after temperature scaling: what the choice goes by. */
  readonly loss: number;
  readonly accuracy: number;
  readonly temperature: number;
}

/** What a team said of a judged row. */
export interface FitAnswer {
  readonly label: number;
  readonly piece: string;
  readonly verdict: Verdict;
}

/** What held rows look like to fitted candidates. */
export interface JudgedRows {
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

/** The team with the least loss, and what was fitted on its answers. */
export interface Choice {
  /** Indices of the chosen candidates. */
  readonly members: readonly number[];
  readonly temperature: number;
  readonly threshold: number;
  readonly limit: number;
  readonly results: readonly CandidateResult[];
  readonly answers: readonly FitAnswer[];
  readonly changed: readonly (FitAnswer & { readonly change: string })[];
}

/** What to choose from, and by what. */
export interface ChoiceOptions {
  readonly candidates: readonly Candidate[];
  readonly labels: readonly string[];
  /** Abstain so that at most this share of the answers on the judged rows is wrong. */
  readonly risk: number;
  /** Share of the judged rows that count as familiar. */
  readonly familiar: number;
  /** Most candidates whose average may be chosen: 2, or more by adding one at a time while the loss falls (Caruana et al. 2004). */
  readonly largestTeam?: number;
  readonly log?: (line: string) => void;
}

/**
 * The candidate, or the average of some, with the least class-balanced log loss on all judged rows; its temperature, and the threshold and
 * limit that give `risk` and `familiar` on the rows that are not changed and have a label. `parts`: the rows of each fold.
 */
export function chooseTeam(
  parts: readonly JudgedRows[],
  { candidates, labels, risk, familiar, largestTeam = 2, log }: ChoiceOptions,
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
