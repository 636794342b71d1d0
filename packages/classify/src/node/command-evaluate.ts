import { AttuneError } from '@attune/core';
import {
  openDataSet,
  openDataSets,
  SHIPPABLE_SYMBOLIC_SETS,
  type DataItem,
  type DataSet,
} from '@attune/core/node';
import type { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { evaluate, formatEvaluation, type Evaluation } from '../evaluation.ts';
import type { StyleModel } from '../model/style-model.ts';
import { renderReport, type ReportSection } from '../report/html-report.ts';
import { kindOf } from './command-check.ts';
import {
  kindOption,
  logLine,
  requireDataDir,
  showProgress,
  whileInterruptible,
  type KindOption,
} from './data-option.ts';
import { FEATURES_OPTION, joinTable, readFeatureTable } from './feature-table.ts';
import { judgeFolder } from './judge-folder.ts';
import { readLabelledFolder } from './labelled-folder.ts';
import { readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from './shipped.ts';
import { styleOfItem, symbolicExamples } from './symbolic-data.ts';
import { refusal } from './model-card.ts';
import type { Rejection } from './strangers.ts';
import { audioExamples, CHANGES } from './audio-data.ts';
import { evaluateChanged, judgeClips, rejectionAmongClips } from './judge-clips.ts';
import { judgeExamples, rejectionAmong } from './train-symbolic.ts';

interface EvaluateOptions {
  readonly test?: string;
  readonly data?: string;
  readonly model: readonly string[];
  readonly json?: boolean;
  readonly html?: string;
  readonly only?: KindOption;
  readonly features?: string;
  readonly seed: number;
}

/** Its clips carry a genre, and the pieces of the other sets a style. */
const AUDIO_SET = 'rendered-audio';

export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate [folder]')
    .description(
      'judges the shipped models or your own: on a folder of labels, on the test tenth of our own sets, or on sets of the same form',
    )
    .option(
      '--test <folder>',
      'a data set folder (index.csv and files) or a folder of such; all of it is judged',
    )
    .option(
      '--data <folder>',
      'the data sets that the test tenth is taken from (default: ATTUNE_DATA_DIR or ../shared/data)',
    )
    .option('--model <folder...>', 'checkpoints to judge in place of the shipped ones', [])
    .option('--seed <n>', 'seed of excerpts and noise', Number, 1)
    .option('--html <file>', 'write a report as one HTML page')
    .option('--features <file>', `of a folder: ${FEATURES_OPTION}`)
    .addOption(kindOption())
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nThe folder name of a set says what its labels mean (mutopia, groove, openscore-lieder …, rendered-audio).\n' +
        '\nExamples:\n  attune-classify evaluate\n  attune-classify evaluate --test held-out/mutopia\n  attune-classify evaluate --test held-out --json\n' +
        '  attune-classify evaluate new-music --model my-model --html report.html',
    )
    .action(async (folder: string | undefined, options: EvaluateOptions) => {
      const report =
        folder === undefined ? await evaluateSets(options) : await evaluateFolder(folder, options);
      const sections = Object.entries(report.evaluations);
      if (sections.length === 0) {
        throw new AttuneError('dataset/malformed', 'No piece or clip with a known label was found.', {
          folder: options.test ?? '',
        });
      }
      if (options.html !== undefined)
        writeFileSync(
          options.html,
          renderReport({
            title: 'What the classifiers can tell',
            description: report.description,
            sections: report.sections,
            skipped: report.skipped,
            seed: options.seed,
          }),
        );
      if (options.json) {
        const { evaluations, rejections } = report;
        process.stdout.write(`${JSON.stringify({ evaluations, rejections }, null, 2)}\n`);
        return;
      }
      for (const [name, evaluation] of sections)
        process.stdout.write(`## ${name}\n${formatEvaluation(evaluation)}\n\n`);
      for (const [name, rejection] of Object.entries(report.rejections))
        process.stdout.write(`${name}: ${refusal(rejection)}\n`);
    });
}

interface Report {
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  readonly rejections: Readonly<Record<string, Rejection>>;
  /** For the page: what was judged, by name. */
  readonly sections: readonly ReportSection[];
  readonly description: string;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

async function evaluateSets(options: EvaluateOptions): Promise<Report> {
  const sets =
    options.test !== undefined ? openDataSets(options.test) : ownSets(requireDataDir(options.data));
  const audioSets = sets.filter(isAudioSet);
  const symbolicSets = sets.filter(
    (set) => !isAudioSet(set) && set.items.some((item) => styleOfItem(item) !== undefined),
  );
  const given = options.model.map(readModelFolder);
  const modelOf = (modality: StyleModel['modality'], shipped: string): StyleModel =>
    given.find((model) => model.modality === modality) ?? readModelFolder(shippedFolder(shipped));
  const reports: Report[] = [];
  if (symbolicSets.length > 0)
    reports.push(evaluateSymbolic(modelOf('score', SHIPPED_SYMBOLIC), symbolicSets, options));
  if (audioSets.length > 0)
    reports.push(await evaluateAudio(modelOf('audio', SHIPPED_AUDIO), audioSets, options));
  return {
    evaluations: Object.assign({}, ...reports.map((report) => report.evaluations)) as Report['evaluations'],
    rejections: Object.assign({}, ...reports.map((report) => report.rejections)) as Report['rejections'],
    sections: reports.flatMap((report) => report.sections),
    description:
      options.test === undefined ? 'The test tenth of our own sets, by group.' : `All of ${options.test}.`,
    skipped: [],
  };
}

async function evaluateFolder(folder: string, options: EvaluateOptions): Promise<Report> {
  const table = options.features === undefined ? undefined : readFeatureTable(options.features);
  const read = await whileInterruptible((signal) =>
    readLabelledFolder(folder, { ...kindOf(options.only), mels: true, onProgress: showProgress, signal }),
  );
  const data = table ? joinTable(read, table) : read;
  for (const { file, reason } of data.skipped) logLine(`left out ${file}: ${reason}`);
  const given = options.model.map(readModelFolder).find((model) => model.modality === data.modality);
  const model =
    given ?? readModelFolder(shippedFolder(data.modality === 'audio' ? SHIPPED_AUDIO : SHIPPED_SYMBOLIC));
  const section = await judgeFolder(model, folder, data, options.seed);
  return {
    evaluations: { [section.name]: section.evaluation },
    rejections: section.rejection ? { [section.name]: section.rejection } : {},
    sections: [section],
    description: `${section.evaluation.items} files of ${folder} judged by ${model.name}. Files of labels that the model does not know are left out.`,
    skipped: data.skipped,
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
  { test, seed }: EvaluateOptions,
): Report {
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
  { test, seed }: EvaluateOptions,
): Promise<Report> {
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

function reportOf(sections: readonly ReportSection[], rejections: Report['rejections']): Report {
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
