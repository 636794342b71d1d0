import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { columnSums } from './dense.ts';

/** x + bias over the last axis: [..., d] + [d]. The bias gradient is a product with ones, as in `dense`. */
export function addBias(tf: TensorFlow, x: Tensor, bias: Tensor): Tensor {
  const width = x.shape.at(-1)!;
  const op = tf.customGrad((...args) => {
    const [t, b] = args as unknown as [Tensor, Tensor];
    return {
      value: tf.add(t, b),
      gradFunc: (dy: Tensor) => [dy, columnSums(tf, tf.reshape(dy, [-1, width]))],
    };
  });
  return op(x, bias);
}
