import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { checkSameShape } from './squared-error.ts';

/**
 * −t ln σ(z) − (1 − t) ln(1 − σ(z)) of each element, in nats, computed as max(z, 0) − z t + ln(1 + e^−|z|), which is
 * exact for any z. `logits` and `targets` (0 … 1) of one shape, else `model/invalid`. No gradient reaches the targets.
 */
export function sigmoidCrossEntropyPerElement(tf: TensorFlow, logits: Tensor, targets: Tensor): Tensor {
  checkSameShape('cross-entropy', logits, targets);
  const op = tf.customGrad((input, save) => {
    const z = input as Tensor;
    (save as (tensors: Tensor[]) => void)([z, targets]);
    return {
      value: tf.add(tf.sub(tf.relu(z), tf.mul(z, targets)), tf.log1p(tf.exp(tf.neg(tf.abs(z))))),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(dy, tf.sub(tf.sigmoid(saved[0]!), saved[1]!)),
    };
  });
  return op(logits);
}

/** Mean of `sigmoidCrossEntropyPerElement` over all elements: one scalar. */
export function sigmoidCrossEntropy(tf: TensorFlow, logits: Tensor, targets: Tensor): Tensor {
  return tf.tidy(() => tf.mean(sigmoidCrossEntropyPerElement(tf, logits, targets)));
}
