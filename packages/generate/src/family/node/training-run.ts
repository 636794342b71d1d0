import { AttuneError } from '@attune/core';
import {
  METRICS_FILE,
  readTrainingState,
  warmupThenDecay,
  writeCheckpoint,
  writeTrainingState,
  type Backend,
  type JsonObject,
  type NamedArray,
  type TrainingState,
  type TrainResult,
  type WarmupDecayOptions,
} from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FamilyTrainOptions } from './family-tools.ts';
import { readMetrics } from './read-metrics.ts';
import { createRunClock } from './run-clock.ts';

/** Folders of a run, beside its metrics. */
const STATE_FOLDER = 'state';
const CHECKPOINT_FOLDER = 'checkpoint';

/** What the plan of a family says of its runs. */
export interface RunPlan {
  /** Updates of a run that is given no limit. */
  readonly defaultSteps: number;
  /** Updates between two lines of the metrics. */
  readonly logEvery: number;
}

/** How the learning rate goes over a run. */
export interface RatePlan extends WarmupDecayOptions {
  /** Its peak. */
  readonly learningRate: number;
}

/** How a training function says that it ended. */
export type RunEnd = Pick<TrainResult, 'step' | 'ended' | 'best'>;

/** A run of training in its folder: what every kind of model does alike, whatever it learns. */
export interface TrainingRun {
  readonly backend: Backend;
  /** What the training functions take: how long, from where, where to save, when to stop. */
  readonly hooks: {
    readonly steps: number;
    readonly isOver: () => boolean;
    readonly signal?: AbortSignal;
    readonly resume?: TrainingState;
    readonly saveState: (state: TrainingState) => void;
    readonly now: () => number;
  };
  /** Rises over the first updates, stays, and falls in a line over the last share of the run, of updates or of time. */
  schedule(plan: RatePlan): (step: number) => number;
  /**
   * To be called after each update: the metrics get the means of these numbers since the line before, every `logEvery`
   * updates and whenever there is something of a `validation` to say.
   */
  record(step: number, values: Readonly<Record<string, number>>, validation?: unknown): void;
  /**
   * Writes the checkpoint in half precision, with what the run was in its configuration. A run that its caller stopped
   * throws `cancelled` instead: its state is in the folder, and resuming goes on from there.
   */
  finish(end: RunEnd, checkpointOf: (training: JsonObject) => FinishedModel): void;
}

/** What a run made. */
export interface FinishedModel {
  readonly kind: string;
  readonly config: object;
  readonly parameters: ReadonlyMap<string, NamedArray>;
  /** Lines of the run that this one went on from, to stand before its own. */
  readonly earlier?: readonly JsonObject[];
}

/**
 * Opens the folder of a run, with `resume` to go on from its state. Throws `argument/invalid` for two limits and
 * `checkpoint/…` for a state that cannot be read.
 */
export async function openTrainingRun(options: FamilyTrainOptions, plan: RunPlan): Promise<TrainingRun> {
  const { out, log, signal } = options;
  mkdirSync(out, { recursive: true });
  const stateFolder = path.join(out, STATE_FOLDER);
  const metricsFile = path.join(out, METRICS_FILE);
  const resume =
    options.resume && existsSync(stateFolder)
      ? readTrainingState(readCheckpointFolder(stateFolder))
      : undefined;
  const backend = await selectNodeBackend({ log });
  if (resume) log(`Going on from update ${resume.step}.`);
  else writeFileSync(metricsFile, '');
  const clock = createRunClock({
    ...options,
    defaultSteps: plan.defaultSteps,
    folder: out,
    resumed: resume !== undefined,
  });
  let recent: Readonly<Record<string, number>>[] = [];
  return {
    backend,
    hooks: {
      steps: clock.steps,
      isOver: () => clock.isOver(),
      ...(signal && { signal }),
      ...(resume && { resume }),
      saveState(state) {
        writeCheckpointFolder(stateFolder, writeTrainingState(state));
        clock.save();
      },
      now: () => performance.now(),
    },
    schedule: (rates) => (step) => rates.learningRate * warmupThenDecay(step, clock.share(step), rates),
    record(step, values, validation) {
      recent.push(values);
      if (step % plan.logEvery !== 0 && validation === undefined) return;
      const line = JSON.stringify({
        step,
        cpuMinutes: round(clock.cpuMinutes(), 3),
        ...mapValues(meansOf(recent), (value) => round(value, 4)),
        ...(validation !== undefined && { validation: rounded(validation) }),
      });
      recent = [];
      appendFileSync(metricsFile, `${line}\n`);
      log(line);
    },
    finish({ step, ended, best }, checkpointOf) {
      if (ended === 'cancelled') {
        throw new AttuneError('cancelled', `Training was stopped at update ${step}; --resume goes on.`, {
          kept: stateFolder,
        });
      }
      const summary = {
        steps: step,
        cpuMinutes: round(clock.cpuMinutes(), 3),
        ended: ended === 'finished' && clock.isOver() ? 'time' : ended,
        backend: backend.name,
        ...(best && { validation: round(best.score, 4), bestStep: best.step }),
      };
      const { kind, config, parameters, earlier = [] } = checkpointOf(summary);
      writeCheckpointFolder(
        path.join(out, CHECKPOINT_FOLDER),
        writeCheckpoint(
          {
            kind,
            config: config as JsonObject,
            parameters,
            metrics: [...earlier, ...readMetrics(metricsFile)],
          },
          { half: true },
        ),
      );
      log(`Done: ${JSON.stringify(summary)}`);
    },
  };
}

function meansOf(rows: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  return mapValues(rows[0]!, (_, name) => rows.reduce((sum, row) => sum + row[name]!, 0) / rows.length);
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return round(value, 4);
  if (typeof value === 'object' && value !== null)
    return mapValues(value as Record<string, unknown>, rounded);
  return value;
}

function mapValues<A, B>(
  values: Readonly<Record<string, A>>,
  change: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

/** Four digits for what is near 1, and as many places that count for what is smaller. */
function round(value: number, digits: number): number {
  return Math.abs(value) >= 0.1 || value === 0
    ? Number(value.toFixed(digits))
    : Number(value.toPrecision(digits));
}
