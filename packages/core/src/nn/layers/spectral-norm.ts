import { AttuneError } from '../../foundation/errors.ts';
import type { Initialiser, ParameterStore } from '../parameter-store.ts';
import type { Tensor, TensorFlow, Variable } from '../tensor-flow.ts';
import { stopGradient } from './stop-gradient.ts';

/** Settings of `spectralNorm`. */
export interface SpectralNormOptions {
  /** Turns of the power iteration before the estimate is taken. Default 1; 0 uses the vector as it is. */
  readonly iterations?: number;
  /** Least length by which a vector is divided. Default 1e-12. */
  readonly epsilon?: number;
}

/** The buffer `name` [outputs] of `spectralNorm`: a random direction from the store's seed, which a checkpoint keeps. */
export function createSpectralVector(store: ParameterStore, name: string, outputs: number): Variable {
  return store.createBuffer(name, [outputs], unitVector);
}

/**
 * weight / σ, with σ the largest singular value as the power iteration sees it (Miyato et al. 2018). `weight`
 * [..., out] counts as the matrix [product of the rest, out]; `vector` [out] is the running estimate of its right
 * singular vector, and is replaced. The gradient passes through σ and not through the vectors, as in the paper, and
 * can be differentiated again. Throws `model/invalid` when the widths differ.
 */
export function spectralNorm(
  tf: TensorFlow,
  weight: Tensor,
  vector: Variable,
  { iterations = 1, epsilon = 1e-12 }: SpectralNormOptions = {},
): Tensor {
  const outputs = weight.shape.at(-1)!;
  if (vector.size !== outputs || weight.rank < 2 || !(Number.isInteger(iterations) && iterations >= 0)) {
    throw new AttuneError('model/invalid', `A weight [${weight.shape.join(', ')}] cannot be normalised by ${iterations} iterations on a vector [${vector.shape.join(', ')}].`); // prettier-ignore
  }
  return tf.tidy(() => {
    const matrix = tf.reshape(weight, [-1, outputs]); // [rest, out]
    const fixed = stopGradient(tf, matrix);
    const unit = (t: Tensor): Tensor => tf.div(t, tf.maximum(tf.sqrt(tf.sum(tf.square(t))), epsilon));
    let right: Tensor = tf.reshape(stopGradient(tf, vector), [outputs, 1]);
    let left = unit(tf.matMul(fixed, right)); // [rest, 1]
    for (let i = 0; i < iterations; i++) {
      right = unit(tf.matMul(fixed, left, true));
      left = unit(tf.matMul(fixed, right));
    }
    if (iterations > 0) vector.assign(tf.reshape(right, [outputs]));
    const sigma = tf.sum(tf.mul(left, tf.matMul(matrix, right)));
    return tf.div(weight, tf.maximum(sigma, epsilon));
  });
}

const unitVector: Initialiser = ([size], rng) => {
  const values = Float32Array.from({ length: size! }, () => rng.normal());
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
};
