import { dense, embedding, packedAttention, rmsNorm, silu } from '@attune/core/nn';
import type { Tensor, TensorFlow } from '@attune/core/nn';
import type { DiffusionShape } from './config.ts';
import { inverseOrder, tokenOrder } from './token-order.ts';

/** Parameters by name. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** N melodies of P phrases at some time between music and noise; everything standardised. */
export interface DenoiserInput {
  readonly rows: number;
  readonly phrases: number;
  /** Noisy latents [N, P, latent]. */
  readonly noisy: Float32Array;
  /** What is given, 0 elsewhere [N, P, latent]. */
  readonly given: Float32Array;
  /** 1 where a phrase is given [N, P]. */
  readonly isGiven: Float32Array;
  /** Letters of the plan, or the number of letters where it is not told [N, P]. */
  readonly letters: Int32Array;
  /** Rows of `conditionRow` [N, C]. */
  readonly conditions: Float32Array;
}

/**
 * The velocity signal · ε − noise · x (Salimans & Ho 2022) of each phrase: [N, P, latent]. A Transformer over the tokens of
 * the phrases (`tokenOrder`) whose layers are scaled and shifted by time and wishes (Peebles & Xie 2023, without their gates).
 */
export function velocity(
  tf: TensorFlow,
  shape: DiffusionShape,
  parameters: Parameters,
  input: DenoiserInput,
): Tensor {
  const of = (name: string): Tensor => parameters.get(name)!;
  const { latent, split, width, layers, heads } = shape;
  const { rows, phrases } = input;
  const order = tokenOrder(shape);
  const count = phrases * split;
  const conditions = tf.tensor2d(input.conditions, [rows, input.conditions.length / rows]);
  const condition = silu(tf, dense(tf, conditions, of('condition/weight'), of('condition/bias'))); // [N, width]
  const cut = (latents: Float32Array): Tensor =>
    tf.reshape(tf.gather(tf.tensor2d(latents, [rows * phrases, latent]), tf.tensor1d(order, 'int32'), 1), [
      rows,
      count,
      latent / split,
    ]);
  const isGiven = Float32Array.from(
    { length: rows * count },
    (_, i) => input.isGiven[Math.floor(i / split)]!,
  );
  const letters = Int32Array.from({ length: rows * count }, (_, i) => input.letters[Math.floor(i / split)]!);
  const tokens = tf.concat([cut(input.noisy), cut(input.given), tf.tensor(isGiven, [rows, count, 1])], 2);
  const places: Tensor = tf.slice(of('input/position'), [0, 0], [count, width]);
  const plan = tf.reshape(embedding(tf, of('input/letter'), tf.tensor1d(letters, 'int32')), [
    rows,
    count,
    width,
  ]);
  let x = tf.add(tf.add(dense(tf, tokens, of('input/weight')), plan), places);
  for (let i = 0; i < layers; i++) {
    const layer = (name: string): Tensor => of(`layer${i}/${name}`);
    const told = tf.expandDims(dense(tf, condition, layer('condition/weight'), layer('condition/bias')), 1);
    const [scale1, shift1, scale2, shift2] = tf.split(told, 4, 2) as [Tensor, Tensor, Tensor, Tensor];
    const attended = packedAttention(tf, dense(tf, modulated(tf, x, scale1, shift1), layer('qkv/weight')), {
      heads,
    });
    x = tf.add(x, dense(tf, attended, layer('out/weight')));
    const up = silu(tf, dense(tf, modulated(tf, x, scale2, shift2), layer('up/weight'), layer('up/bias')));
    x = tf.add(x, dense(tf, up, layer('down/weight')));
  }
  const out = dense(tf, rmsNorm(tf, x), of('output/weight'), of('output/bias')); // [N, P · split, latent / split]
  const joined = tf.gather(
    tf.reshape(out, [rows * phrases, latent]),
    tf.tensor1d(inverseOrder(order), 'int32'),
    1,
  );
  return tf.reshape(joined, [rows, phrases, latent]);
}

function modulated(tf: TensorFlow, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  return tf.add(tf.mul(rmsNorm(tf, x), tf.add(scale, 1)), shift);
}
