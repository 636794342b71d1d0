import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import { readConfig } from '../family/read-fields.ts';

/** Kind of a checkpoint of this family. */
export const SPECTRAL_KIND = 'spectral';

/** The two networks that a checkpoint holds, trained side by side on the same batches. */
export const SPECTRAL_NETWORKS = ['dense', 'convolution'] as const;
/** One of `SPECTRAL_NETWORKS`. */
export type SpectralNetworkName = (typeof SPECTRAL_NETWORKS)[number];

const size = z.number().int().min(1).max(4096);
/** Checks the sizes of both networks. */
export const spectralShapeSchema = z.object({
  /** Values that a frame becomes. */
  latents: size.max(512),
  /** Widths between frame and latents; the decoder has them in reverse. */
  hidden: z.array(size).min(1).max(4).readonly(),
  /** Channels after each convolution over frequency; every one has `taps` taps and divides the bins by `stride`. */
  channels: z.array(size.max(256)).min(1).max(4).readonly(),
  taps: size.max(31),
  stride: z.number().int().min(2).max(8),
});
/** Sizes of both networks. */
export type SpectralShape = z.infer<typeof spectralShapeSchema>;

const configSchema = z.object({
  version: z.string().min(1),
  shape: spectralShapeSchema,
  /** Lowest and highest pitch whose sounds the checkpoint knows. */
  pitches: z
    .object({ lowest: z.number().int().min(0).max(127), highest: z.number().int().min(0).max(127) })
    .refine(({ lowest, highest }) => lowest <= highest, 'the highest pitch is below the lowest'),
  /** The network that is used unless the other one is asked for. */
  preferred: z.enum(SPECTRAL_NETWORKS),
  /** How it was made; for people. */
  training: z.record(z.string(), z.unknown()),
});
/** What a checkpoint says of itself. */
export type SpectralConfig = z.infer<typeof configSchema>;

/** Throws `checkpoint/malformed` naming the first field that is wrong. */
export function parseSpectralConfig(value: unknown): SpectralConfig {
  return readConfig(configSchema, value);
}
