import { compoundTokenizer } from '@attune/core/tokens';
import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import { readConfig, readPlan } from '../family/read-fields.ts';
import { notePriorsSchema } from '../ngram/note-priors.ts';

/** Kind of a checkpoint of this family. */
export const DENSE_KIND = 'dense';

const size = z.number().int().positive();
const shapeSchema = z.object({
  /** Notes before that are seen. */
  notes: size,
  /** Width of the two hidden layers, and of the layer before each field's values. */
  width: size,
  headWidth: size,
});
export type DenseShape = z.infer<typeof shapeSchema>;

const configSchema = z.object({
  version: z.string().min(1),
  tokenizer: z.literal(compoundTokenizer.name),
  shape: shapeSchema,
  styles: z.array(z.string()).min(1).readonly(),
  priors: notePriorsSchema,
  training: z.record(z.string(), z.json()),
});
/** What a checkpoint says of itself. */
export type DenseConfig = z.infer<typeof configSchema>;

/** Throws `checkpoint/malformed` naming the first field that does not fit. */
export function parseDenseConfig(value: unknown): DenseConfig {
  return readConfig(configSchema, value);
}

const planSchema = z.strictObject({
  version: z.string().min(1),
  shape: shapeSchema,
  /** Notes an update. */
  rows: size,
  steps: size,
  learningRate: z.number().positive(),
  warmupSteps: size,
  decayShare: z.number().min(0.01).max(1),
  finalRate: z.number().min(0).max(1),
  averageDecay: z.number().min(0).max(0.99999),
  /** See `NoteCorpusChoice`. */
  perSet: z.number().int().min(0),
  arranged: z.number().int().min(0),
  checkpointEvery: size,
});
/** How a training run goes. */
export type DensePlan = z.infer<typeof planSchema>;

/** The plan of the shipped checkpoint. */
export const DENSE_PLAN: DensePlan = {
  version: 'dense-2',
  shape: { notes: 8, width: 192, headWidth: 96 },
  rows: 128,
  steps: 5197,
  learningRate: 2e-3,
  warmupSteps: 50,
  decayShare: 0.5,
  finalRate: 0.02,
  averageDecay: 0.99,
  perSet: 150,
  arranged: 240,
  checkpointEvery: 250,
};

/** The plan with some fields changed. Throws `argument/invalid` naming the first that does not fit. */
export function resolveDensePlan(changes: Readonly<Record<string, unknown>> = {}): DensePlan {
  return readPlan(planSchema, { ...DENSE_PLAN, ...changes });
}
