import { AttuneError, createRng } from '@attune/core';
import {
  METRICS_FILE,
  readCheckpoint,
  readTrainingState,
  writeCheckpoint,
  writeTrainingState,
  type JsonObject,
  type NamedArray,
  type TensorFlow,
} from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { createRunClock } from '../../family/node/run-clock.ts';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { parseVaeConfig, VAE_KIND, vaeParameterShapes, type VaeConfig } from '../config.ts';
import { attributesOf } from '../attributes.ts';
import { fitDirections } from '../latent-arithmetic.ts';
import { linearStart } from '../linear-start.ts';
import { transposeGrid } from '../melody-grid.ts';
import { encodePhrases, phraseBatch } from '../model.ts';
import { melodyWindows, spreadWindows, windowAt, type MelodyPiece } from '../melody-windows.ts';
import { createVaeNetwork, directionParameters, noDirections } from '../network.ts';
import { trainPhrases, trainSongs, type VaeScore } from '../train-vae.ts';
import { readMelodies } from './melody-corpus.ts';

const positive = z.number().int().positive();
/** What a run is made of; the plan of the command line changes single fields. */
const planSchema = z.object({
  version: z.string().min(1).default('vae-melody-1'),
  /** Which level is learned. Songs need `from`, a checkpoint with phrases. */
  part: z.enum(['phrase', 'song']).default('phrase'),
  from: z.string().optional(),
  phraseSteps: positive.default(32),
  embedding: positive.default(32),
  headWidth: positive.default(96),
  patchWidth: positive.optional(),
  hidden: positive.default(256),
  latent: positive.optional(),
  local: positive.optional(),
  phrasesInSong: positive.default(8),
  rows: positive.default(128),
  learningRate: z.number().positive().default(1.5e-3),
  warmupSteps: positive.default(100),
  decayShare: z.number().min(0.01).max(1).default(0.7),
  weightDecay: z.number().min(0).default(0.01),
  beta: z.number().min(0).default(0.2),
  betaWarmup: positive.default(1000),
  freeNats: z.number().min(0).default(0),
  untold: z.number().min(0).max(1).default(0.3),
  distanceWeight: z.number().min(0).default(0.5),
  evaluateEvery: positive.default(250),
  patience: positive.default(20),
  validCount: positive.default(1024),
});
type VaePlan = z.infer<typeof planSchema>;

/** Folders of a run, beside its metrics. */
const STATE_FOLDER = 'state';
const CHECKPOINT_FOLDER = 'checkpoint';
const FINAL_RATE = 0.02;
const LOG_EVERY = 50;
const STEPS_OF_PLAN = 5000;

/** Trains one level of a melody VAE and writes the folder of the run: state, checkpoint, metrics. */
export async function trainVae(options: FamilyTrainOptions): Promise<void> {
  const { out, log, seed } = options;
  const plan = parsePlan(options.plan);
  const lower = plan.part === 'song' ? readLower(plan.from) : undefined;
  const { shape } = lower?.config ? withSong(lower.config, plan) : phraseConfig(plan);
  log('Reading the melodies …');
  const melodies = readMelodies(options.data, 'train');
  const steps = shape.phraseSteps * (plan.part === 'song' ? plan.phrasesInSong : 1);
  const train = melodyWindows(melodies.pieces, steps);
  const valid = melodyWindows(readMelodies(options.data, 'validation').pieces, steps, 16);
  log(
    `${melodies.pieces.length} melodies, ${train.piece.length} windows; ${valid.piece.length} for validation.`,
  );
  mkdirSync(out, { recursive: true });
  const backend = await selectNodeBackend({ log });
  const stateFolder = path.join(out, STATE_FOLDER);
  const resume =
    options.resume && existsSync(stateFolder)
      ? readTrainingState(readCheckpointFolder(stateFolder))
      : undefined;
  const clock = createRunClock({
    ...options,
    defaultSteps: STEPS_OF_PLAN,
    folder: out,
    resumed: resume !== undefined,
  });
  const { from: _from, ...told } = plan; // a path of this machine is nobody's business
  const config = (training: JsonObject): VaeConfig => ({
    version: plan.version,
    shape,
    training: {
      ...(lower && { phrase: lower.config.training }),
      [plan.part]: { plan: told, seed, melodies: melodies.pieces.length, windows: train.piece.length, ...training },
    },
  });
  const metrics = path.join(out, METRICS_FILE);
  if (!resume) writeFileSync(metrics, '');
  let last: VaeScore | undefined;
  let recent = { loss: 0, count: 0 };
  const start =
    lower && !resume ? startOfSongs(backend.tf, shape, lower.parameters, melodies.pieces, seed) : undefined;
  const { store, result } = await (plan.part === 'song' ? trainSongs : trainPhrases)({
    backend,
    shape,
    plan,
    train,
    valid,
    validCount: plan.validCount,
    seed,
    lower: lower?.parameters ?? new Map<string, NamedArray>(),
    ...(start && { start }),
    steps: clock.steps,
    signal: clock.signal,
    now: () => performance.now(),
    schedule: (step) => {
      const warm = Math.min(1, (step + 1) / plan.warmupSteps);
      const left = Math.min(1, Math.max(0, (1 - clock.share(step)) / plan.decayShare));
      return plan.learningRate * warm * (FINAL_RATE + (1 - FINAL_RATE) * left);
    },
    checkpointEvery: plan.evaluateEvery,
    ...(resume && { resume }),
    onScore: (score) => (last = score),
    onProgress: (progress) => {
      recent = { loss: recent.loss + progress.loss, count: recent.count + 1 };
      if (progress.step % LOG_EVERY === 0 || progress.score !== undefined) {
        const line = {
          step: progress.step,
          cpuMinutes: round(clock.cpuMinutes(), 2),
          loss: round(recent.loss / recent.count, 3),
          rate: round(progress.learningRate, 6),
          norm: round(progress.gradientNorm, 2),
          ...(progress.score !== undefined && { validation: mapRound(last!) }),
        };
        recent = { loss: 0, count: 0 };
        appendFileSync(metrics, `${JSON.stringify(line)}\n`);
        log(JSON.stringify(line));
      }
      clock.tick();
    },
    saveState: (state) => {
      writeCheckpointFolder(stateFolder, writeTrainingState(state));
      clock.save();
    },
  });
  const state = readTrainingState(readCheckpointFolder(stateFolder));
  const kept = result.ended === 'cancelled' ? (state.best?.parameters ?? state.parameters) : store.save();
  const summary = {
    steps: result.step,
    cpuMinutes: round(clock.cpuMinutes(), 1),
    ended: clock.isTimeUp() ? 'time' : result.ended,
    backend: backend.name,
    ...(result.best && { validation: round(result.best.score, 3), bestStep: result.best.step }),
  };
  log('Fitting the directions of the attributes …');
  const learned = new Map([...(lower?.parameters ?? []), ...kept]);
  writeCheckpointFolder(
    path.join(out, CHECKPOINT_FOLDER),
    writeCheckpoint(
      {
        kind: VAE_KIND,
        config: config(summary),
        parameters: new Map([...learned, ...fitAttributes(config({}), learned, melodies.pieces)]),
        metrics: readMetrics(metrics),
      },
      { half: true },
    ),
  );
  log(`Done: ${JSON.stringify(summary)}`);
}

/** Phrases of training from which songs take their linear start. */
const START_PHRASES = 8192;

function startOfSongs(
  tf: TensorFlow,
  shape: VaeConfig['shape'],
  lower: ReadonlyMap<string, NamedArray>,
  pieces: readonly MelodyPiece[],
  seed: number,
): Map<string, NamedArray> {
  const rng = createRng(seed).fork('start');
  const windows = melodyWindows(pieces, shape.phraseSteps);
  const phrases = spreadWindows(windows, START_PHRASES).map((index) =>
    transposeGrid(windowAt(windows, index), rng.integer(12) - 5),
  );
  const [means, variances] = tf.tidy(() => {
    const parameters = new Map(
      [...lower].map(([name, { shape: size, data }]) => [name, tf.tensor(data, [...size])]),
    );
    const { mean, logVariance } = encodePhrases(tf, shape, parameters, phraseBatch(phrases));
    return [mean.dataSync(), tf.exp(logVariance).dataSync()];
  }) as unknown as [Float32Array, Float32Array];
  return linearStart(shape, means, variances, rng);
}

/** Pieces of training from which the directions of a level are fitted. */
const FITTED = { phrase: 2000, song: 600 } as const;

function fitAttributes(
  config: VaeConfig,
  learned: ReadonlyMap<string, NamedArray>,
  pieces: readonly MelodyPiece[],
): [string, NamedArray][] {
  const { phraseSteps, song } = config.shape;
  const network = createVaeNetwork(config, new Map([...learned, ...noDirections(config.shape)]));
  return (song ? (['phrase', 'song'] as const) : (['phrase'] as const)).flatMap((level) => {
    const windows = melodyWindows(pieces, level === 'song' ? song!.patches * phraseSteps : phraseSteps);
    const grids = spreadWindows(windows, FITTED[level]).map((index) => windowAt(windows, index));
    const encode = level === 'song' ? network.encodeSong : network.encodePhrase;
    return directionParameters(
      level,
      fitDirections(
        grids.map((grid) => encode(grid).mean),
        grids.map(attributesOf),
      ),
    );
  });
}

function readMetrics(file: string): JsonObject[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JsonObject);
}

function parsePlan(given: FamilyTrainOptions['plan']): VaePlan {
  const parsed = planSchema.strict().safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new AttuneError(
    'argument/invalid',
    `The plan does not fit at ${issue.path.join('.')}: ${issue.message}.`,
    {
      field: issue.path.join('.'),
    },
  );
}

function phraseConfig(plan: VaePlan): Pick<VaeConfig, 'shape'> {
  const { phraseSteps, embedding, headWidth, hidden, patchWidth = 128, latent = 96, local = 8 } = plan;
  const phrase = { patches: phraseSteps / 4, patchWidth, hidden, latent, local };
  return {
    shape: parseVaeConfig({
      version: plan.version,
      training: {},
      shape: { embedding, headWidth, phraseSteps, phrase },
    }).shape,
  };
}

function withSong(config: VaeConfig, plan: VaePlan): Pick<VaeConfig, 'shape'> {
  const { hidden, patchWidth = 128, latent = 512, local = 56, phrasesInSong: patches } = plan;
  return {
    shape: parseVaeConfig({
      ...config,
      shape: { ...config.shape, song: { patches, patchWidth, hidden, latent, local } },
    }).shape,
  };
}

/** A checkpoint with phrases, without its songs. */
function readLower(folder: string | undefined): { config: VaeConfig; parameters: Map<string, NamedArray> } {
  if (folder === undefined) {
    throw new AttuneError(
      'argument/invalid',
      'Songs are trained over phrases: name their checkpoint in the plan as `from`.',
    );
  }
  const { config, parameters } = readCheckpoint(readCheckpointFolder(folder), { kind: VAE_KIND });
  const parsed = parseVaeConfig(config);
  const { song: _, ...shape } = parsed.shape;
  const names = vaeParameterShapes(shape).map(([name]) => name);
  const missing = names.find((name) => !parameters.has(name));
  if (missing)
    throw new AttuneError('checkpoint/mismatch', `The checkpoint has no parameter ${missing}.`, {
      parameter: missing,
    });
  const training = (parsed.training['phrase'] ?? {}) as VaeConfig['training'];
  return {
    config: { ...parsed, shape, training },
    parameters: new Map(names.map((name) => [name, parameters.get(name)!])),
  };
}

function mapRound(values: VaeScore): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value as number, 3)]));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
