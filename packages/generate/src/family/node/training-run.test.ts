import { createRng } from '@attune/core';
import {
  constantSchedule,
  createAdamW,
  ParameterStore,
  readCheckpoint,
  shuffledBatches,
  train,
  zeros,
  type TrainResult,
} from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FamilyTrainOptions } from './family-tools.ts';
import { openTrainingRun, type TrainingRun } from './training-run.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'attune-run-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const PLAN = { defaultSteps: 10, logEvery: 4 };
const RATES = { learningRate: 1, warmupSteps: 4, decayShare: 0.5, finalRate: 0.1 };

function open(changes: Partial<FamilyTrainOptions> = {}): Promise<TrainingRun> {
  const options = { out: folder, data: '', seed: 1, resume: false, log: () => undefined, ...changes };
  return openTrainingRun(options, PLAN);
}

/** A line through points: one weight that goes to 3. */
async function learn(run: TrainingRun, after: (step: number) => void = () => undefined) {
  const { tf } = run.backend;
  const store = new ParameterStore(tf, createRng(1));
  const weight = store.create('weight', [1], zeros);
  const result = await train<number[]>({
    ...run.hooks,
    tf,
    store,
    optimiser: createAdamW(tf, store, { weightDecay: 0 }),
    batches: shuffledBatches(4, 2, createRng(2)),
    rng: createRng(3),
    lossOf: (batch) =>
      tf.mean(
        tf.square(
          tf.sub(
            tf.mul(weight, tf.tensor1d(batch)),
            batch.map((x) => 3 * x),
          ),
        ),
      ),
    schedule: constantSchedule(0.1),
    checkpointEvery: 2,
    onProgress: ({ step, loss }) => {
      run.record(step, { loss }, step === 6 ? { apart: 1.23456 } : undefined);
      after(step);
    },
  });
  return { store, result };
}

const finish = (run: TrainingRun, { store, result }: { store: ParameterStore; result: TrainResult }): void =>
  run.finish(result, (training) => ({ kind: 'line', config: { training }, parameters: store.save() }));

const lines = (): Record<string, unknown>[] =>
  readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a training run', () => {
  it('is as long as its plan says, keeps its metrics, and leaves a checkpoint that says what it was', async () => {
    const run = await open();
    finish(run, await learn(run));
    const { kind, config, parameters, metrics } = readCheckpoint(
      readCheckpointFolder(path.join(folder, 'checkpoint')),
    );
    expect(kind).toBe('line');
    expect(config['training']).toMatchObject({ steps: 10, ended: 'finished', backend: run.backend.name });
    expect(parameters.get('weight')!.shape).toEqual([1]);
    expect(metrics).toEqual(lines());
    expect(lines().map(({ step }) => step)).toEqual([4, 6, 8]);
    expect(lines()[1]).toMatchObject({ validation: { apart: 1.2346 } });
  });

  it('stopped by its caller it keeps its state, says so, and going on equals never having stopped', async () => {
    const whole = await open();
    const { store } = await learn(whole);
    const wanted = store.save().get('weight')!.data;
    const stop = new AbortController();
    const first = await open({ signal: stop.signal });
    const stopped = await learn(first, (step) => step === 5 && stop.abort());
    expect(() => finish(first, stopped)).toThrow(expect.objectContaining({ code: 'cancelled' }) as Error);
    const second = await open({ resume: true });
    const resumed = await learn(second);
    expect(resumed.result.step).toBe(10);
    expect(resumed.store.save().get('weight')!.data).toEqual(wanted);
  });

  it('limited by time it ends as if the last update had come', async () => {
    const run = await open({ cpuMinutes: 1e-6 });
    finish(run, await learn(run));
    const { config } = readCheckpoint(readCheckpointFolder(path.join(folder, 'checkpoint')));
    expect(config['training']).toMatchObject({ steps: 1, ended: 'time' });
  });

  it('has rates that rise, stay and fall over the run', async () => {
    const rate = (await open({ steps: 100 })).schedule(RATES);
    expect([0, 3, 50, 75, 100].map(rate)).toEqual([0.25, 1, 1, 0.55, 0.1]);
  });

  it('refuses two limits', async () => {
    await expect(open({ steps: 5, minutes: 1 })).rejects.toMatchObject({ code: 'argument/invalid' });
  });
});
