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
    let y: Tensor = tf.matMul(rows, weight);
    if (bias !== undefined) y = tf.add(y, bias);
    if (activation !== undefined) y = activate(tf, y, activation);
    return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
  });
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
