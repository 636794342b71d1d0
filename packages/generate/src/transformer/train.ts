import { AttuneError, createRng, type Rng, type RngState } from '@attune/core';
import {
  createAdamW,
  normal,
  ParameterStore,
  train,
  zeros,
  type Backend,
  type BatchSource,
  type NamedArray,
  type Schedule,
  type TensorFlow,
  type TrainingState,
  type TrainProgress,
  type Optimiser,
  type TrainResult,
} from '@attune/core/nn';
import { createBatch, drawBatch, type PlacedExcerpt } from './batch.ts';
import type { TransformerConfig, TransformerShape } from './config.ts';
import { createInputLayout, type InputLayout } from './input-layout.ts';
import { batchTensors, noteNats, type Parameters, type TransformerBatch } from './model.ts';
import { parameterShapes } from './parameter-shapes.ts';
import { createMuon } from './muon.ts';
import type { Piece } from './piece.ts';
import { chargedNoteCount, ExcerptSampler, type Excerpt, type ExcerptOptions } from './windows.ts';

/** Parameters with their first values: normal with deviation 1/√fan-in, residual outputs smaller, biases 0. */
export function createParameters(tf: TensorFlow, shape: TransformerShape, rng: Rng): ParameterStore {
  const store = new ParameterStore(tf, rng);
  for (const [name, size] of parameterShapes(shape)) {
    const fanIn = size.length < 2 ? 1 : size[0]!;
    const isResidual = name.endsWith('.out') || name.endsWith('.down');
    const deviation =
      name === 'embed' || name === 'head.fields'
        ? 0.1 // multi-hot rows: about twenty of them add up
        : (isResidual ? 0.5 / Math.sqrt(shape.layers) : 1) / Math.sqrt(fanIn);
    store.create(name, size, size.length < 2 ? zeros : normal(deviation));
  }
  return store;
}

/** Batches drawn from `sampler`; the cursor is the state of the generator that draws them. */
export function excerptBatches(
  sampler: ExcerptSampler,
  rows: number,
  shape: TransformerShape,
  layout: InputLayout,
  seed: Rng,
): BatchSource<TransformerBatch> {
  let rng = seed;
  return {
    next: () => drawBatch(sampler, rows, shape.window, shape, layout, rng),
    cursor: () => [...rng.state()],
    restore(cursor) {
      if (!Array.isArray(cursor) || cursor.length !== 4) {
        throw new AttuneError('checkpoint/mismatch', 'The data cursor is no state of a random generator.');
      }
      rng = createRng(cursor as unknown as RngState);
    },
  };
}

/** Packs excerpts into batches of `rows` rows, first fit by decreasing length. */
export function packExcerpts<E extends Excerpt>(
  excerpts: readonly E[],
  rows: number,
  window: number,
): PlacedExcerpt<E>[][] {
  const lengthOf = (excerpt: Excerpt): number => excerpt.to - excerpt.from;
  const used: number[] = []; // steps taken of each row, all batches after one another
  const batches: PlacedExcerpt<E>[][] = [];
  for (const excerpt of [...excerpts].sort((a, b) => lengthOf(b) - lengthOf(a))) {
    let row = used.findIndex((taken) => taken + lengthOf(excerpt) <= window);
    if (row < 0) row = used.push(0) - 1;
    const batch = Math.floor(row / rows);
    (batches[batch] ??= []).push({ excerpt, row: row % rows, at: used[row]! });
    used[row]! += lengthOf(excerpt);
  }
  return batches;
}

export interface NatsByStyle {
  readonly all: number;
  readonly byStyle: Readonly<Record<string, number>>;
  /** Nats a note of each field. */
  readonly byField: readonly number[];
}

/** Mean nats a note of the charged steps of `excerpts`, closing steps included in the nats and not in the notes. */
export function excerptNats(
  tf: TensorFlow,
  shape: TransformerShape,
  parameters: Parameters,
  layout: InputLayout,
  excerpts: readonly Excerpt<Piece>[],
  rows: number,
): NatsByStyle {
  const sums = new Map<string, { nats: number; notes: number }>();
  const byField = new Array<number>(shape.fieldSizes.length).fill(0);
  for (const placed of packExcerpts(excerpts, rows, shape.window)) {
    const nats = natsOfBatch(tf, shape, parameters, createBatch(placed, rows, shape.window, shape, layout));
    for (const { excerpt, row, at } of placed) {
      const name = excerpt.piece.style ?? 'other';
      const sum = sums.get(name) ?? { nats: 0, notes: 0 };
      sums.set(name, sum);
      for (let step = excerpt.from; step < excerpt.to; step++) {
        const i = (row * shape.window + at + step - excerpt.from) * shape.fieldSizes.length;
        byField.forEach((_, k) => {
          sum.nats += nats[i + k]!;
          byField[k]! += nats[i + k]!;
        });
      }
      sum.notes += chargedNoteCount(excerpt);
    }
  }
  const total = [...sums.values()].reduce((a, b) => ({ nats: a.nats + b.nats, notes: a.notes + b.notes }));
  return {
    all: total.nats / total.notes,
    byStyle: Object.fromEntries([...sums].sort().map(([name, { nats, notes }]) => [name, nats / notes])),
    byField: byField.map((nats) => nats / total.notes),
  };
}

/** Nats of each field of each step [N, F], as numbers. */
export function natsOfBatch(
  tf: TensorFlow,
  shape: TransformerShape,
  parameters: Parameters,
  batch: TransformerBatch,
): Float32Array {
  const nats = tf.tidy(() => noteNats(tf, shape, parameters, batchTensors(tf, batch)));
  const values = nats.dataSync() as Float32Array;
  nats.dispose();
  return values;
}

export interface TrainTransformerOptions {
  readonly backend: Backend;
  readonly config: TransformerConfig;
  readonly pieces: readonly Piece[];
  /** Weight of each piece when excerpts are drawn. */
  readonly weights: readonly number[];
  readonly excerpts: ExcerptOptions;
  /** First values of the parameters; default: drawn by `seed`. */
  readonly from?: ReadonlyMap<string, NamedArray>;
  /** Rows of a batch. */
  readonly rows: number;
  readonly seed: number;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly weightDecay: number;
  /** 'muon': the trunk's matrices by Muon, the rest by AdamW; 'adamw': all by AdamW. */
  readonly optimiser: 'muon' | 'adamw';
  readonly evaluate?: (parameters: Parameters) => number;
  readonly evaluateEvery?: number;
  readonly patience?: number;
  readonly onProgress?: (progress: TrainProgress) => void;
  readonly saveState?: (state: TrainingState) => void | Promise<void>;
  readonly checkpointEvery?: number;
  readonly resume?: TrainingState;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/** Trains; afterwards `store` holds the weights that validated best (without `evaluate`: the last). */
export async function trainTransformer(
  options: TrainTransformerOptions,
): Promise<{ store: ParameterStore; result: TrainResult }> {
  const { backend, config, pieces, weights, rows, evaluate, seed, ...rest } = options;
  const { tf } = backend;
  const { shape } = config;
  const layout = createInputLayout(config.conditions, config.abilities);
  const rng = createRng(seed);
  const store = createParameters(tf, shape, rng.fork('parameters'));
  if (options.from) store.load(options.from);
  const parameters: Parameters = new Map(store.entries());
  const sampler = new ExcerptSampler(pieces, weights, config.conditions, options.excerpts);
  const result = await train<TransformerBatch>({
    tf,
    store,
    optimiser: createOptimiser(tf, store, options),
    batches: excerptBatches(sampler, rows, shape, layout, rng.fork('batches')),
    rng: rng.fork('loss'),
    lossOf: (batch) =>
      tf.div(tf.sum(noteNats(tf, shape, parameters, batchTensors(tf, batch))), chargedNotes(batch, shape)),
    tokensOf: (batch) => chargedNotes(batch, shape),
    ...(evaluate && { evaluate: () => evaluate(parameters) }),
    ...pick(rest),
  });
  return { store, result };
}

function createOptimiser(tf: TensorFlow, store: ParameterStore, options: TrainTransformerOptions): Optimiser {
  const adam = { beta2: 0.98, weightDecay: options.weightDecay, clipNorm: 1 };
  if (options.optimiser === 'adamw') return createAdamW(tf, store, adam);
  const layers = Array.from({ length: options.config.shape.layers }, (_, i) => i);
  const groups = ['qkv', 'out', 'up', 'down'].map((kind) => layers.map((i) => `layer${i}.${kind}`));
  return createMuon(tf, store, { ...adam, groups });
}

function pick(
  rest: Omit<
    TrainTransformerOptions,
    'backend' | 'config' | 'pieces' | 'weights' | 'rows' | 'evaluate' | 'seed'
  >,
) {
  const {
    steps,
    schedule,
    evaluateEvery,
    patience,
    onProgress,
    saveState,
    checkpointEvery,
    resume,
    signal,
    now,
  } = rest;
  return {
    steps,
    schedule,
    ...(evaluateEvery !== undefined && { evaluateEvery }),
    ...(patience !== undefined && { patience }),
    ...(onProgress && { onProgress }),
    ...(saveState && { saveState }),
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    ...(resume && { resume }),
    ...(signal && { signal }),
    ...(now && { now }),
  };
}

/** Steps whose bar field is charged: notes and ends. */
function chargedNotes(batch: TransformerBatch, shape: TransformerShape): number {
  let count = 0;
  for (let i = 0; i < batch.weights.length; i += shape.fieldSizes.length) count += batch.weights[i]!;
  return Math.max(1, count);
}
