import { AttuneError } from '../../foundation/errors.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/**
 * By training cost: relu, leaky-relu, squared-relu, tanh and sigmoid are cheap, silu costs twice as much, gelu four
 * times. `leaky-relu` has the slope 0.2 below 0.
 */
export type Activation = 'relu' | 'leaky-relu' | 'squared-relu' | 'gelu' | 'silu' | 'tanh' | 'sigmoid';

/** Applies an activation by its name, element by element. Throws `model/invalid` for a name that there is not. */
export function activate(tf: TensorFlow, x: Tensor, activation: Activation): Tensor {
  switch (activation) {
    case 'relu':
      return tf.relu(x);
    case 'leaky-relu':
      return leakyRelu(tf, x);
    case 'squared-relu':
      return squaredRelu(tf, x);
    case 'gelu':
      return gelu(tf, x);
    case 'silu':
      return silu(tf, x);
    case 'tanh':
      return tf.tanh(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    default: // a name from a file, which no compiler has seen
      throw new AttuneError('model/invalid', `There is no activation called ${String(activation)}.`, {
        activation,
      });
  }
}

const CUBIC = 0.044715;
const SLOPE = 2 * Math.sqrt(2 / Math.PI);

/**
 * Gaussian error linear unit, tanh approximation (Hendrycks & Gimpel 2016):
 * 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))), computed as x σ(2√(2/π) (x + 0.044715 x³)), which is the same
 * function. At most 5e-4 from the exact x Φ(x).
 */
export function gelu(tf: TensorFlow, x: Tensor): Tensor {
  const op = tf.customGrad((input, save) => {
    const t = input as Tensor;
    const squared = tf.square(t);
    const gate = tf.sigmoid(tf.mul(t, tf.add(tf.mul(squared, SLOPE * CUBIC), SLOPE)));
    const value = tf.mul(t, gate);
    // dy/dx = σ + y (1 − σ) (s + 3 s c x²), with s the slope and c the cubic coefficient
    const slope = tf.add(
      gate,
      tf.mul(tf.sub(value, tf.mul(value, gate)), tf.add(tf.mul(squared, 3 * SLOPE * CUBIC), SLOPE)),
    );
    (save as (tensors: Tensor[]) => void)([slope]);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(dy, saved[0]!) };
  });
  return op(x);
}

/** x σ(x): Elfwing et al. 2017, also called swish. */
export function silu(tf: TensorFlow, x: Tensor): Tensor {
  const op = tf.customGrad((input, save) => {
    const t = input as Tensor;
    const gate = tf.sigmoid(t);
    const value = tf.mul(t, gate);
    (save as (tensors: Tensor[]) => void)([gate, value]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [g, y] = saved as [Tensor, Tensor];
        return tf.mul(dy, tf.add(g, tf.sub(y, tf.mul(y, g))));
      },
    };
  });
  return op(x);
}

/** max(0, x)²: So et al. 2021 (Primer). */
export function squaredRelu<T extends Tensor>(tf: TensorFlow, x: T): T {
  const op = tf.customGrad((input, save) => {
    const positive = tf.relu(input as Tensor);
    (save as (tensors: Tensor[]) => void)([positive]);
    return {
      value: tf.square(positive),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(dy, tf.mul(saved[0]!, 2)),
    };
  });
  return op(x) as T;
}

/**
 * x above 0, slope · x below (Maas et al. 2013). Its gradient can be differentiated again on every backend, which
 * that of `tf.leakyRelu` cannot: critics under a gradient penalty use this one.
 */
export function leakyRelu(tf: TensorFlow, x: Tensor, slope = 0.2): Tensor {
  if (!(slope >= 0 && slope <= 1)) {
    throw new AttuneError('model/invalid', `The slope of a leaky rectifier lies in 0 … 1; it is ${slope}.`, {
      slope,
    });
  }
  const op = tf.customGrad((input, save) => {
    const t = input as Tensor;
    (save as (tensors: Tensor[]) => void)([t]);
    return {
      value: tf.maximum(t, tf.mul(t, slope)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(dy, tf.step(saved[0]!, slope)),
    };
  });
  return op(x);
}
