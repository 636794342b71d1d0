import { AttuneError } from '../../foundation/errors.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/** Mean over all elements of (prediction − target)²: one scalar. Both of one shape, else `model/invalid`. */
export function meanSquaredError(tf: TensorFlow, prediction: Tensor, target: Tensor): Tensor {
  checkSameShape('squared error', prediction, target);
  return tf.tidy(() => tf.mean(tf.square(tf.sub(prediction, target))));
}

/** Throws `model/invalid` when two operands of a loss differ in shape: nothing is broadcast in silence. */
export function checkSameShape(what: string, a: Tensor, b: Tensor): void {
  if (a.rank !== b.rank || a.shape.some((size, axis) => size !== b.shape[axis])) {
    throw new AttuneError('model/invalid', `A ${what} compares equal shapes, not [${a.shape.join(', ')}] and [${b.shape.join(', ')}].`); // prettier-ignore
  }
}
