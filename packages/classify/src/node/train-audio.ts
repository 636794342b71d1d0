import { createRng, type Rng } from '@attune/core';
import { type AudioClip, encodeMp3, decodeAudio, resample } from '@attune/core/audio';
import { AUDIO_SUMMARY_NAMES } from '@attune/core/features';
import { openDataSet, type DataSet } from '@attune/core/node';
import path from 'node:path';
import { AUDIO_STYLE_FEATURES, summariseWindows } from '../audio-windows.ts';
import { evaluate, type Evaluation, type Judged } from '../evaluation.ts';
import { crossFitStyleModel, type Candidate, type CandidateResult, type GroupedFeatures } from '../model/fit-model.ts';
import { conclude, featureIndices, judge, type StyleModel, type Verdict } from '../model/style-model.ts';
import { audioExamples, withNoise, type AudioExample } from './audio-data.ts';
import { renderedExamples } from './rendered-clips.ts';
import { SHIPPED_AUDIO } from './shipped.ts';
import { measureAudioRejection, randomStrangeClip, type Rejection } from './strangers.ts';

export interface AudioRun {
  readonly model: StyleModel;
  readonly candidates: readonly CandidateResult[];
  /** The clips of train and validation, each judged by models of the other folds. */
  readonly crossValidated: Evaluation;
  readonly clips: Evaluation;
  /** The test clips again after each change. */
  readonly changed: Readonly<Record<string, Evaluation>>;
  readonly rejection: Rejection;
  readonly rows: Readonly<Record<string, number>>;
  readonly settings: { readonly seed: number; readonly balance: number; readonly risk: number; readonly familiar: number; readonly copies: number; readonly rendered: number };
}

const CANDIDATES: readonly Candidate[] = [
  { kind: 'discriminant', shrinkage: 0.1 },
  { kind: 'discriminant', shrinkage: 0.4 },
  { kind: 'logistic', l2: 1e-3, iterations: 120 },
  { kind: 'trees', settings: { rounds: 100, depth: 3 } },
];
const SETTINGS = { balance: 0.5, risk: 0.05, familiar: 0.99 };
const COPIES = 5;
/** Clips that our own synthesiser adds to each label. */
const RENDERED = 70;
/** Made-up sounds that teach what is no music of this world. */
const STRANGERS = 160;
/** The validation tenth alone has 34 clips: too few to choose by. */
const FOLDS = 6;

/** What a recording may go through before it reaches us (target C4). */
export const CHANGES: Readonly<Record<string, (clip: AudioClip, rng: Rng) => AudioClip | Promise<AudioClip>>> = {
  'MP3 64 kbit/s': async (clip) => decodeAudio(await encodeMp3(clip, { kbps: 64 })),
  'resampled to 16 kHz': (clip) => resample(clip, 16_000),
  '6 dB softer': (clip) => ({ ...clip, channels: clip.channels.map((channel) => channel.map((x) => x * 10 ** (-6 / 20))) }),
  '6 dB louder': (clip) => ({ ...clip, channels: clip.channels.map((channel) => channel.map((x) => x * 10 ** (6 / 20))) }),
  'white noise 10 dB below': (clip, rng) => withNoise(clip, 10, rng),
};

export async function trainAudio(dataDir: string, seed: number, log: (line: string) => void): Promise<AudioRun> {
  const set = openDataSet(path.join(dataDir, 'rendered-audio'));
  const clips = await audioExamples([set], { copies: COPIES, seed, onSkip: (item, reason) => log(`left out ${item.id}: ${reason}`) });
  const examples = [...clips, ...(await renderedExamples(dataDir, RENDERED, seed, log))];
  const labels = [...new Set(examples.map((e) => e.label))].sort();
  const rows = examples
    .filter((e) => e.split !== 'test')
    .flatMap((e) => e.windows.map((window): GroupedFeatures => ({ features: summaryOf(window), label: labels.indexOf(e.label), piece: e.id, group: e.group, copy: e.copy })));
  rows.push(...strangeRows(labels.length, seed));
  log(`${rows.length} rows to train on, ${rows.filter((row) => !row.copy).length} to choose by`);
  const { model, results, answers } = crossFitStyleModel(rows, FOLDS, {
    name: SHIPPED_AUDIO,
    modality: 'audio',
    labels,
    features: AUDIO_SUMMARY_NAMES,
    candidates: CANDIDATES,
    ...SETTINGS,
    rejects: true,
    rng: createRng(seed),
    log,
  });
  const test = examples.filter((e) => e.split === 'test');
  return {
    model,
    candidates: results,
    crossValidated: evaluate(labels, answers.map(({ label, verdict }) => ({ truth: labels[label]!, answer: conclude(model, [verdict]) }))),
    clips: evaluateClips(model, test),
    rejection: rejectionAmongClips(model, test, seed),
    changed: await evaluateChanged(model, [set], seed, false),
    rows: { train: rows.length, 'to choose by': rows.filter((row) => !row.copy).length, test: test.length },
    settings: { seed, copies: COPIES, rendered: RENDERED, ...SETTINGS },
  };
}

/** What the shipped model learns from: the summary of a window, without its rhythm. */
function summaryOf(window: Float64Array): Float64Array {
  return window.subarray(0, AUDIO_SUMMARY_NAMES.length);
}

/** Made-up sounds as rows of no label; every fourth is judged too. */
function strangeRows(label: number, seed: number): GroupedFeatures[] {
  const rng = createRng(seed).fork('strangers');
  return Array.from({ length: STRANGERS }, (_, i) => {
    const [features] = summariseWindows(randomStrangeClip(rng));
    return { features: summaryOf(features!), label, piece: `stranger ${i}`, group: `stranger ${i}`, copy: i % 4 !== 0 };
  });
}

/** Clips of labels that the model does not know are left out. */
export function judgeClips(model: StyleModel, examples: readonly AudioExample[]): (Judged & { readonly group: string })[] {
  const indices = featureIndices(model, AUDIO_STYLE_FEATURES);
  const verdicts = (e: AudioExample): Verdict[] => e.windows.map((window) => judge(model, indices.map((index) => window[index]!)));
  const known = examples.filter((e) => model.labels.includes(e.label));
  return known.map((e) => ({ truth: e.label, group: e.group, answer: conclude(model, verdicts(e)) }));
}

export function evaluateClips(model: StyleModel, examples: readonly AudioExample[]): Evaluation {
  return evaluate(model.labels, judgeClips(model, examples));
}

/** The test clips (all clips where `allTest`) after each of `CHANGES`. */
export async function evaluateChanged(model: StyleModel, sets: readonly DataSet[], seed: number, allTest: boolean): Promise<Record<string, Evaluation>> {
  const evaluations: Record<string, Evaluation> = {};
  for (const [name, change] of Object.entries(CHANGES)) {
    evaluations[name] = evaluateClips(model, await audioExamples(sets, { copies: 0, seed, change, allTest, splits: ['test'] }));
  }
  return evaluations;
}

/** Rejection of made-up sounds beside `examples`. */
export function rejectionAmongClips(model: StyleModel, examples: readonly AudioExample[], seed: number): Rejection {
  const indices = featureIndices(model, AUDIO_STYLE_FEATURES);
  const strangeness = (window: Float64Array): number => judge(model, indices.map((index) => window[index]!)).strangeness;
  const familiar = examples.map(({ windows }) => windows.reduce((sum, window) => sum + strangeness(window), 0) / windows.length);
  return measureAudioRejection(model, familiar, createRng(seed));
}
