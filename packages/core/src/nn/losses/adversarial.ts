import { AttuneError } from '../../foundation/errors.ts';
import type { Rng } from '../../foundation/rng.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { checkSameShape } from './squared-error.ts';

/** mean max(0, 1 − real) + mean max(0, 1 + fake) of a discriminator's scores (Lim & Ye 2017; Miyato et al. 2018). As the others here, throws `model/invalid` for no scores. */
export function hingeDiscriminatorLoss(tf: TensorFlow, real: Tensor, fake: Tensor): Tensor {
  requireScores(real, fake);
  return tf.tidy(() => tf.add(tf.mean(tf.relu(tf.sub(1, real))), tf.mean(tf.relu(tf.add(fake, 1)))));
}

/** −mean fake: what the generator lowers against a hinge discriminator or a Wasserstein critic. */
export function generatorLoss(tf: TensorFlow, fake: Tensor): Tensor {
  requireScores(fake);
  return tf.tidy(() => tf.neg(tf.mean(fake)));
}

/** mean fake − mean real: minus the critic's estimate of the Wasserstein distance (Arjovsky et al. 2017). */
export function wassersteinCriticLoss(tf: TensorFlow, real: Tensor, fake: Tensor): Tensor {
  requireScores(real, fake);
  return tf.tidy(() => tf.sub(tf.mean(fake), tf.mean(real)));
}

/**
 * mean (‖∇D(x̂)‖ − 1)² at points x̂ drawn evenly between each real and its fake (Gulrajani et al. 2017), to be weighted
 * by 10 there. `real` and `fake` [N, ...] of one shape; `critic` scores each row by itself, so no batch norm in it.
 *
 * The penalty's gradient is a gradient of a gradient. tfjs gives that right, on every backend, for dense, conv1d, conv2d
 * and the transposed ones, addition, products, squares, sums, means, `leakyRelu`, relu, `spectralNorm`; it leaves
 * parts out, in silence, for tanh, sigmoid, exp, softmax and the layers with saved intermediate values (gelu, silu,
 * squared-relu, normalisation, attention, gru, lstm). Keep these out of a critic.
 */
export function gradientPenalty(
  tf: TensorFlow,
  critic: (x: Tensor) => Tensor,
  real: Tensor,
  fake: Tensor,
  rng: Rng,
): Tensor {
  checkSameShape('gradient penalty', real, fake);
  return tf.tidy(() => {
    const shares = Float32Array.from({ length: real.shape[0] }, () => rng.uniform());
    const share = tf.tensor(shares, [shares.length, ...real.shape.slice(1).map(() => 1)]);
    const between = tf.add(tf.mul(real, share), tf.mul(fake, tf.sub(1, share)));
    const lengths = tf.sqrt(tf.add(squaredSlopes(tf, critic, between), 1e-12));
    return tf.mean(tf.square(tf.sub(lengths, 1)));
  });
}

/** ½ mean ‖∇D(x)‖² over real rows (Mescheder et al. 2018, R1), to be weighted by γ. Conditions as for `gradientPenalty`. */
export function realGradientPenalty(tf: TensorFlow, critic: (x: Tensor) => Tensor, real: Tensor): Tensor {
  return tf.tidy(() => tf.mul(tf.mean(squaredSlopes(tf, critic, real)), 0.5));
}

/** The mean of no scores would be no number. */
function requireScores(...scores: readonly Tensor[]): void {
  if (scores.every(({ size }) => size > 0)) return;
  throw new AttuneError('model/invalid', 'An adversarial loss of no scores has no value.');
}

/** ‖∇D(x)‖² of each row: [N]. */
function squaredSlopes(tf: TensorFlow, critic: (x: Tensor) => Tensor, x: Tensor): Tensor {
  if (x.rank < 2) {
    throw new AttuneError(
      'model/invalid',
      `A gradient penalty takes rows [N, ...], not [${x.shape.join(', ')}].`,
    );
  }
  const slopes = tf.grad((t: Tensor) => tf.sum(critic(t)))(x);
  return tf.sum(tf.reshape(tf.square(slopes), [x.shape[0], -1]), -1);
}
