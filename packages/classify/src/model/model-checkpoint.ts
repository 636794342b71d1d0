import { AttuneError } from '@attune/core';
import {
  readCheckpoint,
  writeCheckpoint,
  type FileMap,
  type JsonObject,
  type NamedArray,
} from '@attune/core/nn';
import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import type { TrainingMarks } from '../leaks/training-marks.ts';
import { readKernelScorer } from '../learners/kernel-machine.ts';
import { readLinearScorer } from '../learners/linear-scorer.ts';
import { readNetworkScorer } from '../learners/network.ts';
import type { Scorer } from '../learners/scorer.ts';
import { arrayOf, readTreeScorer } from '../learners/tree-scorer.ts';
import { readSoundNet, soundNetArrays, soundNetSettings } from '../sound/sound-net.ts';
import { measuredFeatures, type StyleModel } from './style-model.ts';

/** `kind` of the checkpoints of this package. */
export const STYLE_CLASSIFIER = 'style-classifier';
/** Where in the training record the marks of the files stand. */
const MARKS = 'marks';

const READERS: Readonly<
  Record<string, (settings: JsonObject, arrays: ReadonlyMap<string, NamedArray>, features: number) => Scorer>
> = {
  trees: readTreeScorer,
  linear: readLinearScorer,
  kernel: readKernelScorer,
  network: readNetworkScorer,
};

const count = z.number().int().positive();
const pair = z.tuple([count, count]);
const configSchema = z.object({
  name: z.string().min(1),
  modality: z.enum(['score', 'audio']),
  labels: z.array(z.string().min(1)).min(2),
  features: z.array(z.string()).min(1),
  columns: z.number().int().min(0).default(0),
  temperature: z.number().positive(),
  threshold: z.number().min(0),
  outlierLimit: z.number().positive(),
  rejects: z.boolean().default(false),
  addedLabels: z.number().int().min(0).default(0),
  scorers: z
    .array(
      z.object({ kind: z.string(), features: count.optional(), settings: z.record(z.string(), z.json()) }),
    )
    .min(1),
  net: z
    .object({ convolutions: z.array(z.object({ taps: pair, strides: pair, channels: count })).min(1) })
    .optional(),
});

/** What is written beside the weights. */
export interface ModelNotes {
  /** Markdown. */
  readonly modelCard: string;
  readonly metrics: readonly JsonObject[];
  /** How it was made: data, seed, settings; kept in the configuration. */
  readonly training: JsonObject;
}

/** Kept in single precision where the rest is halved: deviations may be tiny, and a row may lie right at a threshold. */
const KEPT_WHOLE = /^standardiser\/|\/threshold$/;

/**
 * The files of a checkpoint folder: config.json, weights.safetensors, metrics.jsonl, MODEL_CARD.md. `half` keeps the large arrays in
 * half precision, about 3 decimal digits.
 */
export function writeStyleModel(
  model: StyleModel,
  notes: ModelNotes,
  { half = false } = {},
): Record<string, Uint8Array> {
  const { standardiser, outliers } = model;
  const features = model.features.length;
  const measured = measuredFeatures(model);
  const parameters = new Map<string, NamedArray>([
    ['standardiser/mean', { shape: [features], data: standardiser.mean }],
    ['standardiser/deviation', { shape: [features], data: standardiser.deviation }],
    ['outliers/means', { shape: [outliers.means.length / measured, measured], data: outliers.means }],
    ['outliers/factor', { shape: [measured, measured], data: outliers.factor }],
  ]);
  model.scorers.forEach((scorer, i) => {
    for (const [name, array] of scorer.arrays) parameters.set(`scorer${i}/${name}`, array);
  });
  const { extension, net } = model;
  for (const [name, array] of net ? soundNetArrays(net) : []) parameters.set(`net/${name}`, array);
  if (extension) {
    parameters.set('extension/means', { shape: [extension.counts.length, measured], data: extension.means });
    parameters.set('extension/counts', { shape: [extension.counts.length], data: extension.counts });
  }
  const config = {
    name: model.name,
    modality: model.modality,
    labels: model.labels,
    features: model.features,
    ...(model.columns && { columns: model.columns }),
    temperature: model.temperature,
    threshold: model.threshold,
    outlierLimit: outliers.limit,
    rejects: model.rejects,
    ...(extension && { addedLabels: extension.counts.length }),
    scorers: model.scorers.map(({ kind, settings, features: read }) => ({
      kind,
      ...(read !== features && { features: read }),
      settings,
    })),
    ...(net && { net: soundNetSettings(net) }),
    training: notes.training,
  };
  const { metrics, modelCard } = notes;
  return writeCheckpoint(
    { kind: STYLE_CLASSIFIER, config, parameters, metrics, modelCard },
    { half: (name) => half && !KEPT_WHOLE.test(name) },
  );
}

const marksSchema = z.object({
  files: count,
  digests: z.array(z.string().regex(/^[0-9a-f]*$/)),
  contours: z.array(z.string().regex(/^[0-9a-f]*$/)),
});

/** The training record of a checkpoint that names the files it learned from by marks. */
export function withTrainingMarks(training: JsonObject, marks: TrainingMarks): JsonObject {
  return {
    ...training,
    [MARKS]: { files: marks.files, digests: [...marks.digests], contours: [...marks.contours] },
  };
}

/** The marks that `withTrainingMarks` put there; undefined of a checkpoint without. Throws as `readStyleModel` does. */
export function readTrainingMarks(files: FileMap): TrainingMarks | undefined {
  const training = readCheckpoint(files, { kind: STYLE_CLASSIFIER }).config.training as
    JsonObject | undefined;
  if (training?.[MARKS] === undefined) return undefined;
  const parsed = marksSchema.safeParse(training[MARKS]);
  if (parsed.success) return parsed.data;
  throw new AttuneError(
    'checkpoint/malformed',
    `The marks of the training files are wrong at ${parsed.error.issues[0]!.path.join('.')}.`,
    { path: `training.${MARKS}` },
  );
}

/** Throws `checkpoint/malformed` for broken files, `checkpoint/mismatch` for those of another kind, version or shape. */
export function readStyleModel(files: FileMap): StyleModel {
  const { config, parameters } = readCheckpoint(files, { kind: STYLE_CLASSIFIER });
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const where = issue.path.join('.');
    throw new AttuneError(
      'checkpoint/malformed',
      `The classifier's configuration is wrong at ${where}, which is ${valueAt(config, issue.path)}: ${issue.message}.`,
      { path: where },
    );
  }
  const { name, modality, labels, features, columns } = parsed.data;
  const { temperature, threshold, outlierLimit, rejects, addedLabels } = parsed.data;
  if (columns > 0 && (modality !== 'score' || columns >= features.length)) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The model ${name} reads ${columns} columns of a table among ${features.length} features of ${modality}.`,
      { columns },
    );
  }
  const classes = labels.length - addedLabels + (rejects ? 1 : 0);
  const net =
    parsed.data.net && readSoundNet(parsed.data.net.convolutions, classes, withPrefix(parameters, 'net/'));
  const measured = measuredFeatures({ features, ...(net && { net }) });
  if (net && (modality !== 'audio' || measured < 1)) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The model ${name} has a net that hears ${classes} classes, and ${features.length} features of ${modality}.`,
      { features: features.length },
    );
  }
  const scorers = parsed.data.scorers.map(({ kind, settings, features: own }, i) => {
    const read = READERS[kind];
    if (!read)
      throw new AttuneError(
        'checkpoint/mismatch',
        `The model ${name} has a part of the unknown kind "${kind}".`,
        { kind },
      );
    const width = own ?? features.length;
    if (width > features.length)
      throw new AttuneError(
        'checkpoint/mismatch',
        `The model ${name} has ${features.length} features, and its part ${i} reads ${width}.`,
        { part: i },
      );
    const scorer = read(settings, withPrefix(parameters, `scorer${i}/`), width);
    if (scorer.classes === classes) return scorer;
    throw new AttuneError(
      'checkpoint/mismatch',
      `The model ${name} has ${classes} classes, and its part ${i} ${scorer.classes}.`,
      { part: i },
    );
  });
  const array = (key: string, length: number): Float32Array => {
    const data = arrayOf(parameters, key, Float32Array);
    if (data.length === length) return data;
    throw new AttuneError(
      'checkpoint/mismatch',
      `${key} has ${data.length} values, and ${length} are needed.`,
      { array: key },
    );
  };
  return {
    name,
    modality,
    labels,
    features,
    ...(columns > 0 && { columns }),
    temperature,
    threshold,
    rejects,
    ...(addedLabels > 0 && {
      extension: {
        means: array('extension/means', addedLabels * measured),
        counts: array('extension/counts', addedLabels),
      },
    }),
    standardiser: {
      mean: array('standardiser/mean', features.length),
      deviation: array('standardiser/deviation', features.length),
    },
    scorers,
    ...(net && { net }),
    outliers: {
      means: array('outliers/means', classes * measured),
      factor: array('outliers/factor', measured ** 2),
      limit: outlierLimit,
    },
  };
}

/** The value in JSON, cut where it is long, for a message. */
function valueAt(config: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    config,
  );
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function withPrefix(parameters: ReadonlyMap<string, NamedArray>, prefix: string): Map<string, NamedArray> {
  return new Map(
    [...parameters]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}
