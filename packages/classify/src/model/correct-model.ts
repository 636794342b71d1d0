import { AttuneError, createRng, throwIfCancelled } from '@attune/core';
import { evaluate, type Evaluation, type Judged } from '../evaluation.ts';
import { createLinearScorer } from '../learners/linear-scorer.ts';
import { fitLogitResidual, type ResidualRow } from '../learners/logit-residual.ts';
import { softmax } from '../metrics/calibration.ts';
import { dealByLabel } from './deal-groups.ts';
import { addedLabels, extendLabels } from './label-extension.ts';
import { standardise } from './standardiser.ts';
import { averageLogits, conclude, judge, type StyleModel } from './style-model.ts';

/** A piece with the label that a person gave it. */
export interface CorrectedPiece {
  readonly piece: string;
  readonly label: string;
  /** Raw features of its parts (one of a score, one a window of sound), in the model's order. */
  readonly rows: readonly ArrayLike<number>[];
}

/** How `correctModel` learns from corrections. */
export interface CorrectionOptions {
  /** Name of the corrected model. */
  readonly name: string;
  /** Raw rows of pieces that nobody corrected: the model should say of them what it said before. */
  readonly anchors: readonly ArrayLike<number>[];
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Fits done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A corrected model, and what cross-validation over the corrected pieces says of it. */
export interface CorrectedModel {
  readonly model: StyleModel;
  /** The L2 penalty that was chosen; null: no correction of the known labels helped held-out pieces, so none was made. */
  readonly l2: number | null;
  /** Labels that the model did not have. */
  readonly added: readonly string[];
  /** The model as it was, and the way it is corrected, on the same pieces: each judged by a model that did not see it. */
  readonly before: Evaluation;
  readonly after: Evaluation;
  readonly judged: readonly {
    readonly piece: string;
    readonly truth: string;
    readonly before: string;
    readonly after: string;
  }[];
  /** Labels with a single example, which is learned from and cannot be judged. */
  readonly unjudged: readonly string[];
}

const FOLDS = 5;
/** Parts of the training side on which the penalty is chosen. */
const INNER_FOLDS = 2;
const PENALTIES = [0.3, 0.1, 0.03, 0.01, 0.003] as const;
const ITERATIONS = 100;
/** All anchors together weigh as much as all corrections. */
const ANCHOR_SHARE = 1;

/**
 * Corrects a model by labels that people gave, without the data that it was trained on. Known labels: a linear residual
 * is added to its logits, held where it was on `anchors`; labels that it lacks are added by examples (`extendLabels`).
 * How strong the residual is, is chosen on parts of the training side; what is reported is judged on pieces held out
 * of all of it. The result is a checkpoint like any other: the residual is one scorer more.
 * Throws `argument/invalid` for no pieces, pieces without rows, rows that do not fit, or a model with added labels
 * (correct the first model with all corrections instead); `cancelled`.
 */
export function correctModel(
  model: StyleModel,
  pieces: readonly CorrectedPiece[],
  options: CorrectionOptions,
): CorrectedModel {
  check(model, pieces, options.anchors);
  const counts = new Map<string, number>();
  for (const { label } of pieces) counts.set(label, (counts.get(label) ?? 0) + 1);
  const added = [...counts.keys()].filter((label) => !model.labels.includes(label)).sort();
  const unjudged = [...counts]
    .filter(([, count]) => count < 2)
    .map(([label]) => label)
    .sort();
  const folds = partsOf(pieces, Math.min(FOLDS, pieces.length), options.seed);
  const step = stepper(FOLDS + 1, options);
  const anchors = options.anchors.map((row) => anchorRow(model, row));

  const build = (
    training: readonly CorrectedPiece[],
    seed: number,
  ): { model: StyleModel; l2: number | null } => {
    const known = training.filter(({ label }) => model.labels.includes(label));
    const l2 = chooseL2(model, known, anchors, { ...options, seed });
    const corrected = l2 === null ? model : addResidual(model, known, anchors, l2, options.signal);
    const fresh = training.filter(({ label }) => added.includes(label));
    const examples = fresh.flatMap(({ label, rows }) => rows.map((features) => ({ label, features })));
    const extended = examples.length === 0 ? corrected : extendLabels(corrected, examples);
    step();
    return { model: { ...extended, name: options.name }, l2 };
  };

  const held = folds.flatMap((fold, f) => {
    const judgedHere = fold.filter(({ label }) => counts.get(label)! > 1);
    if (judgedHere.length === 0) return [];
    const built = build(
      pieces.filter((piece) => !fold.includes(piece)),
      options.seed + 1 + f,
    );
    return judgedHere.map((piece) => ({
      piece,
      before: answer(model, piece),
      after: answer(built.model, piece),
    }));
  });
  const final = build(pieces, options.seed);
  const labels = [...model.labels, ...added];
  const side = (name: 'before' | 'after'): Judged[] =>
    held.map((entry) => ({ truth: entry.piece.label, answer: entry[name] }));
  return {
    ...final,
    added,
    unjudged,
    before: evaluate(labels, side('before')),
    after: evaluate(labels, side('after')),
    judged: held.map(({ piece, before, after }) => ({
      piece: piece.piece,
      truth: piece.label,
      before: before.probabilities[0]!.label,
      after: after.probabilities[0]!.label,
    })),
  };
}

function check(
  model: StyleModel,
  pieces: readonly CorrectedPiece[],
  anchors: readonly ArrayLike<number>[],
): void {
  if (pieces.length === 0)
    throw new AttuneError('argument/invalid', 'A model is corrected by labelled pieces, and there are none.');
  if (addedLabels(model) > 0) {
    throw new AttuneError(
      'argument/invalid',
      `The model ${model.name} has labels that were added by examples: correct the model that it came from, with all examples.`,
    );
  }
  const width = model.features.length;
  const fits = (row: ArrayLike<number>): boolean =>
    row.length === width && Array.from(row).every(Number.isFinite);
  for (const { piece, rows } of pieces) {
    if (rows.length === 0 || !rows.every(fits)) {
      throw new AttuneError(
        'argument/invalid',
        `The piece ${piece} is not described by rows of ${width} finite features.`,
        { piece },
      );
    }
  }
  const wrong = anchors.findIndex((row) => !fits(row));
  if (wrong >= 0)
    throw new AttuneError('argument/invalid', `Anchor ${wrong} is not ${width} finite features.`, {
      anchor: wrong,
    });
}

/** The pieces of each fold; each piece stands alone, by its place in the list. */
function partsOf(pieces: readonly CorrectedPiece[], folds: number, seed: number): CorrectedPiece[][] {
  const rows = pieces.map(({ label }, i) => ({ group: String(i), label }));
  const parts = Math.max(1, folds);
  const foldOf = dealByLabel(rows, parts, createRng(seed).fork('correction folds'));
  return Array.from({ length: parts }, (_, fold) =>
    [...foldOf].flatMap(([group, own]) => (own === fold ? [pieces[Number(group)]!] : [])),
  );
}

function stepper(total: number, { onProgress, signal }: CorrectionOptions): () => void {
  let done = 0;
  return () => {
    throwIfCancelled(signal);
    onProgress?.(Math.min(total, ++done), total);
  };
}

/** The penalty with the least log loss on held parts; null where leaving the model alone is as good. */
function chooseL2(
  model: StyleModel,
  pieces: readonly CorrectedPiece[],
  anchors: readonly ResidualRow[],
  { seed, signal }: CorrectionOptions,
): number | null {
  if (pieces.length < 2) return null;
  const folds = partsOf(pieces, INNER_FOLDS, seed);
  const lossOf = (l2: number | null): number =>
    folds.reduce((sum, fold) => {
      const training = pieces.filter((piece) => !fold.includes(piece));
      const judge = l2 === null ? model : addResidual(model, training, anchors, l2, signal);
      return sum + fold.reduce((loss, piece) => loss + lossOn(judge, piece), 0);
    }, 0) / pieces.length;
  let [best, least]: [number | null, number] = [null, lossOf(null)];
  for (const l2 of PENALTIES) {
    const loss = lossOf(l2);
    if (loss < least) [best, least] = [l2, loss];
  }
  return best;
}

function lossOn(model: StyleModel, piece: CorrectedPiece): number {
  const found = answer(model, piece).probabilities.find(({ label }) => label === piece.label);
  return -Math.log(Math.max(1e-12, found?.probability ?? 0));
}

function answer(model: StyleModel, { rows }: CorrectedPiece) {
  return conclude(
    model,
    rows.map((row) => judge(model, row)),
  );
}

function addResidual(
  model: StyleModel,
  pieces: readonly CorrectedPiece[],
  anchors: readonly ResidualRow[],
  l2: number,
  signal: AbortSignal | undefined,
): StyleModel {
  const classes = model.labels.length + (model.rejects ? 1 : 0);
  const examples = pieces.flatMap(({ label, rows }) =>
    rows.map((features): ResidualRow => {
      const { row, offset } = anchorRow(model, features);
      const target = new Float64Array(classes);
      target[model.labels.indexOf(label)] = 1;
      return { row, offset, target, weight: 1 / rows.length };
    }),
  );
  const weight = anchors.length === 0 ? 0 : (ANCHOR_SHARE * pieces.length) / anchors.length;
  const held = anchors.map((anchor) => ({ ...anchor, weight }));
  const residual = fitLogitResidual([...examples, ...held], classes, {
    l2,
    iterations: ITERATIONS,
    ...(signal && { signal }),
  });
  // The scorers' logits are averaged and divided by the temperature. With n scorers and temperature T before, a scorer
  // n·T·r beside them and temperature T·n / (n + 1) give exactly the logits of before plus r.
  const n = model.scorers.length;
  const scale = n * model.temperature;
  const scorer = createLinearScorer(
    Float32Array.from(residual.weights, (w) => scale * w),
    Float32Array.from(residual.bias, (b) => scale * b),
  );
  return { ...model, scorers: [...model.scorers, scorer], temperature: (model.temperature * n) / (n + 1) };
}

/** A row whose target is what the model says already. */
function anchorRow(model: StyleModel, features: ArrayLike<number>): ResidualRow {
  const row = standardise(model.standardiser, features);
  const offset = averageLogits(model.scorers, row).map((value) => value / model.temperature);
  return { row, offset, target: softmax(offset), weight: 1 };
}
