import type { JsonObject } from '@attune/core/nn';
import { selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { AttuneError } from '@attune/core';
import { Option, type Command } from 'commander';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatEvaluation } from '../evaluation.ts';
import { markTrainingFiles } from '../leaks/training-marks.ts';
import { withTrainingMarks, writeStyleModel } from '../model/model-checkpoint.ts';
import { renderReport } from '../report/html-report.ts';
import { hearChanged, someOf, type ChangedFile } from './changed-files.ts';
import { formatLeaks, kindOf } from './command-check.ts';
import {
  collect,
  kindOption,
  logLine,
  requireDataDir,
  seedNumber,
  showProgress,
  whileInterruptible,
  type KindOption,
} from './data-option.ts';
import { FEATURES_OPTION, joinTable, readFeatureTable } from './feature-table.ts';
import { readLabelledFolder, type LabelledFolder } from './labelled-folder.ts';
import {
  audioModelCard,
  changesTable,
  drumModelCard,
  metricsOf,
  refusal,
  symbolicModelCard,
} from './model-card.ts';
import { requireWritableFile, requireWritableFolder } from './output-path.ts';
import {
  trainNetOnFolder,
  trainOnFolder,
  type FolderTraining,
  type TrainFolderOptions,
} from './train-folder.ts';
import { trainAudio } from './train-audio.ts';
import { trainDrums } from './train-drums.ts';
import { trainMutopia, trainSymbolic } from './train-symbolic.ts';

interface TrainOptions {
  readonly kind?: 'symbolic' | 'audio' | 'drums' | 'mutopia';
  readonly only?: KindOption;
  readonly name?: string;
  readonly html?: string;
  readonly out: string;
  readonly data?: string;
  readonly also: readonly string[];
  readonly seed: number;
  readonly learner?: 'features' | 'net' | 'both';
  readonly cache?: string;
  readonly robustness: boolean;
  readonly features?: string;
}

/** Changed files are held until the learners are chosen, up to 5 MB each: so many at most, evenly of all labels. */
const MOST_CHANGED = 200;

/** `attune-classify train [FOLDER]`: a checkpoint of a folder of labels, or of our own data sets. */
export function addTrainCommand(program: Command): void {
  program
    .command('train [folder]')
    .description(
      'trains a classifier, on a folder of your own or on our data sets, and writes its checkpoint with model card',
    )
    .addOption(
      new Option(
        '--kind <kind>',
        'without a folder, which of ours: drums tells the style of a drum part, mutopia is the benchmark on the 8 largest styles of Mutopia',
      ).choices(['symbolic', 'audio', 'drums', 'mutopia']),
    )
    .addOption(kindOption())
    .option('--name <name>', 'what the model calls itself (default: the name of the folder)')
    .option('--html <file>', 'write a report on the cross-validation as one HTML page')
    .option('--features <file>', FEATURES_OPTION)
    .requiredOption('--out <folder>', 'the checkpoint folder; replaced where it exists')
    .option('--data <folder>', 'the data sets (default: ATTUNE_DATA_DIR or ../shared/data)')
    .option(
      '--also <folder>',
      'with --kind symbolic: a further data set (index.csv with id, style, group, and MIDI files); may be repeated',
      collect,
      [],
    )
    .addOption(
      new Option(
        '--learner <learner>',
        'of a folder: what tells sound, measured features, a convolutional net, or what cross-validation says of both and their averages (default: both for sound, features for MIDI)',
      ).choices(['features', 'net', 'both']),
    )
    .option(
      '--cache <file>',
      'with --kind audio: keeps the measured clips, so that the next run need not render and measure them again',
    )
    .option(
      '--no-robustness',
      'of a folder of sound: leaves out judging it again after MP3, resampling, other levels and noise, which takes several times as long as reading it',
    )
    .option('--seed <n>', 'seed of excerpts, variations and sampling', seedNumber, 1)
    .addHelpText(
      'after',
      '\nFOLDER/LABEL/… holds MIDI or audio files; FOLDER/LABEL/GROUP/… or groups.csv (file,group) names what belongs together. Near-duplicates\n' +
        'are found and kept together. Ctrl-C stops; nothing is written before the end. A net learns six times (once a fold, once on all): seconds to\n' +
        'minutes each on tfjs-node, a few times slower without; --learner features does without.\n' +
        '\nExamples:\n  attune-classify train my-music --out my-model --html report.html\n  attune-classify --model my-model new/*.mid\n' +
        '  attune-classify train --kind symbolic --also arranged --out packages/classify/models/style-symbolic-2',
    )
    .action(async (folder: string | undefined, options: TrainOptions, command: Command) => {
      requireFitting(command, folder === undefined ? OF_A_FOLDER : OF_OUR_SETS, folder);
      requireWritableFolder('--out', options.out);
      if (options.html !== undefined) requireWritableFile('--html', options.html);
      if (options.cache !== undefined) requireWritableFile('--cache', options.cache);
      if (folder !== undefined) return writeFolderModel(folder, options);
      if (options.kind === undefined)
        throw new AttuneError(
          'argument/invalid',
          'Say what to train on: a folder of labels, or --kind for our own data sets.',
        );
      const dataDir = requireDataDir(options.data);
      if (options.kind === 'audio') await writeAudio(dataDir, options);
      else if (options.kind === 'drums') writeDrums(dataDir, options);
      else writeSymbolic(dataDir, options);
    });
}

/** Options that say something of one way of training only. */
const OF_OUR_SETS = ['kind', 'cache', 'data', 'also'];
const OF_A_FOLDER = ['only', 'name', 'html', 'learner', 'robustness', 'features'];

/** Throws `argument/invalid` where one of the options was given: it would change nothing. */
function requireFitting(command: Command, idle: readonly string[], folder: string | undefined): void {
  const given = command.options.filter(
    (option) =>
      idle.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given.length === 0) return;
  const names = given.map(({ long }) => long ?? '').join(', ');
  throw new AttuneError(
    'argument/invalid',
    folder === undefined
      ? `${names} can be given with a folder of labels only.`
      : `${names} cannot be given with the folder ${folder}: our own data sets are trained on without a folder.`,
    { options: names },
  );
}

async function writeFolderModel(
  folder: string,
  { out, only, name, html, seed, learner, robustness, features }: TrainOptions,
): Promise<void> {
  const table = features === undefined ? undefined : readFeatureTable(features);
  const read = await whileInterruptible((signal) =>
    readLabelledFolder(folder, {
      ...kindOf(only),
      mels: learner !== 'features',
      onProgress: showProgress,
      signal,
    }),
  );
  const data = table ? joinTable(read, table) : read;
  for (const { file, reason } of data.skipped) logLine(`left out ${file}: ${reason}`);
  const changed = robustness && data.modality === 'audio' ? await someChanged(folder, data, seed) : [];
  const settings = { name: name ?? path.basename(path.resolve(folder)), seed, changed, log: logLine };
  const hears = learner === undefined ? data.modality === 'audio' : learner !== 'features';
  const run = hears
    ? await trainWithNet(data, settings, learner === 'net' ? 'net' : 'both')
    : trainOnFolder(data, settings);
  const record = { seed, folds: run.folds, groups: run.groups, files: data.files.length };
  const training = withTrainingMarks(record, markTrainingFiles(data.files));
  writeCheckpointFolder(
    out,
    writeStyleModel(run.model, {
      modelCard: folderModelCard(run, data),
      metrics: metricsOf({
        'cross-validation': run.evaluation,
        ...named('cross-validation, ', run.robustness ?? {}),
      }),
      training,
    }),
  );
  const description = `${data.files.length} files in ${run.groups} groups; ${run.folds} folds by group. Learners, temperature and threshold were chosen on these same answers, so the figures lean to the bright side.`;
  const sections = [
    {
      name: 'Cross-validation',
      evaluation: run.evaluation,
      judged: run.judged,
      temperature: run.model.temperature,
      ...(run.rejection && { rejection: run.rejection }),
      ...(run.robustness && { robustness: run.robustness }),
      ...(run.unchanged && { unchanged: run.unchanged }),
    },
  ];
  if (html !== undefined)
    writeFileSync(
      html,
      renderReport({
        title: `${run.model.name}: what it can tell`,
        description,
        sections,
        leaks: run.leaks,
        skipped: data.skipped,
        seed,
      }),
    );
  process.stdout.write(
    `${formatLeaks(run.leaks, data)}\n\nCross-validation, ${run.folds} folds by group\n${formatEvaluation(run.evaluation)}\n\n${outsideOf(run)}Written: ${out}\n`,
  );
}

async function someChanged(folder: string, { files }: LabelledFolder, seed: number): Promise<ChangedFile[]> {
  const ids = someOf(
    files.map(({ id }) => id),
    MOST_CHANGED,
  );
  return whileInterruptible(async (signal) => {
    const changed: ChangedFile[] = [];
    for await (const file of hearChanged(folder, ids, { seed, signal, onProgress: showProgress }))
      changed.push(file);
    return changed;
  });
}

/** What the model says of changed files and of what is no music, for the card and the terminal; ends with an empty line. */
function outsideOf({ robustness, unchanged, rejection }: FolderTraining): string {
  const parts = [
    ...(robustness && unchanged
      ? [
          `${unchanged.items} of the files, as they are and changed:\n\n${changesTable({ 'no change': unchanged, ...robustness })}`,
        ]
      : []),
    ...(rejection ? [refusal(rejection)] : []),
  ];
  return parts.map((part) => `${part}\n\n`).join('');
}

async function trainWithNet(
  data: LabelledFolder,
  settings: TrainFolderOptions,
  learner: 'net' | 'both',
): Promise<FolderTraining> {
  const { tf } = await selectNodeBackend({ log: logLine });
  return whileInterruptible((signal) =>
    trainNetOnFolder(data, { ...settings, tf, learner, signal, onProgress: showProgress }),
  );
}

function folderModelCard(run: FolderTraining, { files, modality }: LabelledFolder): string {
  const { model, candidates, evaluation, groups, folds } = run;
  const results = candidates.map(
    ({ name, loss, accuracy }) => `| ${name} | ${loss.toFixed(3)} | ${accuracy.toFixed(3)} |`,
  );
  return `# ${model.name}

Labels: ${model.labels.join(', ')}. Reads ${modality === 'score' ? 'notes' : 'sound'}; learned from ${files.length} files in ${groups} groups.

## Cross-validation, ${folds} folds by group
Learners, temperature and threshold were chosen on these same answers.

${formatEvaluation(evaluation)}

${outsideOf(run)}## Learners compared
| learner | balanced log loss | accuracy |
|---|---|---|
${results.join('\n')}
`;
}

function writeSymbolic(dataDir: string, { kind, also, out, seed }: TrainOptions): void {
  const run =
    kind === 'mutopia' ? trainMutopia(dataDir, seed, logLine) : trainSymbolic(dataDir, also, seed, logLine);
  writeCheckpointFolder(
    out,
    writeStyleModel(run.model, {
      modelCard: symbolicModelCard(run),
      metrics: metricsOf({ 'test pieces': run.pieces, 'test excerpts of 16 bars': run.excerpts }),
      training: trainingOf(run),
    }),
  );
  process.stdout.write(
    `Whole pieces of the test tenth\n${formatEvaluation(run.pieces)}\n\n16-bar excerpts\n${formatEvaluation(run.excerpts)}\n\n${refusal(run.rejection)}\n`,
  );
}

function writeDrums(dataDir: string, { out, seed }: TrainOptions): void {
  const run = trainDrums(dataDir, seed, logLine);
  writeCheckpointFolder(
    out,
    writeStyleModel(
      run.model,
      {
        modelCard: drumModelCard(run),
        metrics: metricsOf({ 'validation takes': run.validation }),
        training: trainingOf(run),
      },
      { half: true },
    ),
  );
  process.stdout.write(
    `Validation takes\n${formatEvaluation(run.validation)}\n\n${refusal(run.rejection)}\n`,
  );
}

async function writeAudio(dataDir: string, { out, seed, cache }: TrainOptions): Promise<void> {
  const { tf } = await selectNodeBackend({ log: logLine });
  const run = await whileInterruptible((signal) =>
    trainAudio(dataDir, {
      tf,
      seed,
      signal,
      log: logLine,
      onProgress: showProgress,
      ...(cache !== undefined && { cache }),
    }),
  );
  writeCheckpointFolder(
    out,
    writeStyleModel(run.model, {
      modelCard: audioModelCard(run),
      metrics: metricsOf({
        'cross-validation': run.crossValidated,
        ...named('cross-validation, ', run.crossValidatedChanged),
        'test clips': run.clips,
        ...named('test clips, ', run.changed),
      }),
      training: trainingOf(run),
    }),
  );
  process.stdout.write(
    `Cross-validation\n${formatEvaluation(run.crossValidated)}\n\nTest clips\n${formatEvaluation(run.clips)}\n\n${refusal(run.rejection)}\n`,
  );
  for (const [name, e] of Object.entries({
    ...named('Cross-validation, ', run.crossValidatedChanged),
    ...named('Test clips, ', run.changed),
  })) {
    process.stdout.write(`${name}: accuracy ${e.accuracy.toFixed(3)}, answered ${e.coverage.toFixed(3)}\n`);
  }
}

function named<T>(prefix: string, byName: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(byName).map(([name, value]) => [`${prefix}${name}`, value]));
}

function trainingOf({
  rows,
  settings,
}: {
  readonly rows: Readonly<Record<string, number>>;
  readonly settings: JsonObject;
}): JsonObject {
  return { rows, ...settings };
}
