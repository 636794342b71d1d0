import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/** The same values, through which no gradient passes: what depends on it is trained as if it were a constant. */
export function stopGradient(tf: TensorFlow, x: Tensor): Tensor {
  const op = tf.customGrad((input) => ({
    value: tf.add(input as Tensor, 0), // not a clone, which tfjs would connect with its input by itself
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }));
  return op(x);
}
