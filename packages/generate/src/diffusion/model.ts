import { dense, embedding, packedAttention, rmsNorm, silu } from '@attune/core/nn';
import type { Tensor, TensorFlow } from '@attune/core/nn';
import type { DiffusionShape } from './config.ts';

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
 * The velocity signal · ε − noise · x (Salimans & Ho 2022) of each phrase: [N, P, latent]. A Transformer over phrases whose
 * layers are scaled and shifted by time and wishes (Peebles & Xie 2023, without their gates).
 */
export function velocity(
  tf: TensorFlow,
  shape: DiffusionShape,
  parameters: Parameters,
  input: DenoiserInput,
): Tensor {
  const of = (name: string): Tensor => parameters.get(name)!;
  const { latent, width, layers, heads } = shape;
  const { rows, phrases } = input;
  const conditions = tf.tensor2d(input.conditions, [rows, input.conditions.length / rows]);
  const condition = silu(tf, dense(tf, conditions, of('condition/weight'), of('condition/bias'))); // [N, width]
  const size = [rows, phrases, latent];
  const tokens = tf.concat(
    [
      tf.tensor(input.noisy, size),
      tf.tensor(input.given, size),
      tf.tensor(input.isGiven, [rows, phrases, 1]),
    ],
    2,
  );
  const places: Tensor = tf.slice(of('input/position'), [0, 0], [phrases, width]);
  const plan = tf.reshape(embedding(tf, of('input/letter'), tf.tensor1d(input.letters, 'int32')), [
    rows,
    phrases,
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
  return dense(tf, rmsNorm(tf, x), of('output/weight'), of('output/bias'));
}

function modulated(tf: TensorFlow, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  return tf.add(tf.mul(rmsNorm(tf, x), tf.add(scale, 1)), shift);
}
