import { AttuneError } from '@attune/core';
import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import { readConfig } from '../family/read-fields.ts';
import { GRID_PER_BAR } from './voice-grid.ts';
import { VOICE_SETS, voiceSetOf, type VoiceSet } from './voice-sets.ts';
import { VOICE_CODES, VOICES, type Voice } from './voices.ts';

const positive = z.number().int().positive();
const levelSchema = z.object({
  /** Pieces into which the input of this level is cut. */
  patches: positive,
  /** Width of one patch inside the network. */
  patchWidth: positive,
  hidden: positive,
  /** Dimensions of the latent. */
  latent: positive,
  /** Dimensions of the latent that belong to each patch alone: the last `patches · local` of them. */
  local: positive,
});
/** Sizes of one level of the network. */
export type LevelShape = z.infer<typeof levelSchema>;

const shapeSchema = z.object({
  /** What is written in each step, one of the voices of `VOICE_SETS`. */
  voices: z
    .array(z.enum(VOICES))
    .refine(
      (voices) => VOICE_SETS.some((set) => set.voices.join() === voices.join()),
      'these voices are not learned together',
    ),
  /** Width of a class of each voice in the encoder. */
  embedding: positive,
  /** Width of the hidden layer before a voice's logits in a step. */
  headWidth: positive,
  /** Sixteenths of a phrase: what the lower level reads. */
  phraseSteps: positive,
  phrase: levelSchema,
  /** The level above: `song.patches` phrases in a row. Absent where only phrases were learned. */
  song: levelSchema.optional(),
});
/** Voices and sizes of the network. */
export type VaeShape = z.infer<typeof shapeSchema>;

const configSchema = z
  .object({
    version: z.string().min(1),
    shape: shapeSchema,
    /** How it was trained. */
    training: z.record(z.string(), z.json()),
  })
  .refine(
    ({ shape }) => shape.phraseSteps % shape.phrase.patches === 0,
    'patches must divide the steps of a phrase',
  )
  .refine(
    ({ shape: { phrase, song } }) =>
      [phrase, song].every((level) => !level || level.patches * level.local < level.latent),
    'the latent must be wider than what belongs to its patches',
  )
  .refine(({ shape }) => shape.phraseSteps % GRID_PER_BAR === 0, 'a phrase must be whole bars');
/** All that is needed to build the model again. */
export type VaeConfig = z.infer<typeof configSchema>;

/** Throws `checkpoint/malformed` naming the field that does not fit, `checkpoint/mismatch` for voices other than those of `set`. */
export function parseVaeConfig(value: unknown, set: VoiceSet): VaeConfig {
  const config = readConfig(configSchema, value);
  const [found, wanted] = [config.shape.voices.join(', '), set.voices.join(', ')];
  if (found === wanted) return config;
  throw new AttuneError('checkpoint/mismatch', `The model writes ${found}, and ${wanted} is needed.`, {
    found,
    wanted,
  });
}

/** Shapes of all parameters of one level; `from` and `to` are the widths of a patch outside. */
function levelShapes(
  name: string,
  { patches, patchWidth, hidden, latent, local }: LevelShape,
  from: number,
  to: number,
  hasShortcut: boolean,
): [string, number[]][] {
  const global = latent - patches * local;
  const shortcut = (part: string, shape: number[]): [string, number[]][] =>
    hasShortcut ? [[`${name}/${part}/shortcut/weight`, shape]] : [];
  return [
    [`${name}/encoder/patch/weight`, [from, patchWidth]],
    [`${name}/encoder/patch/bias`, [patches, patchWidth]],
    [`${name}/encoder/mix/weight`, [patches * patchWidth, hidden]],
    [`${name}/encoder/mix/bias`, [hidden]],
    [`${name}/encoder/deep/weight`, [hidden, hidden]],
    [`${name}/encoder/deep/bias`, [hidden]],
    [`${name}/encoder/global/weight`, [hidden, 2 * global]],
    [`${name}/encoder/global/bias`, [2 * global]],
    [`${name}/encoder/local/weight`, [patchWidth, 2 * local]],
    [`${name}/encoder/local/bias`, [2 * local]],
    ...shortcut('encoder', [from, local]),
    [`${name}/decoder/open/weight`, [latent, hidden]],
    [`${name}/decoder/open/bias`, [hidden]],
    [`${name}/decoder/deep/weight`, [hidden, hidden]],
    [`${name}/decoder/deep/bias`, [hidden]],
    [`${name}/decoder/mix/weight`, [hidden, patches * patchWidth]],
    [`${name}/decoder/mix/bias`, [patches * patchWidth]],
    [`${name}/decoder/local/weight`, [local, patchWidth]],
    [`${name}/decoder/patch/weight`, [patchWidth, to]],
    [`${name}/decoder/patch/bias`, [patches, to]],
    ...shortcut('decoder', [local, to]),
  ];
}

/** Rows of the tables of what is told about a voice: its classes, then "nothing yet", then "not told". */
export function toldRows(voice: Voice): { start: number; untold: number; count: number } {
  const { classes } = VOICE_CODES[voice];
  return { start: classes, untold: classes + 1, count: classes + 2 };
}

/**
 * Names and shapes of what is fitted after training rather than learned: for each level the directions of the
 * attributes [attributes, latent] and, below each other, their means and deviations [2, attributes].
 */
export function directionShapes(shape: VaeShape): [string, number[]][] {
  const count = voiceSetOf(shape.voices).attributes.length;
  const levels = (['phrase', 'song'] as const).flatMap((name) =>
    shape[name] ? [[name, shape[name]] as const] : [],
  );
  return levels.flatMap(([name, { latent }]): [string, number[]][] => [
    [`${name}/directions`, [count, latent]],
    [`${name}/attributes`, [2, count]],
  ]);
}

/** Names and shapes of all learned parameters, in order. */
export function vaeParameterShapes(shape: VaeShape, part?: 'phrase' | 'song'): [string, number[]][] {
  const { voices, embedding, headWidth, phraseSteps, phrase, song } = shape;
  const perPatch = (phraseSteps / phrase.patches) * voices.length;
  const lower: [string, number[]][] = [
    ...levelShapes('phrase', phrase, perPatch * embedding, perPatch * headWidth, false),
    ...voices.flatMap((voice, v) => voiceShapes(voice, voices.slice(0, v), embedding, headWidth)),
  ];
  const upper = song ? levelShapes('song', song, phrase.latent, phrase.latent, true) : [];
  return part === 'phrase' ? lower : part === 'song' ? upper : [...lower, ...upper];
}

/** Of one voice: how it is read, what it is told of its own past and of the earlier voices of the step, and its head. */
function voiceShapes(
  voice: Voice,
  earlier: readonly Voice[],
  embedding: number,
  headWidth: number,
): [string, number[]][] {
  const { classes } = VOICE_CODES[voice];
  const { count } = toldRows(voice);
  return [
    [`phrase/${voice}/embedding`, [classes, embedding]],
    [`phrase/${voice}/history/class`, [count, headWidth]],
    [`phrase/${voice}/history/onset`, [count, headWidth]],
    ...earlier.map((other): [string, number[]] => [
      `phrase/${voice}/beside/${other}`,
      [toldRows(other).count, headWidth],
    ]),
    [`phrase/${voice}/head/weight`, [headWidth, classes]],
    [`phrase/${voice}/head/bias`, [classes]],
  ];
}
