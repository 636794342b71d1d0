import { AttuneError } from '../../foundation/errors.ts';
import type { Rng } from '../../foundation/rng.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/**
 * Zeroes each element with probability `rate` and divides the rest by 1 − rate (inverted dropout, Srivastava et
 * al. 2014). The rate is taken to the nearest 1/65536, and the scale with it. `rng` advances by size / 2 words;
 * rate 0 returns `x` itself and draws nothing. Leave the call out when not training.
 */
export function dropout(tf: TensorFlow, x: Tensor, rate: number, rng: Rng): Tensor {
  if (rate === 0) return x;
  return tf.tidy(() => tf.mul(x, dropoutMask(tf, x.shape, rate, rng)));
}

/** A tensor of 0 and 1 / (1 − rate). */
export function dropoutMask(tf: TensorFlow, shape: readonly number[], rate: number, rng: Rng): Tensor {
  const threshold = Math.round(rate * 0x10000);
  if (!(rate >= 0 && rate < 1) || threshold === 0x10000) {
    throw new AttuneError(
      'model/invalid',
      `A dropout rate lies from 0 up to, not including, 1; it is ${rate}.`,
      { rate },
    );
  }
  const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
  const kept = 0x10000 / (0x10000 - threshold);
  for (let i = 0; i < values.length; i += 2) {
    const word = rng.uint32();
    if ((word & 0xffff) >= threshold) values[i] = kept;
    if (word >>> 16 >= threshold && i + 1 < values.length) values[i + 1] = kept;
  }
  return tf.tensor(values, [...shape], 'float32');
}
