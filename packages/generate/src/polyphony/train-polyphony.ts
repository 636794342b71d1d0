import { createRng } from '@attune/core';
import {
  createAdamW,
  createWeightAverage,
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
import { createFrameBatch, fitsKey, randomFrameBatches, wholePieceFrames } from './frame-batches.ts';

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
  /** Share of the running average of weights that an update keeps; the averaged weights are judged and kept. */
  readonly averageDecay: number;
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
    average: createWeightAverage(store, { decay: plan.averageDecay }),
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
    evaluate: () => framesNats(backend, coding, shape, [parameters], valid, plan.rows),
    evaluateEvery: plan.evaluateEvery,
    patience: plan.patience,
  });
  return { store, shape, result };
}

/**
 * Mean nats of a slot or frame (the coding's unit) over all pieces, each frame given all that lies before it in a window.
 * With several networks or `keys` (shifts in semitones), each field's probability is the mean of what the networks
 * say of the piece in each key: an average of models, itself a model.
 */
export function framesNats(
  { tf }: Backend,
  coding: FrameCoding,
  shape: TransformerShape,
  networks: readonly Parameters[],
  pieces: readonly FramePiece[],
  rows: number,
  keys: readonly number[] = [0],
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
    const values = averageNats(
      networks.flatMap((parameters) =>
        keys.map((key) => {
          // as in training, a piece that does not fit a key stays in its own
          const moved = some.map((excerpt) => ({
            ...excerpt,
            shift: fitsKey(coding, excerpt.piece, key) ? key : 0,
          }));
          return natsOfBatch(tf, shape, parameters, createFrameBatch(coding, shape, moved, steps));
        }),
      ),
    );
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

/** −ln of the mean probability, value by value; stable where probabilities are small. */
function averageNats(all: readonly Float32Array[]): Float32Array {
  if (all.length === 1) return all[0]!;
  return all[0]!.map((_, i) => {
    const least = all.reduce((a, nats) => Math.min(a, nats[i]!), Infinity);
    const sum = all.reduce((a, nats) => a + Math.exp(least - nats[i]!), 0);
    return least - Math.log(sum / all.length);
  });
}

function charged(batch: TransformerBatch): number {
  let count = 0;
  for (const weight of batch.weights) count += weight;
  return Math.max(1, count);
}
