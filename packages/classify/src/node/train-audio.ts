import { createRng } from '@attune/core';
import { AUDIO_SUMMARY_NAMES } from '@attune/core/features';
import { AUDIO_STYLE_FEATURES } from '../audio-windows.ts';
import { evaluate, type Evaluation } from '../evaluation.ts';
import type { Candidate } from '../model/candidate.ts';
import type { CandidateResult, FitAnswer } from '../model/choose-team.ts';
import { crossFitSoundModel, type SoundFitOptions, type SoundRow } from '../model/fit-sound-model.ts';
import { conclude, type StyleModel } from '../model/style-model.ts';
import { CHANGES } from './audio-data.ts';
import { readMaterial } from './audio-material.ts';
import { evaluateChanged, evaluateClips, rejectionAmongClips } from './judge-clips.ts';
import { SHIPPED_AUDIO } from './shipped.ts';
import type { Rejection } from './strangers.ts';

/** The model of sound that ships, with what it was chosen by and judged on. */
export interface AudioRun {
  readonly model: StyleModel;
  readonly candidates: readonly CandidateResult[];
  /** The clips of train and validation, each judged by models of the other folds; and again after each change. */
  readonly crossValidated: Evaluation;
  readonly crossValidatedChanged: Readonly<Record<string, Evaluation>>;
  readonly clips: Evaluation;
  /** The test clips again after each change. */
  readonly changed: Readonly<Record<string, Evaluation>>;
  readonly rejection: Rejection;
  readonly rows: Readonly<Record<string, number>>;
  readonly settings: {
    readonly seed: number;
    readonly balance: number;
    readonly risk: number;
    readonly familiar: number;
    readonly copies: number;
    readonly rendered: number;
    readonly strangers: number;
  };
}

/** Seed, backend and cache of the training of the model of sound. */
export interface TrainAudioOptions extends Pick<SoundFitOptions, 'tf' | 'signal' | 'onProgress'> {
  readonly seed: number;
  readonly log: (line: string) => void;
  /** See `readMaterial`. */
  readonly cache?: string;
}

/** Without the rhythm of bands, and with it. */
const SUMMARY = { reads: AUDIO_SUMMARY_NAMES.length };
const CANDIDATES: readonly Candidate[] = [
  { kind: 'discriminant', shrinkage: 0.4, ...SUMMARY },
  { kind: 'discriminant', shrinkage: 0.4 },
  { kind: 'trees', settings: { rounds: 100, depth: 3 }, ...SUMMARY },
  { kind: 'trees', settings: { rounds: 100, depth: 3 } },
];
const SETTINGS = { balance: 0.5, risk: 0.05, familiar: 0.99 };
/** `rendered`: clips that our own synthesiser adds to each label; `strangers`: made-up sounds of no label. */
const MATERIAL = { copies: 5, rendered: 70, strangers: 160 };
/** Changes of level alone are undone before anything is measured: those of `CHANGES` that are not. */
const JUDGED_CHANGES = Object.keys(CHANGES).filter((name) => !/softer|louder/.test(name));
/** The validation tenth alone has 34 clips: too few to choose by. */
const FOLDS = 6;
const LARGEST_TEAM = 3;

/** Throws `dataset/missing` where the sets are not in `dataDir`, `cancelled`, and as `readMaterial` does. */
export async function trainAudio(dataDir: string, options: TrainAudioOptions): Promise<AudioRun> {
  const { seed, log } = options;
  const { clips, rendered, strangers } = await readMaterial(
    dataDir,
    { seed, ...MATERIAL },
    log,
    options.cache,
  );
  const labels = [...new Set(clips.map((e) => e.label))].sort();
  const rows = [...clips, ...rendered, ...strangers]
    .filter((e) => e.split !== 'test' && (e.change === undefined || JUDGED_CHANGES.includes(e.change)))
    .flatMap((e) =>
      e.windows.map((window): SoundRow => ({
        ...window,
        label: e.label === '' ? labels.length : labels.indexOf(e.label),
        piece: e.id,
        group: e.group,
        copy: e.copy,
        ...(e.change !== undefined && { change: e.change }),
      })),
    );
  const learned = rows.filter((row) => row.change === undefined);
  const plain = learned.filter((row) => !row.copy);
  log(
    `${learned.length} rows to train on, ${plain.length} to choose by, and ${rows.length - learned.length} of them after changes`,
  );
  const { model, results, answers, changed } = await crossFitSoundModel(rows, FOLDS, {
    ...options,
    name: SHIPPED_AUDIO,
    modality: 'audio',
    labels,
    features: AUDIO_STYLE_FEATURES,
    candidates: CANDIDATES,
    ...SETTINGS,
    rejects: true,
    largestTeam: LARGEST_TEAM,
    dealing: 'by chance', // so that the figures of the shipped model can be reproduced
    rng: createRng(seed),
  });
  const evaluateAnswers = (own: readonly FitAnswer[]): Evaluation =>
    evaluate(
      labels,
      own.map(({ label, verdict }) => ({ truth: labels[label]!, answer: conclude(model, [verdict]) })),
    );
  const changes = [...new Set(changed.map(({ change }) => change))];
  const held = clips.filter((e) => e.split === 'test');
  const test = held.filter(({ change }) => change === undefined);
  return {
    model,
    candidates: results,
    crossValidated: evaluateAnswers(answers),
    crossValidatedChanged: Object.fromEntries(
      changes.map((change) => [
        change,
        evaluateAnswers(changed.filter((answer) => answer.change === change)),
      ]),
    ),
    clips: evaluateClips(model, test),
    changed: evaluateChanged(model, held),
    rejection: rejectionAmongClips(model, test, seed),
    rows: { train: learned.length, 'to choose by': plain.length, test: test.length },
    settings: { seed, ...MATERIAL, ...SETTINGS },
  };
}
