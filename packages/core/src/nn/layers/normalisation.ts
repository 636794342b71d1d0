import { AttuneError } from '../../foundation/errors.ts';
import { columnSums } from './dense.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/**
 * (x − mean) / √(variance + ε) · scale + offset over the last axis (Ba et al. 2016; biased variance).
 * `x` [..., d], `scale` and `offset` [d]; throws `model/invalid` for other shapes.
 */
export function layerNorm(tf: TensorFlow, x: Tensor, scale: Tensor, offset: Tensor, epsilon = 1e-5): Tensor {
  const width = widthOf(x);
  requireWidth('a scale and an offset', width, scale, offset);
  const op = tf.customGrad((...args) => {
    const [t, gain, shift, save] = args as unknown as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const rows = tf.reshape(t, [-1, width]); // [N, d]
    const centred = tf.sub(rows, tf.mean(rows, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon)); // [N, 1]
    const normal = tf.mul(centred, inverse);
    save([normal, inverse, gain]);
    const value = tf.reshape(tf.add(tf.mul(normal, gain), shift), t.shape);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [unit, factor, g] = saved as [Tensor, Tensor, Tensor];
        const dyRows = tf.reshape(dy, [-1, width]);
        const dyUnit = tf.mul(dyRows, unit);
        const along = tf.div(tf.matMul(dyUnit, tf.reshape(g, [width, 1])), width); // mean of dy·g·unit, [N, 1]
        const level = tf.div(tf.matMul(dyRows, tf.reshape(g, [width, 1])), width);
        const dx = tf.mul(factor, tf.sub(tf.sub(tf.mul(dyRows, g), level), tf.mul(unit, along)));
        return [tf.reshape(dx, dy.shape), columnSums(tf, dyUnit), columnSums(tf, dyRows)];
      },
    };
  });
  return op(x, scale, offset);
}

/**
 * x / √(mean(x²) + ε) · scale over the last axis (Zhang & Sennrich 2019). `x` [..., d], `scale` [d]; without a scale
 * the next matrix is to take its part. Throws `model/invalid` for other shapes.
 */
export function rmsNorm<T extends Tensor>(tf: TensorFlow, x: T, scale?: Tensor, epsilon = 1e-5): T {
  const width = widthOf(x);
  if (scale === undefined) return unscaledRmsNorm(tf, x, epsilon) as T;
  requireWidth('a scale', width, scale);
  const op = tf.customGrad((...args) => {
    const [t, gain, save] = args as unknown as [Tensor, Tensor, (tensors: Tensor[]) => void];
    const rows = tf.reshape(t, [-1, width]);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(rows), -1, true), epsilon)); // [N, 1]
    const unit = tf.mul(rows, inverse);
    save([unit, inverse, gain]);
    return {
      value: tf.reshape(tf.mul(unit, gain), t.shape),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [u, factor, g] = saved as [Tensor, Tensor, Tensor];
        const dyRows = tf.reshape(dy, [-1, width]);
        const dyUnit = tf.mul(dyRows, u);
        const along = tf.div(tf.matMul(dyUnit, tf.reshape(g, [width, 1])), width);
        const dx = tf.mul(factor, tf.sub(tf.mul(dyRows, g), tf.mul(u, along)));
        return [tf.reshape(dx, dy.shape), columnSums(tf, dyUnit)];
      },
    };
  });
  return op(x, scale) as T;
}

function unscaledRmsNorm(tf: TensorFlow, x: Tensor, epsilon: number): Tensor {
  const op = tf.customGrad((input, save) => {
    const t = input as Tensor;
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(t), -1, true), epsilon)); // [..., 1]
    const value = tf.mul(t, inverse);
    (save as (tensors: Tensor[]) => void)([value, inverse]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [unit, factor] = saved as [Tensor, Tensor];
        return tf.mul(tf.sub(dy, tf.mul(unit, tf.mean(tf.mul(dy, unit), -1, true))), factor);
      },
    };
  });
  return op(x);
}

function widthOf(x: Tensor): number {
  if (x.rank > 0) return x.shape.at(-1)!;
  throw new AttuneError('model/invalid', 'Normalisation takes at least one axis.');
}

function requireWidth(what: string, width: number, ...vectors: readonly Tensor[]): void {
  const other = vectors.find(({ shape }) => shape.length !== 1 || shape[0] !== width);
  if (other === undefined) return;
  const found = other.shape.join(', ');
  throw new AttuneError(
    'model/invalid',
    `Normalisation of width ${width} has ${what} [${width}], not [${found}].`,
    {
      width,
    },
  );
}
