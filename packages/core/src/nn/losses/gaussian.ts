import type { Rng } from '../../foundation/rng.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { checkSameShape } from './squared-error.ts';

/** A diagonal Gaussian for each row: means and natural logarithms of the variances, both [N, d]. */
export interface DiagonalGaussian {
  readonly mean: Tensor;
  readonly logVariance: Tensor;
}

/**
 * KL(from ‖ to) of each row in nats: [N]. ½ Σ (v/w + (μ − ν)²/w − 1 − ln v + ln w) with `from` N(μ, v) and `to`
 * N(ν, w), by default the standard normal: the regulariser of Kingma & Welling 2014.
 */
export function gaussianKl(tf: TensorFlow, from: DiagonalGaussian, to?: DiagonalGaussian): Tensor {
  for (const other of [from.logVariance, ...(to ? [to.mean, to.logVariance] : [])]) {
    checkSameShape('divergence', from.mean, other);
  }
  return tf.tidy(() => {
    const apart = to === undefined ? from.mean : tf.sub(from.mean, to.mean);
    const logRatio = to === undefined ? from.logVariance : tf.sub(from.logVariance, to.logVariance);
    const squared = tf.square(apart);
    const distance = to === undefined ? squared : tf.mul(squared, tf.exp(tf.neg(to.logVariance)));
    return tf.mul(tf.sum(tf.sub(tf.add(tf.exp(logRatio), distance), tf.add(logRatio, 1)), -1), 0.5);
  });
}

/** mean + e^(logVariance / 2) · noise [N, d], noise standard normal from `rng`; gradients reach both (Kingma & Welling 2014). */
export function sampleGaussian(tf: TensorFlow, { mean, logVariance }: DiagonalGaussian, rng: Rng): Tensor {
  checkSameShape('sample', mean, logVariance);
  return tf.tidy(() => {
    const noise = tf.tensor(
      Float32Array.from({ length: mean.size }, () => rng.normal()),
      mean.shape,
    );
    return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
  });
}
