import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import { readConfig, readPlan } from '../family/read-fields.ts';
import { CELLS, CHORD_VALUES, WINDOW_STEPS } from './band-roll.ts';

/** Kind of a checkpoint of this family. */
export const GAN_KIND = 'gan';

const size = z.number().int().positive();

/** Sizes of the networks; nothing about music. */
const shapeSchema = z.object({
  /** Random numbers that decide how a window is played. */
  latent: size,
  /** Channels of the generator at each quarter. */
  width: size,
  /** Channels of the discriminator. */
  judgeWidth: size,
});
export type GanShape = z.infer<typeof shapeSchema>;

const bits = z.string().regex(/^[0-9a-f]*$/);

const configSchema = z.object({
  version: z.string().min(1),
  shape: shapeSchema,
  /** Layout of the roll that the weights were trained for. */
  roll: z.object({
    cells: z.literal(CELLS),
    chordValues: z.literal(CHORD_VALUES),
    steps: z.literal(WINDOW_STEPS),
  }),
  styles: z.array(z.string().min(1)).min(1).readonly(),
  /** Chords of four-bar phrases of the training pieces in the canonical key: 6 hexadecimal digits a quarter. */
  progressions: z.array(bits).readonly(),
  training: z.record(z.string(), z.json()),
});
/** What a checkpoint says of itself. */
export type GanConfig = z.infer<typeof configSchema>;

/** Reads a checkpoint's configuration. Throws `checkpoint/malformed` naming the first field that does not fit. */
export function parseGanConfig(value: unknown): GanConfig {
  return readConfig(configSchema, value);
}

const planSchema = z.strictObject({
  version: z.string().min(1),
  shape: shapeSchema,
  /** Windows an update. */
  rows: size,
  steps: size,
  generatorRate: z.number().positive(),
  discriminatorRate: z.number().positive(),
  /** Weight of a window's nats under the reconstruction, and of the divergence from the prior beside them. */
  reconstruction: z.number().min(0),
  divergence: z.number().min(0),
  /** Weight of the adversarial loss; reached after `adversarialFrom` updates and twice as many more. */
  adversarial: z.number().min(0),
  adversarialFrom: z.number().int().min(0),
  /** Decay of the average of the generator's weights. */
  averageDecay: z.number().min(0).max(0.99999),
  /** Share of the arrangements that is read, and windows taken of each. */
  share: z.number().gt(0).max(1),
  windowsPerPiece: size,
  checkpointEvery: size,
});
/** How a training run goes. */
export type GanPlan = z.infer<typeof planSchema>;

/** The plan of the shipped checkpoint. */
export const GAN_PLAN: GanPlan = {
  version: 'gan-2',
  shape: { latent: 32, width: 128, judgeWidth: 96 },
  rows: 32,
  steps: 5800,
  generatorRate: 1.5e-3,
  discriminatorRate: 2e-3,
  reconstruction: 0.02,
  divergence: 0.5,
  adversarial: 1,
  adversarialFrom: 300,
  averageDecay: 0.999,
  share: 0.5,
  windowsPerPiece: 10,
  checkpointEvery: 100,
};

/** The plan with some fields changed. Throws `argument/invalid` naming the first that does not fit. */
export function resolveGanPlan(changes: Readonly<Record<string, unknown>> = {}): GanPlan {
  return readPlan(planSchema, { ...GAN_PLAN, ...changes });
}
