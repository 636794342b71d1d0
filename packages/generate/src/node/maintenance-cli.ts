import { AttuneError } from '@attune/core';
import type { Split } from '@attune/core/node';
import { Option, type Command } from 'commander';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FAMILY_NAMES } from '../family/model-family.ts';
import { trainFamily } from '../family/node/family-commands.ts';
import type { FamilyTrainOptions } from '../family/node/family-tools.ts';
import type { PolyphonyPlan } from '../polyphony/train-polyphony.ts';
import type { TrainingPlan } from '../transformer/node/train-command.ts';
import type { CliWorld } from './cli.ts';
import { requireDataDir } from './data-option.ts';
import { fitWellFormedness } from './fit-well-formedness.ts';
import { indexOriginalityCommand, shippableSets } from './originality-command.ts';
import { SHIPPED_ORIGINALITY } from './originality-folder.ts';
import { parseNumber, parseWhole } from './request-options.ts';
import { formatTable } from './terminal.ts';

const DATA_OPTION = [
  '--data <folder>',
  'folder of the data sets (default: ATTUNE_DATA_DIR or ../shared/data)',
] as const;

/** Adds what makes the shipped files from the data sets: train, export, compare-tokenizers, polyphony, index-originality, fit-drum-groove, fit-well-formedness. */
export function addMaintenanceCommands(program: Command, world: CliWorld): void {
  program
    .command('train')
    .description('train a model from the data sets; a run can be interrupted and resumed')
    .option(
      '--model <name>',
      `kind of model: transformer (the composer), ${FAMILY_NAMES.join(', ')}`,
      'transformer',
    )
    .requiredOption('--out <folder>', 'folder of the run: state, checkpoint, metrics')
    .option(...DATA_OPTION)
    .option('--steps <n>', 'updates to make')
    .option('--minutes <n>', 'or as many updates as fit in this time')
    .option('--cpu-minutes <n>', 'or as many updates as fit in this processor time')
    .option('--from <folder>', 'checkpoint to go on from: what it knows stays, what is new begins at zero')
    .option('--abilities', 'learn tasks beside given notes (infill, accompany, reorchestrate, vary) and form')
    .option(
      '--arranged',
      'train on arrangements of lead sheets too (pop, rock, jazz, latin, funk, electronic)',
    )
    .option('--seed <n>', 'whole number', '1')
    .option('--config <file>', 'JSON with fields of the training plan to change')
    .option('--resume', 'go on from the state in the folder')
    .action(async (options: TrainOptions) => {
      if (options.model !== 'transformer') {
        await trainFamily(options.model, familyTrainOptions(options, world));
        return;
      }
      const plan = options.config === undefined ? undefined : readPlan<TrainingPlan>(options.config);
      // Loaded when asked for: the training library takes longer to start than a piece takes to compose.
      const { trainCommand } = await import('../transformer/node/train-command.ts');
      const { arrangedPieces } = await import('../arrangement/node/arranged-corpus.ts');
      const data = requireDataDir(options.data);
      await trainCommand({
        out: options.out,
        data,
        seed: parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER),
        ...(options.cpuMinutes !== undefined && {
          cpuMinutes: parseNumber('cpu-minutes', options.cpuMinutes, 0.01, 1e6),
        }),
        ...(options.from !== undefined && { from: options.from }),
        ...(options.abilities && { withAbilities: true }),
        ...(options.arranged && { made: (split: Split) => arrangedPieces(data, split) }),
        ...(options.steps !== undefined && { steps: parseWhole('steps', options.steps, 1, 1e9) }),
        ...(options.minutes !== undefined && { minutes: parseWhole('minutes', options.minutes, 1, 1e6) }),
        ...(plan && { plan }),
        resume: options.resume ?? false,
        log: (line) => world.createTerminal(false).say(line),
        signal: world.signal,
      });
    });
  program
    .command('measure-tasks')
    .description('nats a written note of each task on held-out pieces, with the given notes and without')
    .requiredOption('--model <folder>', 'checkpoint folder of a model that has tasks')
    .option(...DATA_OPTION)
    .addOption(new Option('--split <part>').choices(['validation', 'test']).default('validation'))
    .option('--per-style <n>', 'windows a style', '8')
    .action(async (options: { model: string; data?: string; split: Split; perStyle: string }) => {
      const { measureTasksCommand } = await import('../transformer/node/measure-tasks-command.ts');
      const terminal = world.createTerminal(false);
      const rows = await measureTasksCommand({
        model: options.model,
        data: requireDataDir(options.data),
        split: options.split,
        perStyle: parseWhole('per-style', options.perStyle, 1, 1e6),
        log: (line) => terminal.say(line),
      });
      const header = ['nats a written note', 'windows', 'notes', 'given', 'hidden'];
      const cells = rows.map(({ kind, windows, notes, given, hidden }) => [
        kind,
        String(windows),
        String(notes),
        given.toFixed(3),
        hidden.toFixed(3),
      ]);
      terminal.print(formatTable(header, cells));
    });
  program
    .command('export')
    .description('write the checkpoint of a run of any kind of model in half precision, with its model card')
    .requiredOption('--from <folder>', 'checkpoint folder of a run')
    .requiredOption('--out <folder>', 'folder to write')
    .option('--model-card <file>', 'model card to go along (default: the one in the folder)')
    .action(async (options: { from: string; out: string; modelCard?: string }) => {
      const { exportCommand } = await import('./export-command.ts');
      await exportCommand(options);
    });
  program
    .command('model-card')
    .description('write MODEL_CARD.md of a checkpoint from evaluation files')
    .requiredOption('--from <folder>', 'checkpoint folder')
    .option('--evaluation <files...>', 'what evaluate --json printed')
    .action(async (options: { from: string; evaluation?: string[] }) => {
      const { modelCardOf } = await import('../transformer/node/model-card.ts');
      writeFileSync(
        path.join(options.from, 'MODEL_CARD.md'),
        modelCardOf(options.from, options.evaluation ?? []),
      );
    });
  program
    .command('compare-tokenizers')
    .description('train the same small network on compound and on REMI sequences for equal CPU time')
    .option(...DATA_OPTION)
    .option('--cpu-minutes <n>', 'CPU minutes of training for each', '4')
    .option('--seed <n>', 'whole number', '1')
    .action(async (options: { data?: string; cpuMinutes: string; seed: string }) => {
      const { compareTokenizersCommand } = await import('../transformer/node/compare-tokenizers-command.ts');
      await compareTokenizersCommand({
        data: requireDataDir(options.data),
        cpuMinutes: parseNumber('cpu-minutes', options.cpuMinutes, 0.1, 1e4),
        seed: parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER),
      });
    });
  program
    .command('polyphony')
    .description('train and measure a network on a published likelihood benchmark of chorales or folk tunes')
    .requiredOption(
      '--task <name>',
      'jsb-voices (16th notes by voice), jsb or nottingham (frames of 88 keys)',
    )
    .requiredOption('--out <folder>', 'folder of the run: state, checkpoint, metrics')
    .option(...DATA_OPTION)
    .option('--seed <n>', 'whole number', '1')
    .option('--config <file>', 'JSON with fields of the training plan to change')
    .option('--resume', 'go on from the state in the folder')
    .option(
      '--test <file>',
      'JSON (or .gz) with a test (else valid) split: measure the checkpoint in the folder on it instead',
    )
    .option(
      '--average-with <folders...>',
      'with --test: other runs whose probabilities are averaged with this one',
    )
    .action(async (options: PolyphonyOptions) => {
      const { polyphonyCommand } = await import('../polyphony/node/polyphony-command.ts');
      await polyphonyCommand({
        task: options.task,
        out: options.out,
        data: options.test === undefined ? requireDataDir(options.data) : '',
        seed: parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER),
        resume: options.resume ?? false,
        ...(options.config !== undefined && { plan: readPlan<PolyphonyPlan>(options.config) }),
        ...(options.test !== undefined && { test: options.test }),
        ...(options.averageWith && { averageWith: options.averageWith }),
        log: (line) => world.createTerminal(false).say(line),
        signal: world.signal,
      });
    });
  program
    .command('index-originality')
    .description('index the training pieces for the originality check')
    .option(...DATA_OPTION)
    .option('--out <folder>', 'folder to write', SHIPPED_ORIGINALITY)
    .action((options: { data?: string; out: string }) => {
      indexOriginalityCommand(options, world.createTerminal(false));
    });
  program
    .command('fit-drum-groove')
    .description(
      'learn how drummers play each place of the bar, print what it foretells of held-out drummers',
    )
    .option(...DATA_OPTION)
    .option('--split <name>', 'validation or test', 'validation')
    .option('--out <file>', 'TypeScript module to write')
    .action(async (options: { data?: string; split: string; out?: string }) => {
      if (options.split !== 'validation' && options.split !== 'test') {
        throw new AttuneError('argument/invalid', `The split is validation or test, not ${options.split}.`);
      }
      const { fitDrumGroove, formatGrooveTables } = await import('../performance/node/fit-drum-groove.ts');
      const { tables, fits } = fitDrumGroove(requireDataDir(options.data), options.split);
      for (const fit of fits) world.createTerminal(false).print(JSON.stringify(fit));
      if (options.out !== undefined) writeFileSync(options.out, formatGrooveTables(tables));
    });
  program
    .command('fit-well-formedness')
    .description('print the percentiles of the training pieces that well-formedness is judged by')
    .option(...DATA_OPTION)
    .action((options: { data?: string }) => {
      const terminal = world.createTerminal(false);
      const sets = shippableSets(requireDataDir(options.data));
      const limits = fitWellFormedness(sets, { onProgress: terminal.progress });
      terminal.clear();
      terminal.print(JSON.stringify(limits, undefined, 2));
    });
}

interface PolyphonyOptions {
  readonly task: string;
  readonly out: string;
  readonly data?: string;
  readonly seed: string;
  readonly config?: string;
  readonly resume?: boolean;
  readonly test?: string;
  readonly averageWith?: readonly string[];
}

function familyTrainOptions(options: TrainOptions, world: CliWorld): FamilyTrainOptions {
  const { steps, minutes, cpuMinutes, config } = options;
  return {
    out: options.out,
    data: requireDataDir(options.data),
    seed: parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER),
    ...(steps !== undefined && { steps: parseWhole('steps', steps, 1, 1e9) }),
    ...(minutes !== undefined && { minutes: parseNumber('minutes', minutes, 0.01, 1e6) }),
    ...(cpuMinutes !== undefined && { cpuMinutes: parseNumber('cpu-minutes', cpuMinutes, 0.01, 1e6) }),
    ...(config !== undefined && { plan: readPlan<Record<string, unknown>>(config) }),
    resume: options.resume ?? false,
    log: (line) => world.createTerminal(false).say(line),
    signal: world.signal,
  };
}

interface TrainOptions {
  readonly model: string;
  readonly out: string;
  readonly data?: string;
  readonly steps?: string;
  readonly minutes?: string;
  readonly cpuMinutes?: string;
  readonly from?: string;
  readonly abilities?: boolean;
  readonly arranged?: boolean;
  readonly seed: string;
  readonly config?: string;
  readonly resume?: boolean;
}

function readPlan<Plan>(file: string): Partial<Plan> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Plan>;
  } catch (error) {
    throw new AttuneError(
      'argument/invalid',
      `${file} is no JSON file that can be read.`,
      { file },
      { cause: error },
    );
  }
}
