import { AttuneError } from '../../foundation/errors.ts';
import type { Tensor, Tensor2D, TensorFlow } from '../tensor-flow.ts';

/** Which rows count, and which classes are possible. */
export interface CrossEntropyOptions {
  /** [N] ≥ 0; the loss is Σ weight·nats / Σ weight. Padding gets 0. Default: all 1. */
  readonly weights?: Tensor;
  /** [N, V] or [1, V], added to the logits: 0 = possible, −1e9 = impossible. */
  readonly logitMask?: Tensor;
}

/**
 * Mean of −ln softmax(logits)[label], in nats: one scalar. `logits` [N, V] (or [..., V], flattened), `labels` int32
 * [N] (or [...]). The gradient is (softmax − one-hot) · weight / Σ weight, in one piece. With weights that sum to 0
 * the loss is 0.
 */
export function softmaxCrossEntropy(
  tf: TensorFlow,
  logits: Tensor,
  labels: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  return tf.tidy(() => {
    const rows = labels.size;
    const weights =
      options.weights === undefined ? tf.fill([rows], 1 / rows) : normalised(tf, options.weights, rows);
    return tf.sum(tf.mul(crossEntropyPerRow(tf, logits, labels, options.logitMask), weights));
  });
}

/** −ln softmax(logits)[label] of each row, in nats: [N]. Shapes as for `softmaxCrossEntropy`. */
export function crossEntropyPerRow(
  tf: TensorFlow,
  logits: Tensor,
  labels: Tensor,
  logitMask?: Tensor,
): Tensor {
  const classes = logits.shape.at(-1)!;
  if (logits.size !== labels.size * classes || labels.dtype !== 'int32') {
    throw new AttuneError(
      'model/invalid',
      `Logits [${logits.shape.join(', ')}] do not fit ${labels.dtype} labels [${labels.shape.join(', ')}].`,
    );
  }
  return tf.tidy(() => {
    const flat = tf.reshape(labels, [-1]);
    const op = tf.customGrad((input, save) => {
      const raw = tf.reshape(input as Tensor, [-1, classes]);
      const z = logitMask === undefined ? raw : tf.add(raw, logitMask);
      const shifted = tf.sub(z, tf.max(z, -1, true));
      const exps = tf.exp(shifted);
      const total = tf.sum(exps, -1, true); // [N, 1]
      const oneHot = tf.cast(tf.oneHot(flat as never, classes), 'float32'); // a float32 one-hot is wrong on wasm
      const picked = tf.sum(tf.mul(shifted, oneHot), -1);
      const value = tf.sub(tf.log(tf.reshape(total, [-1])), picked);
      (save as (tensors: Tensor[]) => void)([tf.sub(tf.div(exps, total), oneHot)]);
      return {
        value,
        gradFunc: (dy: Tensor, saved: Tensor[]) =>
          tf.reshape(tf.mul(saved[0]!, tf.reshape(dy, [-1, 1])), logits.shape),
      };
    });
    return op(logits);
  });
}

/**
 * −Σ target · ln softmax(logits) of each row, in nats: [N, 1]. `logits` and `targets` [N, V]; the targets are the
 * probabilities of each class, such as a one-hot row, and sum to 1. No gradient reaches them.
 */
export function crossEntropyWithTargets(tf: TensorFlow, logits: Tensor, targets: Tensor): Tensor2D {
  if (logits.rank !== 2 || targets.shape[0] !== logits.shape[0] || targets.shape[1] !== logits.shape[1]) {
    throw new AttuneError(
      'model/invalid',
      `Logits [${logits.shape.join(', ')}] do not fit targets [${targets.shape.join(', ')}].`,
    );
  }
  const op = tf.customGrad((input, save) => {
    const logProbability = tf.logSoftmax(input as Tensor);
    (save as (tensors: Tensor[]) => void)([logProbability, targets]);
    return {
      value: tf.neg(tf.sum(tf.mul(logProbability, targets), -1, true)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(tf.sub(tf.exp(saved[0]!), saved[1]!), dy),
    };
  });
  return op(logits) as Tensor2D;
}

function normalised(tf: TensorFlow, weights: Tensor, rows: number): Tensor {
  const flat = tf.reshape(weights, [rows]);
  return tf.divNoNan(flat, tf.sum(flat));
}
