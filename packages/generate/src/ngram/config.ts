import type { Checkpoint } from '@attune/core/nn';
import { compoundTokenizer } from '@attune/core/tokens';
import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import type { FamilySampler } from '../family/model-family.ts';
import { readConfig } from '../family/read-fields.ts';
import { NGRAM_CHAINS } from './chains.ts';
import { createNgramModel, type ContextChains, type NgramModel } from './ngram-model.ts';
import { notePriorsSchema } from './note-priors.ts';
import { createNoteSampler } from './note-sampler.ts';

/** Kind of a checkpoint of counts. */
export const NGRAM_KIND = 'ngram';

const configSchema = z.object({
  version: z.string().min(1),
  tokenizer: z.literal(compoundTokenizer.name),
  /** Features of the longest context: the first of `NGRAM_CHAINS`. */
  order: z.number().int().min(1).max(15),
  /** Order of the style numbers in the contexts. */
  styles: z.array(z.string()).readonly(),
  priors: notePriorsSchema,
  training: z.record(z.string(), z.json()),
});
/** What a checkpoint of counts says of itself. */
export type NgramConfig = z.infer<typeof configSchema>;

/** The chains of the baseline, cut to an order. */
export function chainsOfOrder(order: number): ContextChains {
  return Object.fromEntries(
    Object.entries(NGRAM_CHAINS).map(([field, chain]) => [field, chain.slice(0, order)]),
  ) as unknown as ContextChains;
}

/** Throws `checkpoint/malformed` naming the first field of the configuration, or the array, that does not fit. */
export function readNgram({ config: value, parameters }: Checkpoint): {
  config: NgramConfig;
  model: NgramModel;
} {
  const config = readConfig(configSchema, value);
  return { config, model: createNgramModel(chainsOfOrder(config.order), config.styles, parameters) };
}

/** The baseline as a sampler. Throws as `readNgram` does. */
export function createNgramSampler(checkpoint: Checkpoint): FamilySampler {
  const { config, model } = readNgram(checkpoint);
  return createNoteSampler({
    name: 'ngram',
    version: config.version,
    summary:
      'The simple thing: notes drawn from counts of what followed what. It keeps to a style for a moment and has no plan.',
    priors: config.priors,
    draw: (wish) => model.sample(wish),
  });
}
