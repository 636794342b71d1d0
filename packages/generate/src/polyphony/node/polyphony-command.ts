import { AttuneError, createRng } from '@attune/core';
import {
  readCheckpoint,
  readTrainingState,
  writeCheckpoint,
  writeTrainingState,
  type JsonObject,
  type NamedArray,
} from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createParameters } from '../../transformer/train.ts';
import { createRollCoding, createVoiceCoding, type FrameCoding } from '../frame-coding.ts';
import { parsePolyphonySet, type PolyphonySet } from '../polyphony-set.ts';
import { framesNats, shapeOf, trainPolyphony, type PolyphonyPlan } from '../train-polyphony.ts';

/** A published table that a network of this code is measured for. */
interface PolyphonyTask {
  readonly file: string;
  readonly createCoding: () => FrameCoding;
  readonly plan: PolyphonyPlan;
  /** Figures of others, as published. */
  readonly others: Readonly<Record<string, string>>;
}

const COMMON: PolyphonyPlan = {
  width: 128,
  layers: 5,
  heads: 4,
  feedForward: 512,
  headWidth: 96,
  window: 192,
  rows: 8,
  steps: 2400,
  learningRate: 1.5e-3,
  warmupSteps: 50,
  weightDecay: 0.1,
  dropout: 0.2,
  averageDecay: 0.995,
  evaluateEvery: 100,
  patience: 12,
};

export const POLYPHONY_TASKS: Readonly<Record<string, PolyphonyTask>> = {
  'jsb-voices': {
    file: 'Jsb16thSeparated.json.gz',
    createCoding: () => createVoiceCoding(),
    plan: COMMON,
    others: { 'n-gram with transposition, valid': '0.516', 'Music Transformer (2018), valid': '0.335' },
  },
  jsb: {
    file: 'JSB_Chorales.json.gz',
    createCoding: () => createRollCoding(),
    plan: { ...COMMON, window: 96, rows: 12, dropout: 0.25 },
    others: { 'TCN (2018), test': '8.10', 'RNN-NADE (2012), test': '5.56' },
  },
  nottingham: {
    file: 'Nottingham.json.gz',
    createCoding: () => createRollCoding(),
    plan: { ...COMMON, dropout: 0.1 },
    others: { 'TCN (2018), test': '3.07', 'RNN-NADE (2012), test': '2.31' },
  },
};

export interface PolyphonyCommandOptions {
  readonly task: string;
  /** Folder that holds polyphonic-nll. */
  readonly data: string;
  /** Folder of the run; with `test` alone, where its checkpoint is read. */
  readonly out: string;
  readonly seed: number;
  readonly resume: boolean;
  readonly plan?: Partial<PolyphonyPlan>;
  /** A file of the same form: report on its `test` split (without one, on `valid`) and do not train. */
  readonly test?: string;
  /** With `test`: folders of other runs of the same sizes, whose probabilities are averaged with this one's. */
  readonly averageWith?: readonly string[];
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

const KIND = 'polyphony';

/** `attune-generate polyphony`: trains on one benchmark set and prints nats beside the published figures. */
export async function polyphonyCommand(options: PolyphonyCommandOptions): Promise<void> {
  const task = POLYPHONY_TASKS[options.task];
  if (task === undefined) {
    throw new AttuneError(
      'argument/invalid',
      `There is no task ${options.task}; choose one of ${Object.keys(POLYPHONY_TASKS).join(', ')}.`,
    );
  }
  const coding = task.createCoding();
  if (options.test === undefined) await trainTask(options, task, coding);
  else await testTask(options, coding, options.test);
  for (const [name, nats] of Object.entries(task.others)) options.log(`  ${name}: ${nats}`);
}

async function trainTask(
  options: PolyphonyCommandOptions,
  task: PolyphonyTask,
  coding: FrameCoding,
): Promise<void> {
  const { log, seed, out } = options;
  const set = readSet(path.join(options.data, 'polyphonic-nll', task.file));
  const plan = { ...task.plan, ...options.plan };
  mkdirSync(out, { recursive: true });
  const stateFolder = path.join(out, 'state');
  const state =
    options.resume && existsSync(stateFolder)
      ? readTrainingState(readCheckpointFolder(stateFolder))
      : undefined;
  const config = { task: options.task, plan, seed } as unknown as JsonObject;
  const { store, result } = await trainPolyphony({
    backend: await selectNodeBackend({ log }),
    coding,
    plan,
    train: set.train,
    valid: set.valid,
    seed,
    now: () => performance.now(),
    checkpointEvery: plan.evaluateEvery,
    ...(state && { resume: state }),
    ...(options.signal && { signal: options.signal }),
    onProgress: ({ step, loss, score, bestScore, tokensPerSecond }) => {
      if (score === undefined) return;
      const line = JSON.stringify({
        step,
        loss,
        valid: score,
        best: bestScore,
        perSecond: Math.round(tokensPerSecond ?? 0),
      });
      appendFileSync(path.join(out, 'metrics.jsonl'), `${line}\n`);
      log(line);
    },
    saveState: (now) => {
      writeCheckpointFolder(stateFolder, {
        ...writeCheckpoint({ kind: KIND, config, parameters: now.best?.parameters ?? now.parameters }),
        ...writeTrainingState(now),
      });
    },
  });
  writeCheckpointFolder(
    path.join(out, 'checkpoint'),
    writeCheckpoint({ kind: KIND, config, parameters: store.save() }),
  );
  log(
    `${options.task}: ${result.best?.score.toFixed(4) ?? 'no'} nats a ${coding.unit} on validation, best at step ${result.best?.step ?? 0} of ${result.step} (${result.ended}).`,
  );
}

/** Judges the networks of one or more runs, averaged, on the test split of `file`, or on its validation split. */
async function testTask(options: PolyphonyCommandOptions, coding: FrameCoding, file: string): Promise<void> {
  const { test, valid } = readSet(file);
  const [part, pieces] = test === undefined ? (['validation', valid] as const) : (['test', test] as const);
  const backend = await selectNodeBackend({ log: options.log });
  const runs = [options.out, ...(options.averageWith ?? [])].map((folder) => readRun(options.task, folder));
  const { plan } = runs[0]!;
  const shape = shapeOf(coding, plan);
  const networks = runs.map(({ parameters }) => {
    const store = createParameters(backend.tf, shape, createRng(0));
    store.load(parameters);
    return new Map(store.entries());
  });
  for (const keys of [[0], coding.shifts]) {
    const nats = framesNats(backend, coding, shape, networks, pieces, plan.rows, keys);
    const how = `${networks.length} network(s), ${keys.length} key(s) averaged`;
    options.log(`${options.task}: ${nats.toFixed(4)} nats a ${coding.unit} on ${part} (${how}).`);
  }
}

function readRun(
  task: string,
  folder: string,
): { readonly plan: PolyphonyPlan; readonly parameters: ReadonlyMap<string, NamedArray> } {
  const checkpoint = readCheckpoint(readCheckpointFolder(path.join(folder, 'checkpoint')), { kind: KIND });
  const config = checkpoint.config as unknown as { task: string; plan: PolyphonyPlan };
  if (config.task !== task) {
    throw new AttuneError('checkpoint/mismatch', `${folder} is of the task ${config.task}, not ${task}.`, {
      folder,
    });
  }
  return { plan: config.plan, parameters: checkpoint.parameters };
}

function readSet(file: string): PolyphonySet {
  if (!existsSync(file)) throw new AttuneError('dataset/missing', `${file} is not there.`, { file });
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const value: unknown = JSON.parse(text);
  const named = value as Record<string, unknown>;
  return parsePolyphonySet('train' in named ? named : { train: [], valid: [], ...named });
}
