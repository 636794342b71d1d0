import { AttuneError, createRng } from '@attune/core';
import { evaluate, type Evaluation, type Judged } from '../evaluation.ts';
import { findLeaks, groupDuplicates, type LeakReport } from '../leaks/find-leaks.ts';
import {
  crossFitStyleModel,
  type Candidate,
  type CandidateResult,
  type FitOptions,
  type GroupedFeatures,
  type StyleFit,
} from '../model/fit-model.ts';
import { crossFitSoundModel, type SoundFitOptions } from '../model/fit-sound-model.ts';
import { conclude, type StyleModel } from '../model/style-model.ts';
import { DEFAULT_SOUND_NET, type SoundNetSettings } from '../sound/train-sound-net.ts';
import type { LabelledFolder } from './labelled-folder.ts';

/** Name, seed and folds of a training on a folder. */
export interface TrainFolderOptions {
  readonly name: string;
  readonly seed: number;
  /** Parts of the cross-validation; fewer where a label has fewer groups. Default 5. */
  readonly folds?: number;
  readonly log?: (line: string) => void;
}

/** A model of a user's own labels, with what a cross-validation by group says of it. */
export interface FolderTraining {
  readonly model: StyleModel;
  readonly candidates: readonly CandidateResult[];
  readonly evaluation: Evaluation;
  /** What the evaluation rests on, for a report; `group` of the item judged. */
  readonly judged: readonly (Judged & { readonly group: string })[];
  readonly leaks: LeakReport;
  readonly groups: number;
  readonly folds: number;
}

const FOLDS = 5;
/** Updates of a net on a small folder: so many times each window, and not fewer than these. */
const EPOCHS = 30;
const LEAST_STEPS = 150;
const LEAST_GROUPS = 2;
/** A kernel machine over more rows costs more than it brings. */
const MOST_KERNEL_ROWS = 2000;

/** A training with a convolutional net among the learners. */
export interface TrainNetOptions
  extends TrainFolderOptions, Pick<SoundFitOptions, 'tf' | 'signal' | 'onProgress'> {
  /** The net alone, or beside the learners of measured features. Default 'both'. */
  readonly learner?: 'net' | 'both';
  readonly net?: Partial<SoundNetSettings>;
}

/**
 * Trains on a folder of labels. Near-duplicates and what shares a folder or a group are kept on one side of every fold; learners, their average,
 * temperature, threshold and limit are chosen by cross-validation. With columns of a table each learner is tried with and without them, and a model
 * that does best without asks for none. Throws `dataset/malformed` for a label with fewer than two groups.
 */
export function trainOnFolder(folder: LabelledFolder, options: TrainFolderOptions): FolderTraining {
  const prepared = prepare(folder, options);
  const { rows, folds, fit } = prepared;
  const { columns = 0, features } = fit;
  const found = crossFitStyleModel(rows, folds, fit);
  const measured = features.length - columns;
  if (columns === 0 || found.model.scorers.some((scorer) => scorer.features > measured))
    return concludeTraining(prepared, found);
  options.log?.('The columns of the table add nothing: the model does without them.');
  const plain = rows.map((row) => ({ ...row, features: Array.from(row.features).slice(0, measured) }));
  const without = crossFitStyleModel(plain, folds, {
    ...fit,
    features: features.slice(0, measured),
    columns: 0,
    candidates: candidatesFor(rows.length),
    rng: createRng(options.seed),
  });
  return concludeTraining(prepared, { ...without, results: found.results });
}

/**
 * The same with a net of mel windows (see `crossFitSoundModel`): for sound whose files were read with `mels`. Throws
 * `argument/invalid` for a folder of notes, or one that was read without; `cancelled`.
 */
export async function trainNetOnFolder(
  folder: LabelledFolder,
  options: TrainNetOptions,
): Promise<FolderTraining> {
  const { tf, signal, onProgress, learner = 'both', net, seed } = options;
  if (folder.modality !== 'audio')
    throw new AttuneError(
      'argument/invalid',
      'A net hears mel windows of sound: MIDI files are told by their features alone.',
      { learner },
    );
  const mels = folder.files.flatMap(({ mels }) => mels ?? []);
  const prepared = prepare(folder, options);
  if (mels.length !== prepared.rows.length)
    throw new AttuneError(
      'argument/invalid',
      'The folder was read without mel windows, which a net learns from.',
      { learner },
    );
  const rows = prepared.rows.map((row, i) => ({ ...row, mel: mels[i]! }));
  const candidates = learner === 'net' ? [] : prepared.fit.candidates;
  const steps = Math.min(
    DEFAULT_SOUND_NET.steps,
    Math.max(LEAST_STEPS, Math.round((EPOCHS * rows.length) / DEFAULT_SOUND_NET.batch)),
  );
  const fit = await crossFitSoundModel(rows, prepared.folds, {
    ...prepared.fit,
    candidates,
    tf,
    seed,
    net: { steps, ...net },
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  return concludeTraining(prepared, fit);
}

interface Prepared {
  readonly folder: LabelledFolder;
  readonly leaks: LeakReport;
  /** [files]. */
  readonly groups: readonly string[];
  readonly rows: readonly GroupedFeatures[];
  readonly folds: number;
  readonly fit: FitOptions;
}

function prepare(folder: LabelledFolder, { name, seed, folds = FOLDS, log }: TrainFolderOptions): Prepared {
  const { files, labels, modality, featureNames, columns = 0 } = folder;
  const leaks = findLeaks(files, { featureNames });
  const groups = groupDuplicates(files, leaks.duplicates);
  const usedFolds = Math.min(folds, requireGroups(folder, groups));
  const rows = files.flatMap((file, i) =>
    file.rows.map((features): GroupedFeatures => ({
      features,
      label: labels.indexOf(file.label),
      piece: file.id,
      group: groups[i]!,
      copy: false,
    })),
  );
  log?.(
    `${files.length} files in ${new Set(groups).size} groups, ${labels.length} labels, ${usedFolds} folds`,
  );
  const fit = {
    name,
    modality,
    labels,
    features: featureNames,
    ...(columns > 0 && { columns }),
    candidates:
      columns > 0 ? candidatesBeside(rows.length, featureNames.length - columns) : candidatesFor(rows.length),
    balance: 0.5,
    risk: 0.05,
    familiar: 0.99,
    largestTeam: 3,
    rng: createRng(seed),
    ...(log && { log }),
  };
  return { folder, leaks, groups, rows, folds: usedFolds, fit };
}

function concludeTraining(
  { folder: { files, labels }, leaks, groups, folds }: Prepared,
  { model, results, answers }: StyleFit,
): FolderTraining {
  const groupOf = new Map(files.map((file, i) => [file.id, groups[i]!]));
  const judged = answersByPiece(model, answers).map(({ piece, ...rest }) => ({
    ...rest,
    group: groupOf.get(piece)!,
  }));
  return {
    model,
    candidates: results,
    evaluation: evaluate(labels, judged),
    judged,
    leaks,
    groups: new Set(groups).size,
    folds,
  };
}

/** Windows of a clip are judged together, as the classifier does. */
function answersByPiece(
  model: StyleModel,
  answers: ReturnType<typeof crossFitStyleModel>['answers'],
): (Judged & { readonly piece: string })[] {
  const pieces = new Map<string, (typeof answers)[number][]>();
  for (const answer of answers) pieces.set(answer.piece, [...(pieces.get(answer.piece) ?? []), answer]);
  return [...pieces].map(([piece, own]) => ({
    piece,
    truth: model.labels[own[0]!.label]!,
    answer: conclude(
      model,
      own.map(({ verdict }) => verdict),
    ),
  }));
}

function requireGroups({ files, labels }: LabelledFolder, groups: readonly string[]): number {
  const counts = labels.map((label) => new Set(groups.filter((_, i) => files[i]!.label === label)).size);
  const poor = counts.findIndex((count) => count < LEAST_GROUPS);
  if (poor < 0) return Math.min(...counts);
  throw new AttuneError(
    'dataset/malformed',
    `The label ${labels[poor]} has ${counts[poor]} piece that stands alone (near-duplicates count as one): at least ${LEAST_GROUPS} are needed to judge a model.`,
    { label: labels[poor]! },
  );
}

function candidatesFor(rows: number): Candidate[] {
  return [
    { kind: 'discriminant', shrinkage: 0.1 },
    { kind: 'discriminant', shrinkage: 0.5 },
    { kind: 'logistic', l2: 0.03, iterations: 80 },
    ...(rows <= MOST_KERNEL_ROWS ? [{ kind: 'kernel', gamma: 0.5, alpha: 0.1 } as const] : []),
    { kind: 'network', settings: { hidden: 48, epochs: 40 } },
    { kind: 'trees', settings: { rounds: 60, depth: 3 } },
  ];
}

/** Every learner of the measured features alone, and of all; where columns are many, stronger shrinkage and the kernel of the benchmark too. */
function candidatesBeside(rows: number, measured: number): Candidate[] {
  return [
    ...candidatesFor(rows).map((candidate) => ({ ...candidate, reads: measured })),
    ...candidatesFor(rows),
    { kind: 'discriminant', shrinkage: 0.7 },
    ...(rows <= MOST_KERNEL_ROWS ? [{ kind: 'kernel', gamma: 0.3, alpha: 0.1, balance: 1 } as const] : []),
  ];
}
