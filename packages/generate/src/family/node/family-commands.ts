import { AttuneError } from '@attune/core';
import { decodeAudio, encodeMp3, writeWav } from '@attune/core/audio';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { CliWorld } from '../../node/cli.ts';
import { requireDataDir } from '../../node/data-option.ts';
import { readScoreFile } from '../../node/read-score-file.ts';
import { parseNumber, parseWhole } from '../../node/request-options.ts';
import { formatTable } from '../../node/terminal.ts';
import { writePiece } from '../../node/write-piece.ts';
import {
  FAMILY_NAMES,
  type FamilyInput,
  type FamilyName,
  type FamilySampler,
  type Sample,
} from '../model-family.ts';
import { firstSoundTable } from './first-sound.ts';
import {
  FAMILY_TOOLS,
  type FamilyEvaluateOptions,
  type FamilyTools,
  type FamilyTrainOptions,
} from './family-tools.ts';

const SCORE_FORMATS = ['mid', 'musicxml', 'wav', 'mp3'];
const CLIP_FORMATS = ['wav', 'mp3'];
const AUDIO_FILE = /\.(wav|mp3|flac|ogg|opus)$/i;

/** Whether `name` is a kind of model that these commands know. */
export function isFamilyName(name: string): name is FamilyName {
  return (FAMILY_NAMES as readonly string[]).includes(name);
}

/** Adds `sample` and `models`. Training and evaluation of every kind go through `train` and `evaluate` with `--model`. */
export function addFamilyCommands(program: Command, world: CliWorld): void {
  program
    .command('models')
    .description('list the kinds of model beside the composer, what each is good for and its settings')
    .action(async () => {
      const terminal = world.createTerminal(false);
      for (const name of Object.keys(FAMILY_TOOLS).filter(isFamilyName)) {
        const sampler = await (await toolsOf(name)).load();
        terminal.print(`${name} (${sampler.version}): ${sampler.summary}`);
        for (const setting of sampler.settings) terminal.print(`  ${describeSetting(setting)}`);
      }
    });
  program
    .command('sample')
    .description('make music with one of the models beside the composer')
    .requiredOption('--model <name>', `kind of model: ${FAMILY_NAMES.join(', ')}`)
    .option('--input <files...>', 'MIDI or audio files to start from, as many as the model takes')
    .option('--count <n>', 'how many to make, 1 to 64', '1')
    .option('--seed <n>', 'whole number; the same one makes the same music', '1')
    .option('--set <name=value...>', 'settings of the model; `models` lists them')
    .option('--checkpoint <folder>', 'checkpoint folder (default: the shipped one)')
    .option('--format <ending>', `${SCORE_FORMATS.join(', ')}; sound is wav or mp3`)
    .option('--out <folder>', 'folder to write to', '.')
    .action(async (options: SampleOptions) => {
      const terminal = world.createTerminal(false);
      const sampler = await (await toolsOf(options.model)).load(options.checkpoint);
      const seed = parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
      const samples = await sampler.sample(
        {
          seed,
          count: parseWhole('count', options.count, 1, 64),
          inputs: await Promise.all((options.input ?? []).map(readInput)),
          settings: readSettings(options.set ?? [], sampler),
        },
        { onProgress: terminal.progress, signal: world.signal },
      );
      terminal.clear();
      mkdirSync(options.out, { recursive: true });
      for (const [i, sample] of samples.entries()) {
        terminal.print(await writeSample(sample, i, seed, options, sampler.name));
      }
    });
}

/** Trains a kind of model other than the composer. */
export async function trainFamily(name: string, options: FamilyTrainOptions): Promise<void> {
  await (await toolsOf(name)).train(options);
}

/** Measures a kind of model other than the composer, and prints its tables. */
export async function evaluateFamily(
  name: string,
  options: Omit<FamilyEvaluateOptions, 'data' | 'log'> & { readonly data?: string; readonly json?: boolean },
  world: CliWorld,
): Promise<void> {
  const terminal = world.createTerminal(options.json ?? false);
  const tools = await toolsOf(name);
  const tables = [
    ...(await tools.evaluate({
      ...options,
      data: requireDataDir(options.data),
      log: (line) => terminal.say(line),
    })),
    await firstSoundTable(() => tools.load(options.model), options.seed),
  ];
  if (options.json) {
    terminal.print(JSON.stringify(tables));
    return;
  }
  for (const { title, header, rows } of tables) terminal.print(`${title}\n${formatTable(header, rows)}\n`);
}

async function toolsOf(name: string): Promise<FamilyTools> {
  const load = isFamilyName(name) ? FAMILY_TOOLS[name] : undefined;
  if (load) return load();
  const known = Object.keys(FAMILY_TOOLS);
  throw new AttuneError('argument/invalid', `There is no model "${name}"; there are ${known.join(', ')}.`, {
    name,
  });
}

async function readInput(file: string): Promise<FamilyInput> {
  if (!AUDIO_FILE.test(file)) return { score: readScoreFile(file) };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new AttuneError('argument/invalid', `${file} cannot be read.`, { file }, { cause: error });
  }
  return { clip: await decodeAudio(bytes) };
}

/** `name=value` pairs; a number where the setting is one. Unknown names are left for the sampler to refuse. */
function readSettings(pairs: readonly string[], sampler: FamilySampler): Record<string, number | string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1)
        throw new AttuneError('argument/invalid', `"${pair}" is not of the form name=value.`, { pair });
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const setting = sampler.settings.find((known) => known.name === name);
      return [name, setting?.kind === 'number' ? parseNumber(name, value, setting.min, setting.max) : value];
    }),
  );
}

async function writeSample(
  sample: Sample,
  index: number,
  seed: number,
  options: SampleOptions,
  model: FamilyName,
): Promise<string> {
  const allowed = sample.score ? SCORE_FORMATS : CLIP_FORMATS;
  const format = options.format ?? allowed[0]!;
  if (!allowed.includes(format)) {
    throw new AttuneError(
      'argument/invalid',
      `${model} is written as ${allowed.join(' or ')}, not ${format}.`,
      {
        format,
      },
    );
  }
  const file = path.join(options.out, `${model}-${seed}-${index + 1}.${format}`);
  if (sample.score) await writePiece(file, sample.score);
  else writeFileSync(file, format === 'mp3' ? await encodeMp3(sample.clip!) : writeWav(sample.clip!));
  return file;
}

function describeSetting(setting: FamilySampler['settings'][number]): string {
  const range = setting.kind === 'number' ? `${setting.min} to ${setting.max}` : setting.choices.join(', ');
  return `${setting.name} (${range}; default ${setting.default}): ${setting.summary}`;
}

interface SampleOptions {
  readonly model: string;
  readonly input?: readonly string[];
  readonly count: string;
  readonly seed: string;
  readonly set?: readonly string[];
  readonly checkpoint?: string;
  readonly format?: string;
  readonly out: string;
}
