import { AttuneError, createRng } from '@attune/core';
import {
  METRICS_FILE,
  readCheckpoint,
  readTrainingState,
  writeCheckpoint,
  writeTrainingState,
  type JsonObject,
} from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { createRunClock } from '../../family/node/run-clock.ts';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { attributesOf, MELODY_ATTRIBUTES } from '../../vae/attributes.ts';
import { parseVaeConfig, VAE_KIND, vaeParameterShapes } from '../../vae/config.ts';
import { GRID_PER_BAR, type MelodyGrid } from '../../vae/melody-grid.ts';
import { readMelodies } from '../../vae/node/melody-corpus.ts';
import { SHIPPED_VAE } from '../../vae/node/shipped-vae.ts';
import { DIFFUSION_KIND, latentScaleShape, parseDiffusionConfig, type DiffusionConfig } from '../config.ts';
import { encodeMelodies, latentScale, transposedMelodies } from '../latent-songs.ts';
import { trainDiffusion } from '../train-diffusion.ts';

const positive = z.number().int().positive();
const share = z.number().min(0).max(1);
/** What a run is made of; the plan of the command line changes single fields. */
const planSchema = z.object({
  version: z.string().min(1).default('diffusion-melody-1'),
  /** Checkpoint of the melody VAE; absent: the shipped one. */
  vae: z.string().optional(),
  width: positive.default(128),
  layers: positive.default(4),
  heads: positive.default(4),
  feedForward: positive.default(384),
  letters: positive.default(32),
  phrases: positive.default(32),
  lengths: z.array(positive).min(1).default([8, 16, 32]),
  /** Transposed copies of the training melodies, the plain ones among them. */
  copies: positive.default(3),
  tokens: positive.default(512),
  withoutStyle: share.default(0.3),
  withoutAttribute: share.default(0.5),
  withoutPlan: share.default(0.4),
  withGiven: share.default(0.4),
  learningRate: z.number().positive().default(1.5e-3),
  warmupSteps: positive.default(100),
  decayShare: z.number().min(0.01).max(1).default(0.6),
  weightDecay: z.number().min(0).default(0.01),
  evaluateEvery: positive.default(250),
  patience: positive.default(20),
  validBatches: positive.default(8),
});

/** Folders of a run, beside its metrics. */
const STATE_FOLDER = 'state';
const CHECKPOINT_FOLDER = 'checkpoint';
const FINAL_RATE = 0.02;
const LOG_EVERY = 50;
const STEPS_OF_PLAN = 3000;
const FEWEST_PHRASES = 8;

/** Trains latent diffusion over the phrases of a melody VAE and writes the folder of the run. */
export async function trainDiffusionCommand(options: FamilyTrainOptions): Promise<void> {
  const { out, log, seed, data } = options;
  const parsed = planSchema.strict().safeParse(options.plan ?? {});
  if (!parsed.success) {
    const field = parsed.error.issues[0]!.path.join('.');
    throw new AttuneError(
      'argument/invalid',
      `The plan does not fit at ${field}: ${parsed.error.issues[0]!.message}.`,
      { field },
    );
  }
  const plan = parsed.data;
  const { vae: _vae, ...told } = plan; // a path of this machine is nobody's business
  const vae = readCheckpoint(readCheckpointFolder(plan.vae ?? SHIPPED_VAE), { kind: VAE_KIND });
  const vaeConfig = parseVaeConfig(vae.config);
  const { phrase } = vaeConfig.shape;
  mkdirSync(out, { recursive: true });
  const backend = await selectNodeBackend({ log });
  const { tf } = backend;
  log('Reading and encoding the melodies …');
  const names = vaeParameterShapes(vaeConfig.shape, 'phrase').map(([name]) => name);
  const parameters = new Map(
    names.map((name) => {
      const array = vae.parameters.get(name);
      if (!array)
        throw new AttuneError('checkpoint/mismatch', `The checkpoint has no parameter ${name}.`, {
          parameter: name,
        });
      return [name, tf.tensor(Float32Array.from(array.data), [...array.shape])];
    }),
  );
  const melodies = readMelodies(data, 'train').pieces;
  const rng = createRng(seed);
  const copies = Array.from({ length: plan.copies }, (_, i) =>
    i === 0 ? melodies : transposedMelodies(melodies, rng.fork(`copy${i}`)),
  ).flat();
  const songs = encodeMelodies(tf, vaeConfig.shape, parameters, copies, FEWEST_PHRASES);
  const valid = encodeMelodies(
    tf,
    vaeConfig.shape,
    parameters,
    readMelodies(data, 'validation').pieces,
    FEWEST_PHRASES,
  );
  for (const tensor of parameters.values()) tensor.dispose();
  const scale = latentScale(songs, phrase.latent);
  const base = {
    version: plan.version,
    vae: vaeConfig.version,
    shape: { latent: phrase.latent, ...plan },
    styles: [...new Set(melodies.flatMap(({ style }) => style ?? []))].sort(),
    attributes: attributeScale(melodies.map(({ grid }) => grid)),
  };
  const config = (training: JsonObject): DiffusionConfig =>
    parseDiffusionConfig({ ...base, training: { plan: told, seed, songs: songs.length, ...training } });
  log(`${songs.length} melodies of ${FEWEST_PHRASES} phrases or more, ${valid.length} for validation.`);

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
  const metrics = path.join(out, METRICS_FILE);
  if (!resume) writeFileSync(metrics, '');
  let recent = { loss: 0, count: 0 };
  const { store, result } = await trainDiffusion({
    backend,
    config: config({}),
    scale,
    plan,
    train: songs,
    valid,
    seed,
    steps: clock.steps,
    signal: clock.signal,
    schedule: (step) => {
      const warm = Math.min(1, (step + 1) / plan.warmupSteps);
      const left = Math.min(1, Math.max(0, (1 - clock.share(step)) / plan.decayShare));
      return plan.learningRate * warm * (FINAL_RATE + (1 - FINAL_RATE) * left);
    },
    checkpointEvery: plan.evaluateEvery,
    ...(resume && { resume }),
    onProgress: (progress) => {
      recent = { loss: recent.loss + progress.loss, count: recent.count + 1 };
      if (progress.step % LOG_EVERY === 0 || progress.score !== undefined) {
        const line = {
          step: progress.step,
          cpuMinutes: round(clock.cpuMinutes(), 2),
          loss: round(recent.loss / recent.count, 4),
          rate: round(progress.learningRate, 6),
          norm: round(progress.gradientNorm, 3),
          ...(progress.score !== undefined && { validation: round(progress.score, 4) }),
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
  // Stopped by the clock, the last weights have the lowest rate behind them: they are kept.
  const summary = {
    steps: result.step,
    cpuMinutes: round(clock.cpuMinutes(), 1),
    ended: clock.isTimeUp() ? 'time' : result.ended,
    backend: backend.name,
    ...(result.best && { validation: round(result.best.score, 4), bestStep: result.best.step }),
  };
  const [scaleName, scaleShape] = latentScaleShape(config({}).shape);
  writeCheckpointFolder(
    path.join(out, CHECKPOINT_FOLDER),
    writeCheckpoint(
      {
        kind: DIFFUSION_KIND,
        config: config(summary),
        parameters: new Map([...store.save(), [scaleName, { shape: scaleShape, data: scale }]]),
        metrics: readFileSync(metrics, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as JsonObject),
      },
      { half: true },
    ),
  );
  log(`Done: ${JSON.stringify(summary)}`);
}

/** Means and deviations of the attributes over excerpts of 16 bars. */
function attributeScale(grids: readonly MelodyGrid[]): { means: number[]; deviations: number[] } {
  const steps = 16 * GRID_PER_BAR;
  const values = grids.flatMap((grid) =>
    Array.from({ length: Math.floor(grid.length / steps) }, (_, i) =>
      attributesOf(grid.subarray(i * steps, (i + 1) * steps)),
    ),
  );
  const means = MELODY_ATTRIBUTES.map((_, k) => values.reduce((sum, v) => sum + v[k]!, 0) / values.length);
  const deviations = means.map(
    (mean, k) => Math.sqrt(values.reduce((sum, v) => sum + (v[k]! - mean) ** 2, 0) / values.length) || 1,
  );
  return { means, deviations };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
