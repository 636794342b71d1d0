import { AttuneError, createRng } from '@attune/core';
import { readCheckpoint } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import * as z from 'zod';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { openTrainingRun } from '../../family/node/training-run.ts';
import { readPlan } from '../../family/read-fields.ts';
import { melodyAttributesOf, MELODY_ATTRIBUTES } from '../../vae/attributes.ts';
import { parseVaeConfig, vaeParameterShapes } from '../../vae/config.ts';
import { readCorpus } from '../../vae/node/voice-corpus.ts';
import { shippedVaeFolder } from '../../vae/node/shipped-vae.ts';
import { GRID_PER_BAR, type VoiceGrid } from '../../vae/voice-grid.ts';
import { MELODY } from '../../vae/voice-sets.ts';
import { DIFFUSION_KIND, latentScaleShape, parseDiffusionConfig } from '../config.ts';
import { encodeMelodies, latentScale, transposedMelodies } from '../latent-songs.ts';
import { keyOfMelody } from '../melody-key.ts';
import { trainDiffusion } from '../train-diffusion.ts';

const positive = z.number().int().positive();
const share = z.number().min(0).max(1);
/** What a run is made of; the plan of the command line changes single fields. */
const planSchema = z.strictObject({
  version: z.string().min(1).default('diffusion-melody-2'),
  /** Checkpoint of the melody VAE; absent: the shipped one. */
  vae: z.string().optional(),
  width: positive.default(128),
  layers: positive.default(4),
  heads: positive.default(4),
  feedForward: positive.default(384),
  split: positive.default(8),
  letters: positive.default(32),
  phrases: positive.default(32),
  lengths: z.array(positive).min(1).default([8, 16, 32]),
  /** Transposed copies of the training melodies, the plain ones among them. */
  copies: positive.default(3),
  tokens: positive.default(128),
  withoutStyle: share.default(0.3),
  withoutAttribute: share.default(0.5),
  withoutKey: share.default(0.2),
  withoutPlan: share.default(0.4),
  withGiven: share.default(0.4),
  learningRate: z.number().positive().default(1.5e-3),
  warmupSteps: positive.default(100),
  decayShare: z.number().min(0.01).max(1).default(0.6),
  weightDecay: z.number().min(0).default(0.01),
  averageDecay: z.number().min(0).max(0.99999).default(0.998),
  evaluateEvery: positive.default(250),
  patience: positive.default(20),
  validBatches: positive.default(8),
});

const FINAL_RATE = 0.02;
const LOG_EVERY = 50;
const STEPS_OF_PLAN = 3000;
const FEWEST_PHRASES = 8;

/** Trains latent diffusion over the phrases of a melody VAE and writes the folder of the run. */
export async function trainDiffusionCommand(options: FamilyTrainOptions): Promise<void> {
  const { log, seed, data } = options;
  const plan = readPlan(planSchema, options.plan ?? {});
  const { vae: _vae, ...told } = plan; // a path of this machine is nobody's business
  const vae = readCheckpoint(readCheckpointFolder(plan.vae ?? shippedVaeFolder(MELODY)), {
    kind: MELODY.kind,
  });
  const vaeConfig = parseVaeConfig(vae.config, MELODY);
  const { phrase } = vaeConfig.shape;
  const run = await openTrainingRun(options, { defaultSteps: STEPS_OF_PLAN, logEvery: LOG_EVERY });
  const { tf } = run.backend;
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
  const melodies = readCorpus(data, MELODY, 'train').pieces;
  const rng = createRng(seed);
  const copies = Array.from({ length: plan.copies }, (_, i) =>
    i === 0 ? melodies : transposedMelodies(melodies, rng.fork(`copy${i}`)),
  ).flat();
  const songs = encodeMelodies(tf, vaeConfig.shape, parameters, copies, FEWEST_PHRASES);
  const valid = encodeMelodies(
    tf,
    vaeConfig.shape,
    parameters,
    readCorpus(data, MELODY, 'validation').pieces,
    FEWEST_PHRASES,
  );
  for (const tensor of parameters.values()) tensor.dispose();
  const scale = latentScale(songs, phrase.latent);
  const base = {
    version: plan.version,
    vae: vaeConfig.version,
    shape: { latent: phrase.latent, whole: phrase.latent - phrase.patches * phrase.local, ...plan },
    styles: [...new Set(melodies.flatMap(({ style }) => style ?? []))].sort(),
    attributes: attributeScale(melodies.map(({ grid }) => grid)),
    majorShare: shareOfMajor(melodies.map(({ grid }) => grid)),
  };
  log(`${songs.length} melodies of ${FEWEST_PHRASES} phrases or more, ${valid.length} for validation.`);
  const config = parseDiffusionConfig({ ...base, training: {} });
  const { store, result } = await trainDiffusion({
    ...run.hooks,
    backend: run.backend,
    config,
    scale,
    plan,
    train: songs,
    valid,
    seed,
    schedule: run.schedule({ ...plan, finalRate: FINAL_RATE }),
    checkpointEvery: plan.evaluateEvery,
    onProgress: ({ step, loss, learningRate, gradientNorm, score }) =>
      run.record(step, { loss, rate: learningRate, norm: gradientNorm }, score),
  });
  run.finish(result, (training) => {
    const [scaleName, scaleShape] = latentScaleShape(config.shape);
    return {
      kind: DIFFUSION_KIND,
      config: { ...config, training: { plan: told, seed, songs: songs.length, ...training } },
      parameters: new Map([...store.save(), [scaleName, { shape: scaleShape, data: scale }]]),
    };
  });
}

function shareOfMajor(grids: readonly VoiceGrid[]): number {
  const keys = grids.flatMap((grid) => keyOfMelody(grid) ?? []);
  return keys.filter(({ mode }) => mode === 'major').length / keys.length;
}

/** Means and deviations of the attributes over excerpts of 16 bars. */
function attributeScale(grids: readonly VoiceGrid[]): { means: number[]; deviations: number[] } {
  const steps = 16 * GRID_PER_BAR;
  const values = grids.flatMap((grid) =>
    Array.from({ length: Math.floor(grid.length / steps) }, (_, i) =>
      melodyAttributesOf(grid.subarray(i * steps, (i + 1) * steps)),
    ),
  );
  const means = MELODY_ATTRIBUTES.map((_, k) => values.reduce((sum, v) => sum + v[k]!, 0) / values.length);
  const deviations = means.map(
    (mean, k) => Math.sqrt(values.reduce((sum, v) => sum + (v[k]! - mean) ** 2, 0) / values.length) || 1,
  );
  return { means, deviations };
}
