import { AttuneError, createRng } from '@attune/core';
import { SYMBOLIC_FEATURES } from '@attune/core/features';
import { type DataItem, openDataSet, SHIPPABLE_SYMBOLIC_SETS, type DataSet } from '@attune/core/node';
import { STYLES } from '@attune/core/style';
import path from 'node:path';
import { evaluate, type Evaluation, type Judged } from '../evaluation.ts';
import type { Candidate } from '../model/candidate.ts';
import type { CandidateResult } from '../model/choose-team.ts';
import { fitStyleModel, type LabelledFeatures } from '../model/fit-model.ts';
import { conclude, featureIndices, judge, type StyleModel } from '../model/style-model.ts';
import { SHIPPED_SYMBOLIC } from './shipped.ts';
import { measureSymbolicRejection, type Rejection } from './strangers.ts';
import { symbolicExamples, type SymbolicExample } from './symbolic-data.ts';

/** A model of notes with what it was chosen by and judged on. */
export interface SymbolicRun {
  readonly model: StyleModel;
  readonly candidates: readonly CandidateResult[];
  /** Whole pieces of the test tenth, and 16-bar excerpts of those that are longer. */
  readonly pieces: Evaluation;
  readonly excerpts: Evaluation;
  readonly rejection: Rejection;
  readonly rows: Readonly<Record<string, number>>;
  /** Pieces of sets that are not ours, in training. */
  readonly arranged: number;
  readonly settings: {
    readonly seed: number;
    readonly balance: number;
    readonly risk: number;
    readonly familiar: number;
  };
}

const CANDIDATES: readonly Candidate[] = [
  { kind: 'trees', settings: { rounds: 140, depth: 3, learningRate: 0.15 }, balance: 0.75 },
  { kind: 'trees', settings: { rounds: 140, depth: 3, learningRate: 0.15 }, balance: 1 },
  { kind: 'logistic', l2: 1e-3, iterations: 80 },
  { kind: 'discriminant', shrinkage: 0.1 },
];
const SETTINGS = { balance: 0.5, risk: 0.03, familiar: 0.99 };
const EXCERPTS = 8;

/** The eight styles of Mutopia that have most pieces, by Mutopia's own label (target C2). */
export const MUTOPIA_STYLES = [
  'baroque',
  'classical',
  'folk',
  'hymn',
  'march',
  'renaissance',
  'romantic',
  'technique',
];

/**
 * The style classifier of scores over `STYLES`, from all symbolic sets in `dataDir` and the folders `also` (index.csv with id, style and group,
 * and MIDI files). Throws `dataset/missing`, and `dataset/malformed` where a style has no piece to learn from.
 */
export function trainSymbolic(
  dataDir: string,
  also: readonly string[],
  seed: number,
  log: (line: string) => void,
): SymbolicRun {
  const folders = [...SHIPPABLE_SYMBOLIC_SETS.map((name) => path.join(dataDir, name)), ...also];
  return trainOn(folders.map(openDataSet), SHIPPED_SYMBOLIC, STYLES, seed, log);
}

/** The benchmark on Mutopia alone: its eight largest styles. Nothing of it ships. */
export function trainMutopia(dataDir: string, seed: number, log: (line: string) => void): SymbolicRun {
  const labelOf = (item: DataItem): string | undefined =>
    MUTOPIA_STYLES.find((style) => style === item.row.style);
  return trainOn(
    [openDataSet(path.join(dataDir, 'mutopia'))],
    'mutopia-8',
    MUTOPIA_STYLES,
    seed,
    log,
    labelOf,
  );
}

function trainOn(
  sets: readonly DataSet[],
  name: string,
  labels: readonly string[],
  seed: number,
  log: (line: string) => void,
  labelOf?: (item: DataItem) => string | undefined,
): SymbolicRun {
  const examples = symbolicExamples(sets, {
    excerpts: EXCERPTS,
    seed,
    ...(labelOf && { labelOf }),
    onSkip: (item, reason) => log(`left out ${item.set}/${item.id}: ${reason}`),
    onSet: (set, pieces) => log(`${set}: ${pieces} pieces`),
  });
  const rowsOf = (split: string): LabelledFeatures[] =>
    examples
      .filter((e) => e.split === split)
      .map((e) => ({ features: e.features, label: labels.indexOf(e.label), piece: `${e.set}/${e.id}` }));
  const train = rowsOf('train');
  const missing = labels.filter((_, k) => !train.some(({ label }) => label === k));
  if (missing.length > 0) {
    throw new AttuneError(
      'dataset/malformed',
      `No piece to learn from has the style ${missing.join(', ')}: name a folder of such pieces with --also.`,
      { styles: missing.join(', ') },
    );
  }
  const validation = rowsOf('validation');
  log(`${train.length} rows to train on, ${validation.length} to choose by`);
  const { model, results } = fitStyleModel(train, validation, {
    name,
    modality: 'score',
    labels,
    features: SYMBOLIC_FEATURES.map((feature) => feature.name),
    candidates: CANDIDATES,
    ...SETTINGS,
    rng: createRng(seed),
    log,
  });
  const test = examples.filter((e) => e.split === 'test');
  return {
    model,
    candidates: results,
    pieces: evaluateExamples(
      model,
      test.filter((e) => !e.excerpt),
    ),
    excerpts: evaluateExamples(
      model,
      test.filter((e) => e.excerpt),
    ),
    rejection: rejectionAmong(model, test, seed),
    rows: { train: train.length, validation: validation.length, test: test.length },
    arranged: new Set(
      examples.filter((e) => e.split === 'train' && !isOwn(e.set)).map((e) => `${e.set}/${e.id}`),
    ).size,
    settings: { seed, ...SETTINGS },
  };
}

function isOwn(set: string): boolean {
  return SHIPPABLE_SYMBOLIC_SETS.some((name) => name === set);
}

/** Examples of labels that the model does not know are left out. */
export function judgeExamples(
  model: StyleModel,
  examples: readonly SymbolicExample[],
): (Judged & { readonly group: string })[] {
  const indices = featureIndices(
    model,
    SYMBOLIC_FEATURES.map(({ name }) => name),
  );
  const known = examples.filter((e) => model.labels.includes(e.label));
  return known.map((e) => ({
    truth: e.label,
    group: e.group,
    answer: conclude(model, [
      judge(
        model,
        indices.map((index) => e.features[index]!),
      ),
    ]),
  }));
}

/** Figures of `judgeExamples`. */
export function evaluateExamples(model: StyleModel, examples: readonly SymbolicExample[]): Evaluation {
  return evaluate(model.labels, judgeExamples(model, examples));
}

/** Rejection of made-up scores beside the whole pieces among `examples`. */
export function rejectionAmong(
  model: StyleModel,
  examples: readonly SymbolicExample[],
  seed: number,
): Rejection {
  const indices = featureIndices(
    model,
    SYMBOLIC_FEATURES.map(({ name }) => name),
  );
  const familiar = examples
    .filter((e) => !e.excerpt)
    .map(
      (e) =>
        judge(
          model,
          indices.map((index) => e.features[index]!),
        ).strangeness,
    );
  return measureSymbolicRejection(model, familiar, createRng(seed));
}
