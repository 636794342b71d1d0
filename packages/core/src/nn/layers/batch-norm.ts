import { AttuneError } from '../../foundation/errors.ts';
import { ones, zeros } from '../initialisers.ts';
import type { ParameterStore } from '../parameter-store.ts';
import type { Tensor, TensorFlow, Variable } from '../tensor-flow.ts';
import { columnSums } from './dense.ts';

/** What batch normalisation learns, and what it has seen; all [d]. */
export interface BatchNormParameters {
  readonly scale: Tensor;
  readonly offset: Tensor;
  /** Running mean and variance: buffers, which a checkpoint keeps. */
  readonly mean: Variable;
  readonly variance: Variable;
}

/** Settings of `batchNorm`. */
export interface BatchNormOptions {
  /** True: normalise by this batch, and take it into the running statistics. False: normalise by these. */
  readonly training: boolean;
  /** Share of the running statistics that an update keeps. Default 0.9. */
  readonly momentum?: number;
  /** Default 1e-5. */
  readonly epsilon?: number;
}

/** Scale 1, offset 0, running mean 0 and variance 1 under `name/…`. */
export function createBatchNorm(store: ParameterStore, name: string, width: number): BatchNormParameters {
  return {
    scale: store.create(`${name}/scale`, [width], ones),
    offset: store.create(`${name}/offset`, [width], zeros),
    mean: store.createBuffer(`${name}/mean`, [width], zeros),
    variance: store.createBuffer(`${name}/variance`, [width], ones),
  };
}

/**
 * (x − mean) / √(variance + ε) · scale + offset for each channel (Ioffe & Szegedy 2015). `x` [..., d]: all axes but
 * the last are one batch. A batch is normalised by its biased variance; the running variance takes the unbiased one.
 * The running statistics change in the forward pass, also when the update that follows is refused.
 * Throws `model/invalid` when the widths differ, or a training batch has a single row.
 */
export function batchNorm(
  tf: TensorFlow,
  x: Tensor,
  parameters: BatchNormParameters,
  options: BatchNormOptions,
): Tensor {
  const { training, momentum = 0.9, epsilon = 1e-5 } = options;
  const width = x.shape.at(-1)!;
  if (parameters.scale.size !== width) {
    throw new AttuneError('model/invalid', `Batch normalisation of width ${parameters.scale.size} cannot take input [${x.shape.join(', ')}].`); // prettier-ignore
  }
  if (!(momentum >= 0 && momentum < 1)) {
    throw new AttuneError('model/invalid', `The momentum of batch normalisation lies from 0 up to, not including, 1; it is ${momentum}.`, { momentum }); // prettier-ignore
  }
  return tf.tidy(() => {
    if (!training) return byRunningStatistics(tf, x, parameters, epsilon);
    const rows = x.size / width;
    if (rows < 2) {
      throw new AttuneError('model/invalid', 'Batch normalisation cannot train on a batch of one row.', {
        rows,
      });
    }
    const seen = (batchMean: Tensor, batchVariance: Tensor): void => {
      follow(tf, parameters.mean, batchMean, momentum);
      follow(tf, parameters.variance, tf.mul(batchVariance, rows / (rows - 1)), momentum);
    };
    return byBatch(tf, x, parameters.scale, parameters.offset, epsilon, seen);
  });
}

function byRunningStatistics(
  tf: TensorFlow,
  x: Tensor,
  { scale, offset, mean, variance }: BatchNormParameters,
  epsilon: number,
): Tensor {
  return tf.add(tf.mul(tf.sub(x, mean), tf.mul(tf.rsqrt(tf.add(variance, epsilon)), scale)), offset);
}

function byBatch(
  tf: TensorFlow,
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  epsilon: number,
  seen: (mean: Tensor, variance: Tensor) => void,
): Tensor {
  const width = x.shape.at(-1)!;
  const rows = x.size / width;
  const op = tf.customGrad((...args) => {
    const [t, gain, shift, save] = args as unknown as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const flat = tf.reshape(t, [-1, width]); // [N, d]
    const mean = tf.div(columnSums(tf, flat), rows);
    const centred = tf.sub(flat, mean);
    const variance = tf.div(columnSums(tf, tf.square(centred)), rows);
    const inverse = tf.rsqrt(tf.add(variance, epsilon)); // [d]
    const normal = tf.mul(centred, inverse);
    seen(mean, variance);
    save([normal, inverse, gain]);
    return {
      value: tf.reshape(tf.add(tf.mul(normal, gain), shift), t.shape),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [unit, factor, g] = saved as [Tensor, Tensor, Tensor];
        const dyRows = tf.reshape(dy, [-1, width]);
        const level = columnSums(tf, dyRows);
        const along = columnSums(tf, tf.mul(dyRows, unit));
        const rest = tf.sub(dyRows, tf.div(tf.add(level, tf.mul(unit, along)), rows));
        return [tf.reshape(tf.mul(rest, tf.mul(factor, g)), dy.shape), along, level];
      },
    };
  });
  return op(x, scale, offset);
}

/** running ← momentum · running + (1 − momentum) · seen. */
function follow(tf: TensorFlow, running: Variable, seen: Tensor, momentum: number): void {
  running.assign(tf.add(tf.mul(running, momentum), tf.mul(seen, 1 - momentum)));
}
