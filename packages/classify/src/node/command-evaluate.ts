import { AttuneError } from '@attune/core';
import { openDataSet, openDataSets, SHIPPABLE_SYMBOLIC_SETS, styleOfRow, type DataItem, type DataSet } from '@attune/core/node';
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { formatEvaluation, type Evaluation } from '../evaluation.ts';
import type { StyleModel } from '../model/style-model.ts';
import { audioExamples } from './audio-data.ts';
import { logLine, requireDataDir } from './data-option.ts';
import { readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from './shipped.ts';
import { symbolicExamples } from './symbolic-data.ts';
import { refusal } from './model-card.ts';
import type { Rejection } from './strangers.ts';
import { evaluateChanged, evaluateClips, rejectionAmongClips } from './train-audio.ts';
import { evaluateExamples, rejectionAmong } from './train-symbolic.ts';

interface EvaluateOptions {
  readonly test?: string;
  readonly data?: string;
  readonly model: readonly string[];
  readonly json?: boolean;
  readonly seed: number;
}

/** Its clips carry a genre, and the pieces of the other sets a style. */
const AUDIO_SET = 'rendered-audio';

export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('judges the shipped models: on the test tenth of our own sets, or on sets of the same form')
    .option('--test <folder>', 'a data set folder (index.csv and files) or a folder of such; all of it is judged')
    .option('--data <folder>', 'the data sets that the test tenth is taken from (default: ATTUNE_DATA_DIR or ../shared/data)')
    .option('--model <folder...>', 'checkpoints to judge in place of the shipped ones', [])
    .option('--seed <n>', 'seed of excerpts and noise', Number, 1)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nThe folder name of a set says what its labels mean (mutopia, groove, openscore-lieder …, rendered-audio).\n' +
        '\nExamples:\n  attune-classify evaluate\n  attune-classify evaluate --test held-out/mutopia\n  attune-classify evaluate --test held-out --json',
    )
    .action(async (options: EvaluateOptions) => {
      const report = await evaluateSets(options);
      const sections = Object.entries(report.evaluations);
      if (sections.length === 0) {
        throw new AttuneError('dataset/malformed', 'No piece or clip with a known label was found.', { folder: options.test ?? '' });
      }
      if (options.json) {
        process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
        return;
      }
      for (const [name, evaluation] of sections) process.stdout.write(`## ${name}\n${formatEvaluation(evaluation)}\n\n`);
      for (const [name, rejection] of Object.entries(report.rejections)) process.stdout.write(`${name}: ${refusal(rejection)}\n`);
    });
}

interface Report {
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  readonly rejections: Readonly<Record<string, Rejection>>;
}

async function evaluateSets(options: EvaluateOptions): Promise<Report> {
  const sets = options.test !== undefined ? openDataSets(options.test) : ownSets(requireDataDir(options.data));
  const audioSets = sets.filter(isAudioSet);
  const symbolicSets = sets.filter((set) => !isAudioSet(set) && set.items.some((item) => styleOfRow(set.name, item.row) !== undefined));
  const given = options.model.map(readModelFolder);
  const modelOf = (modality: StyleModel['modality'], shipped: string): StyleModel =>
    given.find((model) => model.modality === modality) ?? readModelFolder(shippedFolder(shipped));
  const reports: Report[] = [];
  if (symbolicSets.length > 0) reports.push(evaluateSymbolic(modelOf('score', SHIPPED_SYMBOLIC), symbolicSets, options));
  if (audioSets.length > 0) reports.push(await evaluateAudio(modelOf('audio', SHIPPED_AUDIO), audioSets, options));
  return {
    evaluations: Object.assign({}, ...reports.map((report) => report.evaluations)) as Report['evaluations'],
    rejections: Object.assign({}, ...reports.map((report) => report.rejections)) as Report['rejections'],
  };
}

function ownSets(dataDir: string): DataSet[] {
  const names = [...SHIPPABLE_SYMBOLIC_SETS, AUDIO_SET];
  return names.map((name) => path.join(dataDir, name)).filter((folder) => existsSync(folder)).map(openDataSet);
}

function isAudioSet(set: DataSet): boolean {
  return set.items.some(({ row }) => row.genre !== undefined && row.source_set !== undefined);
}

function evaluateSymbolic(model: StyleModel, sets: readonly DataSet[], { test, seed }: EvaluateOptions): Report {
  const examples = symbolicExamples(sets, { excerpts: 0, seed, allTest: test !== undefined, splits: ['test'], onSkip: logSkip });
  return {
    evaluations: {
      'symbolic: whole pieces': evaluateExamples(model, examples.filter((e) => !e.excerpt)),
      'symbolic: 16-bar excerpts': evaluateExamples(model, examples.filter((e) => e.excerpt)),
    },
    rejections: { symbolic: rejectionAmong(model, examples, seed) },
  };
}

async function evaluateAudio(model: StyleModel, sets: readonly DataSet[], { test, seed }: EvaluateOptions): Promise<Report> {
  const allTest = test !== undefined;
  const examples = await audioExamples(sets, { copies: 0, seed, allTest, splits: ['test'], onSkip: logSkip });
  const changed = await evaluateChanged(model, sets, seed, allTest);
  return {
    evaluations: {
      'audio: clips': evaluateClips(model, examples),
      ...Object.fromEntries(Object.entries(changed).map(([name, evaluation]) => [`audio: ${name}`, evaluation])),
    },
    rejections: { audio: rejectionAmongClips(model, examples, seed) },
  };
}

function logSkip(item: DataItem, reason: string): void {
  logLine(`left out ${item.set}/${item.id}: ${reason}`);
}
