import { AttuneError } from '@attune/core';
import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used

/** Sizes of the network; nothing about music. */
export interface TransformerShape {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  /** Width of the hidden layer before each field's logits. */
  readonly headWidth: number;
  /** Number of values of each field of a note, in the order of prediction. */
  readonly fieldSizes: readonly number[];
  /** Length of the multi-hot input row. */
  readonly inputRows: number;
  /** Longest window in steps: what training saw, and where sampling slides. */
  readonly window: number;
}

const edges = z.array(z.number()).readonly();

/** How conditions become bins: learned from the training pieces, stored with the weights. */
const conditionSpaceSchema = z.object({
  styles: z.array(z.string()).readonly(),
  /** Known meters as 'numerator/denominator'; others share one bin. */
  meters: z.array(z.string()).readonly(),
  /** Ascending inner edges of the bins: one fewer than bins. */
  tempoEdges: edges,
  densityEdges: edges,
  /** Edges of the raw mood values; bins hold equal shares, so that a quantile q falls in bin ⌊q · bins⌋. */
  moodEdges: z.object({ energy: edges, valence: edges, tension: edges }),
});
export type ConditionSpace = z.infer<typeof conditionSpaceSchema>;

const share = z.number().min(0);
const priorSchema = z.object({
  /** Share of the style in training, after balancing. */
  weight: share,
  /** [tonic] counts for each mode. */
  major: z.array(share).readonly(),
  minor: z.array(share).readonly(),
  meters: z.record(z.string(), share),
  /** Deciles 0, 10, … 100 % of the tempo in quarters a minute. */
  tempoDeciles: z.array(z.number().positive()).readonly(),
  instrumentSets: z
    .array(z.object({ instruments: z.array(z.number().int()).readonly(), weight: share }))
    .readonly(),
  /** Lowest and highest pitch token by instrument number. */
  pitchRanges: z.record(z.string(), z.tuple([z.number().int(), z.number().int()])),
});
export type StylePrior = z.infer<typeof priorSchema>;

/** From which open fields are drawn: what training pieces of each style are like. */
const priorsSchema = z.record(z.string(), priorSchema);
export type StylePriors = z.infer<typeof priorsSchema>;

/**
 * What a model learned beyond composing and continuing: 'tasks', writing beside given notes (infill, accompany,
 * reorchestrate, vary); 'form', sections that return.
 */
export const ABILITIES = ['tasks', 'form'] as const;
export type Ability = (typeof ABILITIES)[number];

/** How the model's notes are drawn where a request does not say; what is absent is as in transformer-1. */
const samplingSchema = z.object({
  temperature: z.number().positive().optional(),
  topP: z.number().positive().max(1).optional(),
  guidance: z.number().min(0).optional(),
  /** What guidance stresses: all wishes that the instruments, meter and tempo do not say, or the style alone. */
  stresses: z.enum(['wishes', 'style']).optional(),
  /** Steering's strengths in logits; see `SteeringStrengths`. */
  steering: z
    .object({
      key: z.number(),
      wrongKey: z.number(),
      tension: z.number(),
      density: z.number(),
      missing: z.number(),
      missingMost: z.number(),
      silent: z.number(),
      silentMost: z.number(),
    })
    .partial()
    .optional(),
});
export type SamplingDefaults = z.infer<typeof samplingSchema>;

/** Kind of the checkpoint that holds this configuration. */
export const TRANSFORMER_KIND = 'transformer';

const positive = z.number().int().positive();
const configSchema = z.object({
  /** Name and version of the model, stored with every piece it makes. */
  version: z.string().min(1),
  tokenizer: z.string(),
  shape: z.object({
    width: positive,
    layers: positive,
    heads: positive,
    feedForward: positive,
    headWidth: positive,
    fieldSizes: z.array(positive).readonly(),
    inputRows: positive,
    window: positive,
  }),
  conditions: conditionSpaceSchema,
  /** Absent: none, as in transformer-1. */
  abilities: z.array(z.enum(ABILITIES)).readonly().optional(),
  sampling: samplingSchema.optional(),
  priors: priorsSchema,
  /** How it was trained: for the model card. */
  training: z.record(z.string(), z.unknown()),
});
/** `config` of a checkpoint's config.json. */
export type TransformerConfig = z.infer<typeof configSchema>;

/** Throws `checkpoint/malformed` naming the first field that is wrong. */
export function parseTransformerConfig(value: unknown): TransformerConfig {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const place = issue.path.join('.');
    throw new AttuneError('checkpoint/malformed', `config.json: ${place}: ${issue.message}`, { place });
  }
  const { width, heads, headWidth } = parsed.data.shape;
  if (width % (4 * heads) !== 0 || headWidth % 4 !== 0) {
    throw new AttuneError(
      'checkpoint/malformed',
      `Heads of width ${width / heads} and ${headWidth} are not both multiples of 4.`,
      { width, heads, headWidth },
    );
  }
  return parsed.data;
}
