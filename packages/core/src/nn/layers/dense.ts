import { AttuneError } from '../../foundation/errors.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { activate, type Activation } from './activations.ts';

/** y = activation(x · weight + bias). `x` [..., in], `weight` [in, out], `bias` [out] → [..., out]. */
export function dense(
  tf: TensorFlow,
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  activation?: Activation,
): Tensor {
  const [inputs, outputs] = weight.shape as [number, number];
  if (weight.rank !== 2 || x.shape.at(-1) !== inputs) {
    throw new AttuneError(
      'model/invalid',
      `A dense layer with weight [${weight.shape.join(', ')}] cannot take input [${x.shape.join(', ')}].`,
    );
  }
  return tf.tidy(() => {
    const rows = x.rank === 2 ? x : tf.reshape(x, [-1, inputs]);
    let y: Tensor = bias === undefined ? tf.matMul(rows, weight) : affine(tf, rows, weight, bias);
    if (activation !== undefined) y = activate(tf, y, activation);
    return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
  });
}

/** rows · weight + bias. The bias gradient is a product with ones: tfjs sums columns several times slower. */
function affine(tf: TensorFlow, rows: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const op = tf.customGrad((...args) => {
    const [x, w, b, save] = args as unknown as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    save([x, w]);
    return {
      value: tf.add(tf.matMul(x, w), b),
      gradFunc: (dy: Tensor, saved: Tensor[]) => [
        tf.matMul(dy, saved[1]!, false, true),
        tf.matMul(saved[0]!, dy, true, false),
        columnSums(tf, dy),
      ],
    };
  });
  return op(rows, weight, bias);
}

/** Σ over rows: [N, d] → [d], as a product with ones. */
export function columnSums(tf: TensorFlow, rows: Tensor): Tensor {
  return tf.reshape(tf.matMul(tf.ones([1, rows.shape[0]]), rows), [rows.shape[1]!]);
}

/** One layer of a `multiLayerPerceptron`. */
export interface DenseParameters {
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

/** Dense layers with the activation between them, none after the last. `x` [..., in] → [..., out of the last]. */
export function multiLayerPerceptron(
  tf: TensorFlow,
  x: Tensor,
  layers: readonly DenseParameters[],
  activation: Activation = 'gelu',
): Tensor {
  return tf.tidy(() =>
    layers.reduce(
      (y, { weight, bias }, i) => dense(tf, y, weight, bias, i < layers.length - 1 ? activation : undefined),
      x,
    ),
  );
}
