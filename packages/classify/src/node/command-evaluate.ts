import { AttuneError } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { formatEvaluation } from '../evaluation.ts';
import { trainedOnWarning, type TrainedOn } from '../leaks/training-marks.ts';
import { readTrainingMarks } from '../model/model-checkpoint.ts';
import { judgeOf, renderReport } from '../report/html-report.ts';
import { kindOf } from './command-check.ts';
import {
  collect,
  kindOption,
  logLine,
  seedNumber,
  showProgress,
  whileInterruptible,
  type KindOption,
} from './data-option.ts';
import { evaluateSets, type EvaluationReport } from './evaluate-sets.ts';
import { FEATURES_OPTION, joinTable, readFeatureTable } from './feature-table.ts';
import { judgeFolder } from './judge-folder.ts';
import { readLabelledFolder } from './labelled-folder.ts';
import { refusal } from './model-card.ts';
import { requireWritableFile } from './output-path.ts';
import { modelFor, readModelFolder, shippedFolder } from './shipped.ts';

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

/** `attune-classify evaluate [FOLDER]`: what models are worth, on a folder of labels or on data sets. */
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
    .option(
      '--model <folder>',
      'a checkpoint to judge in place of the shipped ones; may be repeated',
      collect,
      [],
    )
    .option('--seed <n>', 'seed of excerpts and noise', seedNumber, 1)
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
      if (options.html !== undefined) requireWritableFile('--html', options.html);
      const report =
        folder === undefined ? await evaluateSets(options) : await evaluateFolder(folder, options);
      const { evaluations, rejections, sections, description, skipped } = report;
      if (sections.length === 0) {
        throw new AttuneError('dataset/malformed', 'No piece or clip with a known label was found.', {
          folder: options.test ?? '',
        });
      }
      if (options.html !== undefined) {
        const title = 'What the classifiers can tell';
        writeFileSync(
          options.html,
          renderReport({ title, description, sections, skipped, seed: options.seed }),
        );
      }
      const models = Object.fromEntries(sections.map((section) => [section.name, judgeOf(section)]));
      if (options.json) {
        const trainedOn = Object.fromEntries(sections.map((section) => [section.name, section.trainedOn]));
        process.stdout.write(`${JSON.stringify({ models, trainedOn, evaluations, rejections }, null, 2)}\n`);
        return;
      }
      for (const { trainedOn = [], evaluation } of sections) {
        const warning = trainedOnWarning(trainedOn, evaluation.items);
        if (warning !== undefined) process.stdout.write(`WARNING: ${warning}\n${listOf(trainedOn)}\n`);
      }
      for (const [name, evaluation] of Object.entries(evaluations)) {
        const by = models[name] === undefined ? '' : `Judged by ${models[name]}.\n\n`;
        process.stdout.write(`## ${name}\n${by}${formatEvaluation(evaluation)}\n\n`);
      }
      for (const [name, rejection] of Object.entries(rejections))
        process.stdout.write(`${name}: ${refusal(rejection)}\n`);
    });
}

const MOST_LISTED = 20;

function listOf(trainedOn: readonly TrainedOn[]): string {
  const shown = trainedOn.slice(0, MOST_LISTED).map(({ file, kind }) => `  ${file}: ${kind}\n`);
  const more = trainedOn.length - shown.length;
  return `${shown.join('')}${more > 0 ? `  … and ${more} more (--json lists all)\n` : ''}`;
}

async function evaluateFolder(folder: string, options: EvaluateOptions): Promise<EvaluationReport> {
  const given = options.model.map(readModelFolder); // before the files, which take longer
  const table = options.features === undefined ? undefined : readFeatureTable(options.features);
  const read = await whileInterruptible((signal) =>
    readLabelledFolder(folder, { ...kindOf(options.only), mels: true, onProgress: showProgress, signal }),
  );
  const data = table ? joinTable(read, table) : read;
  for (const { file, reason } of data.skipped) logLine(`left out ${file}: ${reason}`);
  const model = modelFor(data.modality, given);
  const source = options.model[given.indexOf(model)] ?? shippedFolder(model.name);
  const marks = readTrainingMarks(readCheckpointFolder(source));
  const section = await whileInterruptible((signal) =>
    judgeFolder(model, folder, data, options.seed, {
      signal,
      onProgress: showProgress,
      ...(marks && { marks }),
    }),
  );
  return {
    evaluations: { [section.name]: section.evaluation },
    rejections: section.rejection ? { [section.name]: section.rejection } : {},
    sections: [section],
    description: `${section.evaluation.items} files of ${folder} judged by ${model.name}. Files of labels that the model does not know are left out.${marks ? '' : ' Which files it learned from, its checkpoint does not say.'}`,
    skipped: data.skipped,
  };
}
