import { createRng } from '@attune/core';
import {
  createAdamW,
  train,
  warmupCosineSchedule,
  type Backend,
  type ParameterStore,
  type TrainOptions,
  type TrainResult,
} from '@attune/core/nn';
import type { TransformerShape } from '../transformer/config.ts';
import { batchTensors, noteNats, type Parameters, type TransformerBatch } from '../transformer/model.ts';
import { createMuon } from '../transformer/muon.ts';
import { createParameters, natsOfBatch } from '../transformer/train.ts';
import type { FrameCoding, FramePiece } from './frame-coding.ts';
import { createFrameBatch, randomFrameBatches, wholePieceFrames } from './frame-batches.ts';

/** Sizes and training of a network for one benchmark set. */
export interface PolyphonyPlan {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly headWidth: number;
  /** Frames. */
  readonly window: number;
  readonly rows: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly dropout: number;
  readonly evaluateEvery: number;
  readonly patience: number;
}

export function shapeOf(coding: FrameCoding, plan: PolyphonyPlan): TransformerShape {
  const { width, layers, heads, feedForward, headWidth, window } = plan;
  const { fieldSizes, inputRows } = coding;
  return { width, layers, heads, feedForward, headWidth, window, fieldSizes, inputRows };
}

export interface TrainPolyphonyOptions extends Pick<
  TrainOptions<TransformerBatch>,
  'onProgress' | 'saveState' | 'checkpointEvery' | 'resume' | 'signal' | 'now'
> {
  readonly backend: Backend;
  readonly coding: FrameCoding;
  readonly plan: PolyphonyPlan;
  readonly train: readonly FramePiece[];
  readonly valid: readonly FramePiece[];
  readonly seed: number;
}

/** Trains from scratch; afterwards `store` holds the weights with the fewest nats on `valid`. */
export async function trainPolyphony(
  options: TrainPolyphonyOptions,
): Promise<{ store: ParameterStore; shape: TransformerShape; result: TrainResult }> {
  const { backend, coding, plan, seed, train: pieces, valid, ...rest } = options;
  const { tf } = backend;
  const shape = shapeOf(coding, plan);
  const rng = createRng(seed);
  const store = createParameters(tf, shape, rng.fork('parameters'));
  const parameters: Parameters = new Map(store.entries());
  const layers = Array.from({ length: plan.layers }, (_, i) => i);
  const groups = ['qkv', 'out', 'up', 'down'].map((kind) => layers.map((i) => `layer${i}.${kind}`));
  const adam = { beta2: 0.98, weightDecay: plan.weightDecay, clipNorm: 1 };
  const result = await train<TransformerBatch>({
    ...rest,
    tf,
    store,
    optimiser: plan.layers > 0 ? createMuon(tf, store, { ...adam, groups }) : createAdamW(tf, store, adam),
    batches: randomFrameBatches(coding, shape, pieces, plan.rows, rng.fork('batches')),
    rng: rng.fork('dropout'),
    lossOf: (batch, dropoutRng) => {
      const dropout = plan.dropout > 0 ? { rate: plan.dropout, rng: dropoutRng } : undefined;
      const nats = noteNats(tf, shape, parameters, batchTensors(tf, batch), dropout);
      return tf.div(tf.sum(nats), charged(batch));
    },
    tokensOf: (batch) => charged(batch),
    steps: plan.steps,
    schedule: warmupCosineSchedule({
      peak: plan.learningRate,
      warmupSteps: plan.warmupSteps,
      totalSteps: plan.steps,
      final: 0.02 * plan.learningRate,
    }),
    evaluate: () => framesNats(backend, coding, shape, parameters, valid, plan.rows),
    evaluateEvery: plan.evaluateEvery,
    patience: plan.patience,
  });
  return { store, shape, result };
}

/** Mean nats of a slot or frame (the coding's unit) over all pieces, each frame given all that lies before it in a window. */
export function framesNats(
  { tf }: Backend,
  coding: FrameCoding,
  shape: TransformerShape,
  parameters: Parameters,
  pieces: readonly FramePiece[],
  rows: number,
): number {
  const excerpts = pieces
    .flatMap((piece) => wholePieceFrames(piece, shape.window))
    .sort((a, b) => b.to - b.from - (a.to - a.from));
  const fields = coding.fieldSizes.length;
  let nats = 0;
  let units = 0;
  for (let i = 0; i < excerpts.length; i += rows) {
    const some = excerpts.slice(i, i + rows);
    const steps = some[0]!.to - some[0]!.from; // the longest comes first
    const values = natsOfBatch(tf, shape, parameters, createFrameBatch(coding, shape, some, steps));
    some.forEach(({ from, to, chargedFrom }, row) => {
      for (let index = Math.max(chargedFrom, coding.uncountedFrames); index < to; index++) {
        const at = (row * steps + index - from) * fields;
        for (let k = 0; k < fields; k++) nats += values[at + k]!;
        units += coding.unit === 'slot' ? fields : 1;
      }
    });
  }
  return nats / units;
}

function charged(batch: TransformerBatch): number {
  let count = 0;
  for (const weight of batch.weights) count += weight;
  return Math.max(1, count);
}
