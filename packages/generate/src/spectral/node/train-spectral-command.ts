import { AttuneError } from '@attune/core';
import {
  METRICS_FILE,
  readTrainingState,
  writeCheckpoint,
  writeTrainingState,
  type Json,
  type JsonObject,
  type NamedArray,
} from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { warmupThenDecay } from '../../transformer/node/train-command.ts';
import { SPECTRAL_KIND, type SpectralConfig, type SpectralNetworkName } from '../config.ts';
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

const STATE_FOLDER = 'state';
const CHECKPOINT_FOLDER = 'checkpoint';
const CLOCK_FILE = 'elapsed.json';
const LOG_EVERY = 20;
/** Validation frames, spread evenly over the part: as many as an evaluation can be spared. */
const VALIDATION_FRAMES = 1536;
/** Length of a run that does not say. */
const DEFAULT_CPU_MINUTES = 9;

/**
 * `attune-generate train --model spectral`: reads clips, plays tones, trains both networks, fits the pitches, and
 * writes a checkpoint folder in half precision. A run of a number of steps that is stopped and resumed equals one that was not.
 */
export async function trainSpectralCommand(options: FamilyTrainOptions): Promise<void> {
  const { log, seed, out } = options;
  const limits = [options.steps, options.minutes, options.cpuMinutes].filter((limit) => limit !== undefined);
  if (limits.length > 1) {
    throw new AttuneError('argument/invalid', 'Training is given either a number of steps or of minutes.');
  }
  const plan = mergePlan(options.plan ?? {});
  const cpuMinutes = limits.length === 0 ? DEFAULT_CPU_MINUTES : options.cpuMinutes;
  const backend = await selectNodeBackend({ log });
  const startTime = performance.now();
  const startCpu = process.cpuUsage();

  log('Reading the clips and playing the tones …');
  const data = await readSpectralData(options.data, 'train', log);
  const held = await readSpectralData(options.data, 'validation', log);
  const validation = thinOut(held.frames, VALIDATION_FRAMES);
  const count = data.frames.length / BINS;
  log(
    `${count} frames of ${data.clips} clips and ${data.tones.pitches.length} of them of tones; ${validation.length / BINS} for validation.`,
  );

  mkdirSync(out, { recursive: true });
  const stateFolder = path.join(out, STATE_FOLDER);
  const clockPath = path.join(out, CLOCK_FILE);
  const isResumed = options.resume && existsSync(clockPath);
  const state = isResumed ? readTrainingState(readCheckpointFolder(stateFolder)) : undefined;
  const earlier = isResumed
    ? (JSON.parse(readFileSync(clockPath, 'utf8')) as { seconds: number }).seconds
    : 0;
  if (state) log(`Resuming at step ${state.step}.`);
  const metricsPath = path.join(out, METRICS_FILE);
  if (!state) writeFileSync(metricsPath, '');

  const cpuSeconds = (): number => {
    const { user, system } = process.cpuUsage(startCpu);
    return (user + system) / 1e6;
  };
  const spent = (): number =>
    earlier + (cpuMinutes === undefined ? (performance.now() - startTime) / 1000 : cpuSeconds());
  const limit = (cpuMinutes ?? options.minutes ?? Infinity) * 60;
  const done = (step: number): number => (options.steps ? step / options.steps : spent() / limit);
  const timeUp = new AbortController();
  options.signal?.addEventListener('abort', () => timeUp.abort());

  const config = (preferred: SpectralNetworkName, training: JsonObject): SpectralConfig => ({
    version: plan.version,
    shape: shapeOfPlan(plan),
    pitches: TONE_PITCHES,
    preferred,
    training: { plan, seed, clips: data.clips, frames: count, backend: backend.name, ...training },
  });
  const start = startOfTraining(data.frames, plan.latents, seed);
  const { store, result, validate } = await trainSpectral({
    backend,
    plan,
    frames: data.frames,
    validation,
    seed,
    start,
    steps: options.steps ?? Number.MAX_SAFE_INTEGER,
    schedule: (step) => plan.learningRate * warmupThenDecay(step, done(step), plan),
    checkpointEvery: plan.evaluateEvery,
    signal: timeUp.signal,
    now: () => performance.now(),
    ...(state && { resume: state }),
    onProgress: ({ step, loss, learningRate, score, tokensPerSecond }) => {
      if (step % LOG_EVERY === 0 || score !== undefined) {
        const line = JSON.stringify({
          step,
          minutes: round(spent() / 60, 2),
          loss: round(loss, 6),
          rate: round(learningRate, 6),
          framesPerSecond: Math.round(tokensPerSecond ?? 0),
          ...(score !== undefined && { validation: round(score, 6) }),
        });
        appendFileSync(metricsPath, `${line}\n`);
        log(line);
      }
      if (spent() > limit) timeUp.abort();
    },
    saveState: (now) => {
      writeCheckpointFolder(stateFolder, writeTrainingState(now));
      writeFileSync(clockPath, JSON.stringify({ seconds: spent() }));
    },
  });
  if (options.signal?.aborted)
    throw new AttuneError('cancelled', `Training was stopped at step ${result.step}; --resume goes on.`);

  // Time may have run out between two evaluations: the last weights compete with the best ones.
  const parameters = keepBest(store.save(), total(validate()), result.best?.score, stateFolder);
  store.load(parameters);
  const losses = validate();
  const preferred = losses.dense <= losses.convolution ? 'dense' : 'convolution';
  const summary: Record<string, Json> = {
    steps: result.step,
    cpuMinutes: round(cpuSeconds() / 60, 1),
    validation: { dense: round(losses.dense, 6), convolution: round(losses.convolution, 6) },
  };
  const finished = config(preferred, summary);
  writeCheckpointFolder(
    path.join(out, CHECKPOINT_FOLDER),
    writeCheckpoint(
      {
        kind: SPECTRAL_KIND,
        config: finished as unknown as JsonObject,
        parameters: completeParameters(finished, parameters, start, data.tones),
        metrics: readMetrics(metricsPath),
      },
      { half: true },
    ),
  );
  log(`Done: ${JSON.stringify(summary)}`);
}

function keepBest(
  last: ReadonlyMap<string, NamedArray>,
  score: number,
  best: number | undefined,
  stateFolder: string,
): ReadonlyMap<string, NamedArray> {
  if (best === undefined || score <= best) return last;
  return readTrainingState(readCheckpointFolder(stateFolder)).best!.parameters;
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

/** The plan with some fields replaced. Throws `argument/invalid` for a field that it has not, or of another type. */
function mergePlan(changes: Readonly<Record<string, unknown>>): SpectralPlan {
  for (const [field, value] of Object.entries(changes)) {
    const known: unknown = Object.hasOwn(SPECTRAL_PLAN, field)
      ? SPECTRAL_PLAN[field as keyof SpectralPlan]
      : undefined;
    if (
      known === undefined ||
      typeof known !== typeof value ||
      Array.isArray(known) !== Array.isArray(value)
    ) {
      throw new AttuneError('argument/invalid', `A plan of the spectral model has no such ${field}.`, {
        field,
      });
    }
  }
  return { ...SPECTRAL_PLAN, ...(changes as Partial<SpectralPlan>) };
}

function readMetrics(file: string): JsonObject[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JsonObject);
}

function total(losses: Readonly<Record<SpectralNetworkName, number>>): number {
  return losses.dense + losses.convolution;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
