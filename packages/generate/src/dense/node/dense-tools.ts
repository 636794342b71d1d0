import { createRng } from '@attune/core';
import {
  METRICS_FILE,
  readCheckpoint,
  readTrainingState,
  writeCheckpoint,
  writeTrainingState,
} from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { STYLES } from '@attune/core/style';
import { compoundTokenizer, FIELD_COUNT } from '@attune/core/tokens';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FamilyTools, FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { readMetrics } from '../../family/node/read-metrics.ts';
import { createRunClock } from '../../family/node/run-clock.ts';
import { evaluateNoteModels } from '../../ngram/node/evaluate-note-models.ts';
import { readNoteCorpus } from '../../ngram/node/note-corpus.ts';
import { createNotePriors } from '../../ngram/note-priors.ts';
import { DENSE_KIND, resolveDensePlan, type DenseConfig } from '../config.ts';
import { createDenseSampler } from '../dense-sampler.ts';
import { trainDense } from '../train-dense.ts';
import { shippedDenseFolder } from './shipped-dense.ts';

const STATE_FOLDER = 'state';
const CHECKPOINT_FOLDER = 'checkpoint';
const LOG_EVERY = 50;

/** `--model dense` of the command line. */
export const DENSE_TOOLS: FamilyTools = {
  load: (folder = shippedDenseFolder()) =>
    Promise.resolve().then(() =>
      createDenseSampler(readCheckpoint(readCheckpointFolder(folder), { kind: DENSE_KIND })),
    ),
  train: trainCommand,
  evaluate: evaluateNoteModels,
};

async function trainCommand(options: FamilyTrainOptions): Promise<void> {
  const { out, log, seed } = options;
  const plan = resolveDensePlan(options.plan);
  mkdirSync(out, { recursive: true });
  const stateFolder = path.join(out, STATE_FOLDER);
  const metricsFile = path.join(out, METRICS_FILE);
  const state =
    options.resume && existsSync(stateFolder)
      ? readTrainingState(readCheckpointFolder(stateFolder))
      : undefined;
  const backend = await selectNodeBackend({ log });
  log('Reading the data …');
  const pieces = [...readNoteCorpus(options.data, 'train', plan)];
  const notes = pieces.reduce((sum, { sequence }) => sum + sequence.steps.length / FIELD_COUNT - 1, 0);
  log(`${pieces.length} pieces, ${notes} notes.`);
  if (!state) writeFileSync(metricsFile, '');
  const clock = createRunClock({
    ...options,
    defaultSteps: plan.steps,
    folder: out,
    resumed: state !== undefined,
  });
  let recent: number[] = [];
  const result = await trainDense({
    tf: backend.tf,
    plan: { ...plan, steps: clock.steps },
    pieces,
    styles: STYLES,
    seed,
    signal: clock.signal,
    ...(state && { resume: state }),
    onProgress: ({ step, loss }) => {
      clock.tick();
      recent.push(loss);
      if (step % LOG_EVERY !== 0) return;
      const mean = recent.reduce((sum, one) => sum + one, 0) / recent.length;
      const line = JSON.stringify({ step, loss: Number(mean.toFixed(4)) });
      appendFileSync(metricsFile, `${line}\n`);
      log(line);
      recent = [];
    },
    saveState: (now) => {
      writeCheckpointFolder(stateFolder, writeTrainingState(now));
      clock.save();
    },
  });
  const config: DenseConfig = {
    version: plan.version,
    tokenizer: compoundTokenizer.name,
    shape: plan.shape,
    styles: [...STYLES],
    priors: createNotePriors(pieces, createRng(seed).fork('priors')),
    training: { plan, seed, backend: backend.name, pieces: pieces.length, notes, steps: result.step },
  };
  writeCheckpointFolder(
    path.join(out, CHECKPOINT_FOLDER),
    writeCheckpoint(
      {
        kind: DENSE_KIND,
        config: config,
        parameters: result.parameters,
        metrics: readMetrics(metricsFile),
      },
      { half: true },
    ),
  );
  log(`${result.step} updates, ${clock.cpuMinutes().toFixed(1)} processor minutes.`);
}
