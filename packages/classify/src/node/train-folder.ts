import { AttuneError, createRng } from '@attune/core';
import { SYMBOLIC_FEATURES } from '@attune/core/features';
import { AUDIO_STYLE_FEATURES } from '../audio-windows.ts';
import { evaluate, type Evaluation, type Judged } from '../evaluation.ts';
import { findLeaks, groupDuplicates, type LeakReport } from '../leaks/find-leaks.ts';
import type { Candidate } from '../model/candidate.ts';
import type { CandidateResult, FitAnswer } from '../model/choose-team.ts';
import {
  crossFitStyleModel,
  type FitOptions,
  type GroupedFeatures,
  type StyleFit,
} from '../model/fit-model.ts';
import { crossFitSoundModel, type SoundFitOptions, type SoundRow } from '../model/fit-sound-model.ts';
import { conclude, type Modality, type StyleModel } from '../model/style-model.ts';
import type { MelWindow } from '../sound/mel-window.ts';
import { DEFAULT_SOUND_NET, type SoundNetSettings } from '../sound/train-sound-net.ts';
import type { ChangedFile } from './changed-files.ts';
import type { LabelledFolder } from './labelled-folder.ts';
import { measureAudioRejection, measureSymbolicRejection, type Rejection } from './strangers.ts';

/** Name, seed and folds of a training on a folder. */
export interface TrainFolderOptions {
  readonly name: string;
  readonly seed: number;
  /** Parts of the cross-validation; fewer where a label has fewer groups. Default 5. */
  readonly folds?: number;
  /**
   * Files of sound after changes (`hearChanged`), of all or of some: judged as the plain ones are, never learned from. The choice of learners
   * goes by both.
   */
  readonly changed?: readonly ChangedFile[];
  readonly log?: (line: string) => void;
}

/** A model of a user's own labels, with what a cross-validation by group says of it. */
export interface FolderTraining {
  readonly model: StyleModel;
  readonly candidates: readonly CandidateResult[];
  readonly evaluation: Evaluation;
  /** What the evaluation rests on, for a report; `group` of the item judged. */
  readonly judged: readonly (Judged & { readonly group: string })[];
  /** By change, the files that were given changed; and the same files as they are. */
  readonly robustness?: Readonly<Record<string, Evaluation>>;
  readonly unchanged?: Evaluation;
  /** What the model says of made-up inputs beside the judged files; undefined where it reads features that those have none of. */
  readonly rejection?: Rejection;
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

/** Made-up inputs, and the features that are measured of them. */
const MADE_UP = {
  score: { features: SYMBOLIC_FEATURES.map(({ name }) => name), measure: measureSymbolicRejection },
  audio: { features: AUDIO_STYLE_FEATURES, measure: measureAudioRejection },
} as const satisfies Record<Modality, object>;

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
    return concludeTraining(prepared, found, options.seed);
  options.log?.('The columns of the table add nothing: the model does without them.');
  const plain = rows.map((row) => ({ ...row, features: Array.from(row.features).slice(0, measured) }));
  const without = crossFitStyleModel(plain, folds, {
    ...fit,
    features: features.slice(0, measured),
    columns: 0,
    candidates: candidatesFor(rows.length),
    rng: createRng(options.seed),
  });
  return concludeTraining(prepared, { ...without, results: found.results }, options.seed);
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
  const prepared = prepare(folder, options);
  const rows = prepared.rows.map((row): SoundRow => {
    if (row.mel) return { ...row, mel: row.mel };
    throw new AttuneError(
      'argument/invalid',
      'The folder was read without mel windows, which a net learns from.',
      { learner, file: row.piece },
    );
  });
  const learned = rows.filter(({ change }) => change === undefined);
  const candidates = learner === 'net' ? [] : prepared.fit.candidates;
  const steps = Math.min(
    DEFAULT_SOUND_NET.steps,
    Math.max(LEAST_STEPS, Math.round((EPOCHS * learned.length) / DEFAULT_SOUND_NET.batch)),
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
  return concludeTraining(prepared, fit, seed);
}

type FolderRow = GroupedFeatures & { readonly mel?: MelWindow };

interface Prepared {
  readonly folder: LabelledFolder;
  readonly leaks: LeakReport;
  /** [files]. */
  readonly groups: readonly string[];
  /** Plain ones, then changed ones. */
  readonly rows: readonly FolderRow[];
  readonly folds: number;
  readonly fit: FitOptions;
}

function prepare(
  folder: LabelledFolder,
  { name, seed, folds = FOLDS, changed = [], log }: TrainFolderOptions,
): Prepared {
  const { files, labels, modality, featureNames, columns = 0 } = folder;
  const leaks = findLeaks(files, { featureNames });
  const groups = groupDuplicates(files, leaks.duplicates);
  const usedFolds = Math.min(folds, requireGroups(folder, groups));
  const rowOf = (file: number, features: Float64Array, mel?: MelWindow): FolderRow => ({
    features,
    label: labels.indexOf(files[file]!.label),
    piece: files[file]!.id,
    group: groups[file]!,
    copy: false,
    ...(mel && { mel }),
  });
  const plain = files.flatMap((file, i) =>
    file.rows.map((features, w) => rowOf(i, features, file.mels?.[w])),
  );
  const places = new Map(files.map(({ id }, i) => [id, i]));
  const changedRows = changed.flatMap(({ id, change, windows }) => {
    const place = places.get(id);
    if (place === undefined)
      throw new AttuneError('argument/invalid', `The changed file ${id} is none of the folder.`, {
        file: id,
      });
    return windows.map(({ features, mel }) => ({ ...rowOf(place, features, mel), change }));
  });
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
      columns > 0
        ? candidatesBeside(plain.length, featureNames.length - columns)
        : candidatesFor(plain.length),
    balance: 0.5,
    risk: 0.05,
    familiar: 0.99,
    largestTeam: 3,
    rng: createRng(seed),
    ...(log && { log }),
  };
  return { folder, leaks, groups, rows: [...plain, ...changedRows], folds: usedFolds, fit };
}

function concludeTraining(
  { folder: { files, labels, modality, featureNames }, leaks, groups, folds }: Prepared,
  { model, results, answers, changed }: StyleFit,
  seed: number,
): FolderTraining {
  const groupOf = new Map(files.map((file, i) => [file.id, groups[i]!]));
  const byPiece = answersByPiece(model, answers);
  const judged = byPiece.map(({ piece, truth, answer }) => ({ truth, answer, group: groupOf.get(piece)! }));
  const heard = new Set(changed.map(({ piece }) => piece));
  const changes = [...new Set(changed.map(({ change }) => change))];
  const familiar = byPiece.map(({ strangeness }) => strangeness);
  const measured = MADE_UP[modality].features;
  return {
    model,
    candidates: results,
    evaluation: evaluate(labels, judged),
    judged,
    ...(changes.length > 0 && {
      robustness: Object.fromEntries(
        changes.map((change) => [
          change,
          evaluate(
            labels,
            answersByPiece(
              model,
              changed.filter((answer) => answer.change === change),
            ),
          ),
        ]),
      ),
      unchanged: evaluate(
        labels,
        byPiece.filter(({ piece }) => heard.has(piece)),
      ),
    }),
    ...(featureNames.every((name) => measured.includes(name)) && {
      rejection: MADE_UP[modality].measure(model, familiar, createRng(seed)),
    }),
    leaks,
    groups: new Set(groups).size,
    folds,
  };
}

/** Windows of a clip are judged together, as the classifier does. */
function answersByPiece(
  model: StyleModel,
  answers: readonly FitAnswer[],
): (Judged & { readonly piece: string; readonly strangeness: number })[] {
  const pieces = new Map<string, FitAnswer[]>();
  for (const answer of answers) pieces.set(answer.piece, [...(pieces.get(answer.piece) ?? []), answer]);
  return [...pieces].map(([piece, own]) => ({
    piece,
    truth: model.labels[own[0]!.label]!,
    answer: conclude(
      model,
      own.map(({ verdict }) => verdict),
    ),
    strangeness: own.reduce((sum, { verdict }) => sum + verdict.strangeness, 0) / own.length,
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
