import {
  openDataSet,
  openDataSets,
  SHIPPABLE_SYMBOLIC_SETS,
  type DataItem,
  type DataSet,
} from '@attune/core/node';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { evaluate, type Evaluation } from '../evaluation.ts';
import type { StyleModel } from '../model/style-model.ts';
import type { ReportSection } from '../report/html-report.ts';
import { audioExamples, CHANGES } from './audio-data.ts';
import { logLine, requireDataDir } from './data-option.ts';
import { evaluateChanged, judgeClips, rejectionAmongClips } from './judge-clips.ts';
import { MODALITY_WORDS, modelFor, readModelFolder } from './shipped.ts';
import type { Rejection } from './strangers.ts';
import { styleOfItem, symbolicExamples } from './symbolic-data.ts';
import { judgeExamples, rejectionAmong } from './train-symbolic.ts';

/** Which sets to judge, by which models. */
export interface EvaluateSetsOptions {
  /** A set, or a folder of sets, all of which is judged; the test tenth of our own sets where left out. */
  readonly test?: string;
  readonly data?: string;
  /** Checkpoint folders; the shipped models where empty. */
  readonly model: readonly string[];
  readonly seed: number;
}

/** What was judged, by name. */
export interface EvaluationReport {
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  readonly rejections: Readonly<Record<string, Rejection>>;
  /** The same for the page, with what it rests on. */
  readonly sections: readonly ReportSection[];
  readonly description: string;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/** Its clips carry a genre, and the pieces of the other sets a style. */
const AUDIO_SET = 'rendered-audio';

/**
 * Judges the test tenth of our own sets, or all of the set or sets in `test`. Models that are given replace the shipped ones: sets that none of
 * them reads are left out. Throws `checkpoint/mismatch` where they read none, and as the reading of sets and models does.
 */
export async function evaluateSets(options: EvaluateSetsOptions): Promise<EvaluationReport> {
  const sets =
    options.test !== undefined ? openDataSets(options.test) : ownSets(requireDataDir(options.data));
  const audioSets = sets.filter(isAudioSet);
  const symbolicSets = sets.filter(
    (set) => !isAudioSet(set) && set.items.some((item) => styleOfItem(item) !== undefined),
  );
  const given = options.model.map(readModelFolder);
  const reports: EvaluationReport[] = [];
  for (const [modality, own] of [
    ['score', symbolicSets],
    ['audio', audioSets],
  ] as const) {
    if (own.length === 0) continue;
    const other = modality === 'score' ? audioSets : symbolicSets;
    if (other.length > 0 && given.length > 0 && !given.some((model) => model.modality === modality)) {
      logLine(
        `left out ${own.map(({ name }) => name).join(', ')}: no given model reads ${MODALITY_WORDS[modality]}`,
      );
      continue;
    }
    const model = modelFor(modality, given);
    reports.push(
      modality === 'score' ? evaluateSymbolic(model, own, options) : await evaluateAudio(model, own, options),
    );
  }
  return {
    evaluations: Object.assign(
      {},
      ...reports.map((report) => report.evaluations),
    ) as EvaluationReport['evaluations'],
    rejections: Object.assign(
      {},
      ...reports.map((report) => report.rejections),
    ) as EvaluationReport['rejections'],
    sections: reports.flatMap((report) => report.sections),
    description:
      options.test === undefined ? 'The test tenth of our own sets, by group.' : `All of ${options.test}.`,
    skipped: [],
  };
}

function ownSets(dataDir: string): DataSet[] {
  const names = [...SHIPPABLE_SYMBOLIC_SETS, AUDIO_SET];
  return names
    .map((name) => path.join(dataDir, name))
    .filter((folder) => existsSync(folder))
    .map(openDataSet);
}

function isAudioSet(set: DataSet): boolean {
  return set.items.some(({ row }) => row.genre !== undefined && row.source_set !== undefined);
}

function evaluateSymbolic(
  model: StyleModel,
  sets: readonly DataSet[],
  { test, seed }: EvaluateSetsOptions,
): EvaluationReport {
  const examples = symbolicExamples(sets, {
    excerpts: 0,
    seed,
    allTest: test !== undefined,
    splits: ['test'],
    onSkip: logSkip,
  });
  const rejection = rejectionAmong(model, examples, seed);
  const parts = {
    'symbolic: whole pieces': examples.filter((e) => !e.excerpt),
    'symbolic: 16-bar excerpts': examples.filter((e) => e.excerpt),
  };
  const sections = Object.entries(parts).map(([name, own], i): ReportSection => {
    const judged = judgeExamples(model, own);
    return {
      name,
      judged,
      evaluation: evaluate(model.labels, judged),
      temperature: model.temperature,
      ...(i === 0 && { rejection }),
    };
  });
  return reportOf(sections, { symbolic: rejection });
}

async function evaluateAudio(
  model: StyleModel,
  sets: readonly DataSet[],
  { test, seed }: EvaluateSetsOptions,
): Promise<EvaluationReport> {
  const allTest = test !== undefined;
  const heard = await audioExamples(sets, {
    copies: 0,
    seed,
    allTest,
    splits: ['test'],
    changes: CHANGES,
    onSkip: logSkip,
  });
  const robustness = evaluateChanged(model, heard);
  const examples = heard.filter(({ change }) => change === undefined);
  const rejection = rejectionAmongClips(model, examples, seed);
  const judged = judgeClips(model, examples);
  const section: ReportSection = {
    name: 'audio: clips',
    judged,
    evaluation: evaluate(model.labels, judged),
    temperature: model.temperature,
    rejection,
    robustness,
  };
  const report = reportOf([section], { audio: rejection });
  const changed = Object.entries(robustness).map(
    ([name, evaluation]) => [`audio: ${name}`, evaluation] as const,
  );
  return { ...report, evaluations: { ...report.evaluations, ...Object.fromEntries(changed) } };
}

function reportOf(
  sections: readonly ReportSection[],
  rejections: EvaluationReport['rejections'],
): EvaluationReport {
  return {
    evaluations: Object.fromEntries(sections.map(({ name, evaluation }) => [name, evaluation])),
    rejections,
    sections,
    description: '',
    skipped: [],
  };
}

function logSkip(item: DataItem, reason: string): void {
  logLine(`left out ${item.set}/${item.id}: ${reason}`);
}
