import { AttuneError, createRng } from '@attune/core';
import { readCheckpoint, writeCheckpoint } from '@attune/core/nn';
import { readCheckpointFolder, writeCheckpointFolder } from '@attune/core/node';
import { STYLES } from '@attune/core/style';
import { compoundTokenizer } from '@attune/core/tokens';
import path from 'node:path';
import * as z from 'zod';
import type { EncodedPiece } from '../../evaluate/note-model.ts';
import type { FamilyTools, FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { readPlan } from '../../family/read-fields.ts';
import { chainsOfOrder, createNgramSampler, NGRAM_KIND, type NgramConfig } from '../config.ts';
import { createNgramModel } from '../ngram-model.ts';
import { createNotePriors } from '../note-priors.ts';
import { evaluateNoteModels } from './evaluate-note-models.ts';
import { readNoteCorpus } from './note-corpus.ts';
import { shippedNgramFolder } from './shipped-ngram.ts';

const planSchema = z.strictObject({
  version: z.string().min(1),
  /** Longest context in features: counts of longer ones would not fit into a small file. */
  order: z.number().int().min(1).max(15),
  /** See `NoteCorpusChoice`. */
  perSet: z.number().int().min(0),
  arranged: z.number().int().min(0),
});

const PLAN: z.infer<typeof planSchema> = { version: 'ngram-1', order: 3, perSet: 100, arranged: 240 };

/** `--model ngram` of the command line. */
export const NGRAM_TOOLS: FamilyTools = {
  kind: NGRAM_KIND,
  load: (folder = shippedNgramFolder()) =>
    Promise.resolve().then(() =>
      createNgramSampler(readCheckpoint(readCheckpointFolder(folder), { kind: NGRAM_KIND })),
    ),
  train: (options) => Promise.resolve().then(() => trainCommand(options)),
  evaluate: evaluateNoteModels,
};

/** Counts once over the pieces; steps, minutes and going on have no meaning here and are refused. */
function trainCommand({ out, data, seed, plan: changes, log, signal, ...rest }: FamilyTrainOptions): void {
  if (
    rest.resume ||
    rest.steps !== undefined ||
    rest.minutes !== undefined ||
    rest.cpuMinutes !== undefined
  ) {
    throw new AttuneError(
      'argument/invalid',
      'Counting reads every piece once: leave out steps, minutes and resume.',
    );
  }
  const plan = readPlan(planSchema, { ...PLAN, ...changes });
  const model = createNgramModel(chainsOfOrder(plan.order), STYLES);
  const headers: EncodedPiece[] = [];
  let notes = 0;
  for (const piece of readNoteCorpus(data, 'train', plan)) {
    if (signal?.aborted) throw new AttuneError('cancelled', 'Counting was cancelled.');
    model.observe(piece);
    headers.push(piece);
    notes += compoundTokenizer.noteCount(piece.sequence);
  }
  if (headers.length === 0)
    throw new AttuneError('dataset/missing', `There are no pieces to count under ${data}.`);
  const config: NgramConfig = {
    version: plan.version,
    tokenizer: compoundTokenizer.name,
    order: plan.order,
    styles: [...STYLES],
    priors: createNotePriors(headers, createRng(seed).fork('priors')),
    training: { plan, seed, pieces: headers.length, notes },
  };
  writeCheckpointFolder(
    path.join(out, 'checkpoint'),
    writeCheckpoint({ kind: NGRAM_KIND, config: config, parameters: model.save() }),
  );
  const { contexts, events } = model.size;
  log(`${headers.length} pieces, ${notes} notes: ${events} counts in ${contexts} contexts.`);
}
