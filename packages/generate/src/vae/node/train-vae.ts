import { AttuneError, createRng } from '@attune/core';
import { readCheckpoint, type JsonObject, type NamedArray, type TensorFlow } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import * as z from 'zod';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { openTrainingRun } from '../../family/node/training-run.ts';
import { readPlan } from '../../family/read-fields.ts';
import { parseVaeConfig, vaeParameterShapes, type LevelShape, type VaeConfig } from '../config.ts';
import { fitDirections } from '../latent-arithmetic.ts';
import { linearStart } from '../linear-start.ts';
import { encodePhrases, phraseBatch } from '../model.ts';
import { gridWindows, spreadWindows, windowAt, type GridPiece } from '../grid-windows.ts';
import { createVaeNetwork, directionParameters, noDirections } from '../network.ts';
import { trainPhrases, trainSongs, type VaeScore } from '../train-vae.ts';
import { GRID_PER_BAR, GRID_PER_QUARTER, transposeGrid } from '../voice-grid.ts';
import { attributesOf, type VoiceSet } from '../voice-sets.ts';
import { SHIPPED_VAES } from './shipped-vae.ts';
import { readCorpus } from './voice-corpus.ts';

const positive = z.number().int().positive();
/** What a run is made of; the plan of the command line changes single fields. */
const planSchema = z.strictObject({
  /** Default: that of the shipped checkpoint. */
  version: z.string().min(1).optional(),
  /** Which level is learned. Songs need `from`, a checkpoint with phrases. */
  part: z.enum(['phrase', 'song']).default('phrase'),
  from: z.string().optional(),
  phraseSteps: positive.default(32),
  embedding: positive.default(32),
  headWidth: positive.default(96),
  /** Sizes of the level; defaults in `SIZES`. */
  patchWidth: positive.optional(),
  hidden: positive.optional(),
  latent: positive.optional(),
  local: positive.optional(),
  phrasesInSong: positive.default(8),
  rows: positive.default(128),
  learningRate: z.number().positive().default(1.5e-3),
  warmupSteps: positive.default(100),
  decayShare: z.number().min(0.01).max(1).default(0.7),
  weightDecay: z.number().min(0).default(0.01),
  beta: z.number().min(0).default(0.2),
  betaWarmup: positive.default(1000),
  freeNats: z.number().min(0).default(0),
  untold: z.number().min(0).max(1).default(0.3),
  distanceWeight: z.number().min(0).default(0.5),
  evaluateEvery: positive.default(250),
  patience: positive.default(20),
  validCount: positive.default(1024),
});
type VaePlan = z.infer<typeof planSchema>;

/** Sizes of both levels by voices. */
const SIZES: Readonly<Record<VoiceSet['name'], Record<'phrase' | 'song', Omit<LevelShape, 'patches'>>>> = {
  melody: {
    phrase: { patchWidth: 128, hidden: 256, latent: 96, local: 8 },
    song: { patchWidth: 128, hidden: 256, latent: 512, local: 56 },
  },
  drums: {
    phrase: { patchWidth: 128, hidden: 256, latent: 128, local: 12 },
    song: { patchWidth: 128, hidden: 256, latent: 704, local: 80 },
  },
  trio: {
    phrase: { patchWidth: 256, hidden: 384, latent: 224, local: 24 },
    song: { patchWidth: 192, hidden: 256, latent: 1088, local: 128 },
  },
};

const FINAL_RATE = 0.02;
const LOG_EVERY = 50;
const STEPS_OF_PLAN = 5000;

/** Trains one level of a VAE of these voices and writes the folder of the run: state, checkpoint, metrics. */
export async function trainVae(set: VoiceSet, options: FamilyTrainOptions): Promise<void> {
  const { log, seed } = options;
  const plan = readPlan(planSchema, options.plan ?? {});
  const lower = plan.part === 'song' ? readLower(set, plan.from) : undefined;
  const shape = lower ? songShape(set, lower.config, plan) : phraseShape(set, plan);
  log('Reading the pieces …');
  const { pieces } = readCorpus(options.data, set, 'train');
  const steps = shape.phraseSteps * (plan.part === 'song' ? plan.phrasesInSong : 1);
  const train = gridWindows(pieces, set.voices, steps);
  const valid = gridWindows(
    readCorpus(options.data, set, 'validation').pieces,
    set.voices,
    steps,
    GRID_PER_BAR,
  );
  log(`${pieces.length} pieces, ${train.piece.length} windows; ${valid.piece.length} for validation.`);
  const run = await openTrainingRun(options, { defaultSteps: STEPS_OF_PLAN, logEvery: LOG_EVERY });
  const { backend, hooks } = run;
  let last: VaeScore | undefined;
  const start =
    lower && !hooks.resume ? startOfSongs(backend.tf, shape, lower.parameters, pieces, seed) : undefined;
  const { store, result } = await (plan.part === 'song' ? trainSongs : trainPhrases)({
    ...hooks,
    backend,
    shape,
    plan,
    train,
    valid,
    validCount: plan.validCount,
    seed,
    lower: lower?.parameters ?? new Map<string, NamedArray>(),
    ...(start && { start }),
    schedule: run.schedule({ ...plan, finalRate: FINAL_RATE }),
    checkpointEvery: plan.evaluateEvery,
    onScore: (score) => (last = score),
    onProgress: ({ step, loss, learningRate, gradientNorm, score }) =>
      run.record(
        step,
        { loss, rate: learningRate, norm: gradientNorm },
        score === undefined ? undefined : last,
      ),
  });
  run.finish(result, (training) => {
    log('Fitting the directions of the attributes …');
    const { from: _from, ...told } = plan; // a path of this machine is nobody's business
    const config: VaeConfig = {
      version: versionOf(set, plan),
      shape,
      training: {
        ...(lower && { phrase: lower.config.training }),
        [plan.part]: {
          plan: told,
          seed,
          pieces: pieces.length,
          windows: train.piece.length,
          ...training,
        },
      },
    };
    const learned = new Map([...(lower?.parameters ?? []), ...store.save()]);
    const fitted = fitAttributes(set, config, learned, pieces);
    return {
      kind: set.kind,
      config,
      parameters: new Map([...learned, ...fitted]),
      ...(lower && { earlier: lower.metrics }),
    };
  });
}

/** Phrases of training from which songs take their linear start. */
const START_PHRASES = 8192;

function startOfSongs(
  tf: TensorFlow,
  shape: VaeConfig['shape'],
  lower: ReadonlyMap<string, NamedArray>,
  pieces: readonly GridPiece[],
  seed: number,
): Map<string, NamedArray> {
  const rng = createRng(seed).fork('start');
  const windows = gridWindows(pieces, shape.voices, shape.phraseSteps);
  const phrases = spreadWindows(windows, START_PHRASES).map((index) =>
    transposeGrid(windowAt(windows, index), shape.voices, rng.integer(12) - 5),
  );
  const [means, variances] = tf.tidy(() => {
    const parameters = new Map(
      [...lower].map(([name, { shape: size, data }]) => [name, tf.tensor(data, [...size])]),
    );
    const { mean, logVariance } = encodePhrases(tf, shape, parameters, phraseBatch(shape.voices, phrases));
    return [mean.dataSync(), tf.exp(logVariance).dataSync()];
  }) as unknown as [Float32Array, Float32Array];
  return linearStart(shape, means, variances, rng);
}

/** Pieces of training from which the directions of a level are fitted. */
const FITTED = { phrase: 2000, song: 600 } as const;

function fitAttributes(
  set: VoiceSet,
  config: VaeConfig,
  learned: ReadonlyMap<string, NamedArray>,
  pieces: readonly GridPiece[],
): [string, NamedArray][] {
  const { phraseSteps, song } = config.shape;
  const network = createVaeNetwork(config, new Map([...learned, ...noDirections(config.shape)]));
  return (song ? (['phrase', 'song'] as const) : (['phrase'] as const)).flatMap((level) => {
    const steps = level === 'song' ? song!.patches * phraseSteps : phraseSteps;
    const windows = gridWindows(pieces, set.voices, steps);
    const grids = spreadWindows(windows, FITTED[level]).map((index) => windowAt(windows, index));
    const encode = level === 'song' ? network.encodeSong : network.encodePhrase;
    return directionParameters(
      level,
      fitDirections(
        grids.map((grid) => encode(grid).mean),
        grids.map((grid) => attributesOf(grid, set)),
      ),
    );
  });
}

function versionOf({ name }: VoiceSet, { version }: VaePlan): string {
  return version ?? SHIPPED_VAES[name];
}

/** The sizes of the level, those of the plan first. */
function levelOf({ name }: VoiceSet, plan: VaePlan, patches: number): LevelShape {
  const { patchWidth, hidden, latent, local } = SIZES[name][plan.part];
  return {
    patches,
    patchWidth: plan.patchWidth ?? patchWidth,
    hidden: plan.hidden ?? hidden,
    latent: plan.latent ?? latent,
    local: plan.local ?? local,
  };
}

function phraseShape(set: VoiceSet, plan: VaePlan): VaeConfig['shape'] {
  const { phraseSteps, embedding, headWidth } = plan;
  const phrase = levelOf(set, plan, phraseSteps / GRID_PER_QUARTER);
  const shape = { voices: set.voices, embedding, headWidth, phraseSteps, phrase };
  return parseVaeConfig({ version: versionOf(set, plan), training: {}, shape }, set).shape;
}

function songShape(set: VoiceSet, config: VaeConfig, plan: VaePlan): VaeConfig['shape'] {
  const song = levelOf(set, plan, plan.phrasesInSong);
  return parseVaeConfig({ ...config, shape: { ...config.shape, song } }, set).shape;
}

/** A checkpoint with phrases, without its songs. */
function readLower(
  set: VoiceSet,
  folder: string | undefined,
): {
  config: VaeConfig;
  parameters: Map<string, NamedArray>;
  metrics: readonly JsonObject[];
} {
  if (folder === undefined) {
    throw new AttuneError(
      'argument/invalid',
      'Songs are trained over phrases: name their checkpoint in the plan as `from`.',
    );
  }
  const {
    config,
    parameters,
    metrics = [],
  } = readCheckpoint(readCheckpointFolder(folder), {
    kind: set.kind,
  });
  const parsed = parseVaeConfig(config, set);
  const { song: _, ...shape } = parsed.shape;
  const names = vaeParameterShapes(shape).map(([name]) => name);
  const missing = names.find((name) => !parameters.has(name));
  if (missing)
    throw new AttuneError('checkpoint/mismatch', `The checkpoint has no parameter ${missing}.`, {
      parameter: missing,
    });
  const training = (parsed.training['phrase'] ?? {}) as VaeConfig['training'];
  return {
    config: { ...parsed, shape, training },
    parameters: new Map(names.map((name) => [name, parameters.get(name)!])),
    metrics,
  };
}
