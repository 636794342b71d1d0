import type { Rng } from '@attune/core';
import {
  crossEntropyWithTargets,
  dropoutMask,
  squaredRelu,
  type Tensor,
  type Tensor2D,
  type TensorFlow,
} from '@attune/core/nn';
import type { TransformerShape } from './config.ts';
import { rmsNorm, rotaryAttention, segmentMask, type AttentionLayout } from './fused-ops.ts';

/**
 * Decoder-only Transformer over notes: one step predicts one note, field by field. Letters in shapes: B rows,
 * T steps, N = B·T, D width, H heads, P = D / H / 2 rotation pairs, F fields, G head width, V values of all fields.
 *
 * - Input: a multi-hot row a step times one table, so that note, place in the metre and wishes share one product.
 * - Pre-norm with RMSNorm (Zhang & Sennrich 2019) without gain, which the next matrix absorbs; squared ReLU
 *   (So et al. 2021), whose zeros the decoder skips; no biases in the trunk.
 * - Rotary positions (Su et al. 2021): half of the pairs turn with the index of the note, half with musical time
 *   in bars, so that "two bars ago" is the same rotation at every tempo and density.
 * - Heads: field k sees the trunk and the note's fields before k through one hidden layer, so the product of the
 *   field probabilities is the exact probability of the note.
 */
export interface TransformerBatch {
  readonly rows: number;
  readonly steps: number;
  /** Multi-hot input rows [N, inputRows]. */
  readonly inputs: Float32Array;
  /** One-hot values of the note to predict, all fields side by side [N, V]. */
  readonly targets: Float32Array;
  /** Weight of each field's nats [N, F]; 0 where nothing is to be predicted. */
  readonly weights: Float32Array;
  /** Number of the excerpt that each step belongs to [B, T]: attention stays inside it. */
  readonly segments: Int32Array;
  /** Rotation angles [N, P]. */
  readonly angles: Float32Array;
}

export type Parameters = ReadonlyMap<string, Tensor>;

/** The pieces of a batch as tensors; dispose of them with `tf.dispose`. */
export interface BatchTensors {
  readonly rows: number;
  readonly steps: number;
  readonly inputs: Tensor2D;
  readonly targets: Tensor2D;
  readonly weights: Tensor2D;
  readonly segments: Tensor2D;
  readonly angles: Tensor2D;
}

export function batchTensors(tf: TensorFlow, batch: TransformerBatch): BatchTensors {
  const n = batch.rows * batch.steps;
  return {
    rows: batch.rows,
    steps: batch.steps,
    inputs: tf.tensor2d(batch.inputs, [n, batch.inputs.length / n]),
    targets: tf.tensor2d(batch.targets, [n, batch.targets.length / n]),
    weights: tf.tensor2d(batch.weights, [n, batch.weights.length / n]),
    segments: tf.tensor2d(batch.segments, [batch.rows, batch.steps], 'int32'),
    angles: tf.tensor2d(batch.angles, [n, batch.angles.length / n]),
  };
}

/** Dropout of what each layer adds to the residual stream, and of the stream before the heads: for training on little data. */
export interface ResidualDropout {
  readonly rate: number;
  readonly rng: Rng;
}

/** Nats of each field of each note [N, F], times its weight. */
export function noteNats(
  tf: TensorFlow,
  shape: TransformerShape,
  parameters: Parameters,
  batch: BatchTensors,
  dropout?: ResidualDropout,
): Tensor2D {
  return tf.tidy(() => {
    const trunk = runTrunk(tf, shape, parameters, batch, dropout);
    const logits = runHeads(tf, shape, parameters, trunk, batch.targets);
    const targets = splitColumns(tf, batch.targets, shape.fieldSizes);
    const nats = logits.map((logit, k) => crossEntropyWithTargets(tf, logit, targets[k]!));
    return tf.mul(tf.concat2d(nats, 1), batch.weights);
  });
}

/** Logits of every field given the trunk [N, D] and the note's own earlier fields (in `targets` [N, V]). */
export function runHeads(
  tf: TensorFlow,
  shape: TransformerShape,
  parameters: Parameters,
  trunk: Tensor2D,
  targets: Tensor2D,
): Tensor2D[] {
  const { fieldSizes, headWidth } = shape;
  const earlier = tf.mul<Tensor2D>(parameter(parameters, 'head.fields'), earlierFieldMask(tf, shape));
  const hidden = squaredRelu(
    tf,
    tf.add<Tensor2D>(
      tf.add(tf.matMul(trunk, parameter<Tensor2D>(parameters, 'head.trunk')), tf.matMul(targets, earlier)),
      parameter(parameters, 'head.bias'),
    ),
  );
  return splitColumns(
    tf,
    hidden,
    fieldSizes.map(() => headWidth),
  ).map((part, k) =>
    tf.add<Tensor2D>(
      tf.matMul(part, parameter<Tensor2D>(parameters, `head.out${k}`)),
      parameter(parameters, `head.outBias${k}`),
    ),
  );
}

/** Hidden state after the last layer, normalised [N, D]. `onLayer` sees the state after each layer, not normalised. */
export function runTrunk(
  tf: TensorFlow,
  shape: TransformerShape,
  parameters: Parameters,
  batch: BatchTensors,
  dropout?: ResidualDropout,
  onLayer?: (state: Tensor2D, layer: number) => void,
): Tensor2D {
  const { width, heads, layers } = shape;
  const { rows, steps } = batch;
  const drop = (x: Tensor2D): Tensor2D =>
    dropout === undefined ? x : tf.mul(x, dropoutMask(tf, x.shape, dropout.rate, dropout.rng));
  // The factor dh^-1/4 on queries and keys is the usual dh^-1/2 on their product.
  const scale = (width / heads) ** -0.25;
  const layout: AttentionLayout = {
    rows,
    steps,
    heads,
    pairs: width / heads / 2,
    cos: tf.tile(tf.mul(tf.cos(batch.angles), scale), [1, 2 * heads]),
    sin: tf.tile(tf.mul(tf.sin(batch.angles), scale), [1, 2 * heads]),
    mask: segmentMask(tf, batch.segments),
  };
  let x: Tensor2D = tf.matMul(batch.inputs, parameter<Tensor2D>(parameters, 'embed'));
  for (let i = 0; i < layers; i++) {
    const weight = (name: string): Tensor2D => parameter(parameters, `layer${i}.${name}`);
    const mixed = rotaryAttention(tf, tf.matMul(rmsNorm(tf, x), weight('qkv')), layout);
    x = tf.add(x, drop(tf.matMul(mixed, weight('out'))));
    const up = squaredRelu(tf, tf.matMul(rmsNorm(tf, x), weight('up')));
    x = tf.add(x, drop(tf.matMul(up, weight('down'))));
    onLayer?.(x, i);
  }
  return drop(rmsNorm(tf, x));
}

function parameter<T extends Tensor = Tensor>(parameters: Parameters, name: string): T {
  return parameters.get(name)! as T;
}

/** 1 where a value belongs to a field before the head's own [V, F·G]. */
function earlierFieldMask(tf: TensorFlow, shape: TransformerShape): Tensor2D {
  const { fieldSizes, headWidth } = shape;
  return tf.tidy(() =>
    tf.concat2d(
      fieldSizes.map((size, field) =>
        tf.concat2d(
          [
            tf.zeros([size, (field + 1) * headWidth]),
            tf.ones([size, (fieldSizes.length - field - 1) * headWidth]),
          ],
          1,
        ),
      ),
      0,
    ),
  );
}

/** As `tf.split`, whose gradient fails for a single part. */
function splitColumns(tf: TensorFlow, x: Tensor2D, sizes: readonly number[]): Tensor2D[] {
  return sizes.length === 1 ? [x] : tf.split<Tensor2D>(x, [...sizes], 1);
}
