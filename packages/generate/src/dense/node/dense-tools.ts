import { createRng } from '@attune/core';
import { readCheckpoint } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import { STYLES } from '@attune/core/style';
import { compoundTokenizer, FIELD_COUNT } from '@attune/core/tokens';
import type { FamilyTools, FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { openTrainingRun } from '../../family/node/training-run.ts';
import { evaluateNoteModels } from '../../ngram/node/evaluate-note-models.ts';
import { readNoteCorpus } from '../../ngram/node/note-corpus.ts';
import { createNotePriors } from '../../ngram/note-priors.ts';
import { DENSE_KIND, resolveDensePlan, type DenseConfig } from '../config.ts';
import { createDenseSampler } from '../dense-sampler.ts';
import { trainDense } from '../train-dense.ts';
import { shippedDenseFolder } from './shipped-dense.ts';

const LOG_EVERY = 50;

/** `--model dense` of the command line. */
export const DENSE_TOOLS: FamilyTools = {
  kind: DENSE_KIND,
  load: (folder = shippedDenseFolder()) =>
    Promise.resolve().then(() =>
      createDenseSampler(readCheckpoint(readCheckpointFolder(folder), { kind: DENSE_KIND })),
    ),
  train: trainCommand,
  evaluate: evaluateNoteModels,
};

async function trainCommand(options: FamilyTrainOptions): Promise<void> {
  const { log, seed } = options;
  const plan = resolveDensePlan(options.plan);
  log('Reading the data …');
  const pieces = [...readNoteCorpus(options.data, 'train', plan)];
  const notes = pieces.reduce((sum, { sequence }) => sum + sequence.steps.length / FIELD_COUNT - 1, 0);
  log(`${pieces.length} pieces, ${notes} notes.`);
  const run = await openTrainingRun(options, { defaultSteps: plan.steps, logEvery: LOG_EVERY });
  const { parameters, result } = await trainDense({
    ...run.hooks,
    tf: run.backend.tf,
    plan,
    pieces,
    styles: STYLES,
    seed,
    schedule: run.schedule(plan),
    checkpointEvery: plan.checkpointEvery,
    onProgress: ({ step, loss, learningRate }) => run.record(step, { loss, rate: learningRate }),
  });
  run.finish(result, (training) => {
    const config: DenseConfig = {
      version: plan.version,
      tokenizer: compoundTokenizer.name,
      shape: plan.shape,
      styles: [...STYLES],
      priors: createNotePriors(pieces, createRng(seed).fork('priors')),
      training: { plan, seed, pieces: pieces.length, notes, ...training },
    };
    return { kind: DENSE_KIND, config, parameters };
  });
}
