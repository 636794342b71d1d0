import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import { readConfig } from '../family/read-fields.ts';
import { MELODY_ATTRIBUTES } from '../vae/attributes.ts';
import { KEYS } from './melody-key.ts';

/** Kind of the checkpoint that holds this configuration. */
export const DIFFUSION_KIND = 'latent-diffusion';

const positive = z.number().int().positive();
const shapeSchema = z
  .object({
    /** Dimensions of a phrase's latent. */
    latent: positive,
    /** How many of them, the first, belong to the phrase as a whole; the others to its beats, one after the other. */
    whole: z.number().int().nonnegative(),
    /** Tokens of a phrase. */
    split: positive,
    /** Most phrases of a melody. */
    phrases: positive,
    width: positive,
    layers: positive,
    heads: positive,
    feedForward: positive,
    /** Letters of the plan that are told apart. */
    letters: positive,
  })
  .refine(({ width, heads }) => width % heads === 0, 'heads must divide the width')
  .refine(
    ({ latent, whole, split }) => whole % split === 0 && (latent - whole) % split === 0,
    'tokens must divide the dimensions of a phrase and those of its beats',
  );
/** Sizes of the denoiser; nothing about music. */
export type DiffusionShape = z.infer<typeof shapeSchema>;

const configSchema = z.object({
  version: z.string().min(1),
  /** Version of the melody VAE whose latents these are. */
  vae: z.string().min(1),
  shape: shapeSchema,
  /** Styles that can be asked for. */
  styles: z.array(z.string()).readonly(),
  /** Means and deviations over training of the attributes that can be asked for. */
  attributes: z.object({
    means: z.array(z.number()).length(MELODY_ATTRIBUTES.length).readonly(),
    deviations: z.array(z.number().positive()).length(MELODY_ATTRIBUTES.length).readonly(),
  }),
  /** Share of training melodies in major. */
  majorShare: z.number().min(0).max(1),
  /** How it was trained. */
  training: z.record(z.string(), z.json()),
});
/** All that is needed to build the model again. */
export type DiffusionConfig = z.infer<typeof configSchema>;

/** Throws `checkpoint/malformed` naming the field that does not fit. */
export function parseDiffusionConfig(value: unknown): DiffusionConfig {
  return readConfig(configSchema, value);
}

/** Sines and cosines in which the time is told. */
export const TIME_FEATURES = 32;

/** Length of the row that tells time, style, attributes (one value and one "is told" for each) and key. */
export function conditionLength(styles: number): number {
  return 2 * TIME_FEATURES + styles + 2 * MELODY_ATTRIBUTES.length + KEYS;
}

/** Names and shapes of the learned parameters, in order. */
export function denoiserParameterShapes(
  { latent, split, phrases, width, layers, feedForward, letters }: DiffusionShape,
  styles: number,
): [string, number[]][] {
  return [
    // of a token: noisy latent, given latent, whether it is given
    ['input/weight', [(2 * latent) / split + 1, width]],
    ['input/position', [phrases * split, width]],
    // the last row: a plan is not told
    ['input/letter', [letters + 1, width]],
    ['condition/weight', [conditionLength(styles), width]],
    ['condition/bias', [width]],
    ...Array.from({ length: layers }, (_, i): [string, number[]][] => [
      [`layer${i}/condition/weight`, [width, 4 * width]],
      [`layer${i}/condition/bias`, [4 * width]],
      [`layer${i}/qkv/weight`, [width, 3 * width]],
      [`layer${i}/out/weight`, [width, width]],
      [`layer${i}/up/weight`, [width, feedForward]],
      [`layer${i}/up/bias`, [feedForward]],
      [`layer${i}/down/weight`, [feedForward, width]],
    ]).flat(),
    ['output/weight', [width, latent / split]],
    ['output/bias', [latent / split]],
  ];
}

/** Means and deviations of the latents [2, latent]: the denoiser sees them standardised. */
export function latentScaleShape({ latent }: DiffusionShape): [string, number[]] {
  return ['latent/scale', [2, latent]];
}
