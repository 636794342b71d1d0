import { AttuneError, countNotes, createRng, isAttuneError, type Score } from '@attune/core';
import { readMidi } from '@attune/core/midi';
import { openDataSet, type DataItem } from '@attune/core/node';
import path from 'node:path';
import { drawPassages } from '../drums/drum-passages.ts';
import { DRUM_STYLE_FEATURES, extractDrumFeatures } from '../drums/drum-style-features.ts';
import { evaluate, type Evaluation } from '../evaluation.ts';
import type { Candidate } from '../model/candidate.ts';
import type { CandidateResult } from '../model/choose-team.ts';
import { fitStyleModel, type LabelledFeatures } from '../model/fit-model.ts';
import { readStyleModel, writeStyleModel } from '../model/model-checkpoint.ts';
import { conclude, judge, type StyleModel } from '../model/style-model.ts';
import { SHIPPED_DRUMS } from './shipped.ts';
import { measureDrumRejection, type Rejection } from './strangers.ts';

/** A drum style model with what it was chosen by. */
export interface DrumRun {
  /** As it is when read back from half precision, in which it ships. */
  readonly model: StyleModel;
  readonly candidates: readonly CandidateResult[];
  /** Of the official validation part, by which learners and limits were chosen. */
  readonly validation: Evaluation;
  readonly rejection: Rejection;
  readonly rows: Readonly<Record<string, number>>;
  readonly settings: typeof DRUM_SETTINGS & { readonly seed: number };
}

const DRUM_SET = 'groove';

/** Rare styles count as much as rock for the mean recall: learners whose classes weigh the same join. */
export const DRUM_CANDIDATES: readonly Candidate[] = [
  { kind: 'discriminant', shrinkage: 0.3 },
  { kind: 'kernel', gamma: 0.3, alpha: 0.1, balance: 1 },
  { kind: 'kernel', gamma: 1, alpha: 0.03, balance: 1 },
  { kind: 'network', settings: { hidden: 64, epochs: 40 } },
  { kind: 'trees', settings: { rounds: 80, depth: 3 } },
  { kind: 'trees', settings: { rounds: 60, depth: 3 }, balance: 1 },
  { kind: 'trees', settings: { rounds: 90, depth: 4 }, balance: 1 },
];
/** Passages of each long take that are learned from beside the whole: 0, 3 and 6 were compared on the validation part. */
const PASSAGES = 6;
/** A passage with fewer strokes says nothing. */
const LEAST_STROKES = 8;

/** How drum styles are fitted, here and in the benchmark. */
export const DRUM_SETTINGS = { balance: 0.5, risk: 0.05, familiar: 0.99, largestTeam: 5 } as const;

/** One take, or a passage of one. */
export interface DrumRow extends LabelledFeatures {
  /** A passage, not the whole take. */
  readonly copy: boolean;
  readonly item: DataItem;
}

/**
 * The drums of items with a style as rows; those without drums are logged and left out. With `passageSeed` passages of each long take
 * come with it, to learn from.
 */
export function drumRows(
  items: readonly DataItem[],
  labels: readonly string[],
  log: (line: string) => void,
  passageSeed?: number,
): DrumRow[] {
  const rng = passageSeed === undefined ? undefined : createRng(passageSeed).fork('passages');
  return items.flatMap((item) => {
    const rowOf = (score: Score, copy: boolean): DrumRow => ({
      features: extractDrumFeatures(score),
      label: labels.indexOf(item.row.style!),
      piece: item.id,
      copy,
      item,
    });
    try {
      const score = readMidi(item.bytes());
      const passages = rng ? drawPassages(score, PASSAGES, rng.fork(item.id)) : [];
      const sounding = passages.filter((passage) => countNotes(passage) >= LEAST_STROKES);
      return [rowOf(score, false), ...sounding.map((passage) => rowOf(passage, true))];
    } catch (error) {
      if (!isAttuneError(error)) throw error;
      log(`left out ${item.id}: ${error.message}`);
      return [];
    }
  });
}

/** Labels of the items, in order. */
export function drumLabels(items: readonly DataItem[]): string[] {
  return [...new Set(items.map((item) => item.row.style!))].sort();
}

/**
 * The classifier of drum styles from the official train part of Groove, chosen on its validation part. Throws `dataset/missing`, and
 * `dataset/malformed` where one of the parts is not there.
 */
export function trainDrums(dataDir: string, seed: number, log: (line: string) => void): DrumRun {
  const { items } = openDataSet(path.join(dataDir, DRUM_SET));
  const labels = drumLabels(items);
  const itemsOf = (part: string): DataItem[] => items.filter((item) => item.row.split === part);
  const train = drumRows(itemsOf('train'), labels, log, seed);
  const validation = drumRows(itemsOf('validation'), labels, log);
  if (train.length === 0 || validation.length === 0)
    throw new AttuneError('dataset/malformed', `${DRUM_SET} has no takes of its parts train and validation.`);
  log(
    `${train.length} takes and passages to train on, ${validation.length} takes to choose by, ${labels.length} styles`,
  );
  const { model: fitted, results } = fitStyleModel(train, validation, {
    name: SHIPPED_DRUMS,
    modality: 'score',
    labels,
    features: DRUM_STYLE_FEATURES,
    candidates: DRUM_CANDIDATES,
    ...DRUM_SETTINGS,
    rng: createRng(seed),
    log,
  });
  const model = inHalfPrecision(fitted);
  const verdicts = validation.map((row) => judge(model, row.features));
  return {
    model,
    candidates: results,
    validation: evaluate(
      labels,
      validation.map(({ label }, i) => ({ truth: labels[label]!, answer: conclude(model, [verdicts[i]!]) })),
    ),
    rejection: measureDrumRejection(
      model,
      verdicts.map(({ strangeness }) => strangeness),
      createRng(seed),
    ),
    rows: { train: train.length, validation: validation.length },
    settings: { ...DRUM_SETTINGS, seed },
  };
}

/** The model as it ships, so that the figures are those of the files. */
function inHalfPrecision(model: StyleModel): StyleModel {
  const notes = { modelCard: '', metrics: [], training: {} };
  return readStyleModel(writeStyleModel(model, notes, { half: true }));
}
