import * as z from 'zod';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { openTrainingRun } from '../../family/node/training-run.ts';
import { readPlan } from '../../family/read-fields.ts';
import { SPECTRAL_KIND, spectralShapeSchema, type SpectralConfig } from '../config.ts';
import { BINS } from '../frames.ts';
import {
  completeParameters,
  shapeOfPlan,
  SPECTRAL_PLAN,
  startOfTraining,
  trainSpectral,
  type SpectralPlan,
} from '../train-spectral.ts';
import { joinRows, TONE_PITCHES } from '../tones.ts';
import { readSpectralData } from './spectral-data.ts';

const LOG_EVERY = 20;
/** Validation frames, spread evenly over the part: as many as an evaluation can be spared. */
const VALIDATION_FRAMES = 1536;
/** Length of a run that does not say. */
const STEPS_OF_PLAN = 1528;

const planSchema = z.strictObject({
  ...spectralShapeSchema.shape,
  version: z.string().min(1),
  rows: z.number().int().positive(),
  learningRate: z.number().positive(),
  warmupSteps: z.number().int().positive(),
  decayShare: z.number().min(0.01).max(1),
  finalRate: z.number().min(0).max(1),
  weightDecay: z.number().min(0),
  noise: z.number().min(0),
  penalty: z.number().min(0),
  quietWeight: z.number().min(0),
  evaluateEvery: z.number().int().positive(),
});

/**
 * `attune-generate train --model spectral`: reads clips, plays tones, trains both networks, fits the pitches, and
 * writes a checkpoint folder in half precision. A run of a number of steps that is stopped and resumed equals one that was not.
 */
export async function trainSpectralCommand(options: FamilyTrainOptions): Promise<void> {
  const { log, seed } = options;
  const plan: SpectralPlan = readPlan(planSchema, { ...SPECTRAL_PLAN, ...options.plan });
  log('Reading the clips and playing the tones …');
  const data = await readSpectralData(options.data, 'train', log);
  const held = await readSpectralData(options.data, 'validation', log);
  const validation = thinOut(held.frames, VALIDATION_FRAMES);
  const count = data.frames.length / BINS;
  log(
    `${count} frames of ${data.clips} clips and ${data.tones.pitches.length} of them of tones; ${validation.length / BINS} for validation.`,
  );
  const run = await openTrainingRun(options, { defaultSteps: STEPS_OF_PLAN, logEvery: LOG_EVERY });
  const start = startOfTraining(data.frames, plan.latents, seed);
  let last: unknown;
  const { store, result, validate } = await trainSpectral({
    ...run.hooks,
    backend: run.backend,
    plan,
    frames: data.frames,
    validation,
    seed,
    start,
    schedule: run.schedule(plan),
    checkpointEvery: plan.evaluateEvery,
    onScore: (scores) => {
      if (last === undefined && !run.hooks.resume) run.record(0, {}, scores);
      last = scores;
    },
    onProgress: ({ step, loss, learningRate, score }) =>
      run.record(step, { loss, rate: learningRate }, score === undefined ? undefined : last),
  });
  run.finish(result, (training) => {
    const { dense, convolution } = validate();
    const config: SpectralConfig = {
      version: plan.version,
      shape: shapeOfPlan(plan),
      pitches: TONE_PITCHES,
      preferred: dense.distanceDb <= convolution.distanceDb ? 'dense' : 'convolution',
      training: { plan, seed, clips: data.clips, frames: count, ...training, scores: { dense, convolution } },
    };
    const parameters = completeParameters(config, store.save(), start, data.tones);
    return { kind: SPECTRAL_KIND, config, parameters };
  });
}

/** At most `most` rows of frames [count, BINS], evenly spread. */
function thinOut(frames: Float32Array, most: number): Float32Array {
  const step = Math.max(1, frames.length / BINS / most);
  const kept: Float32Array[] = [];
  for (let at = 0; Math.floor(at) < frames.length / BINS; at += step) {
    const row = Math.floor(at) * BINS;
    kept.push(frames.subarray(row, row + BINS));
  }
  return joinRows(kept);
}
