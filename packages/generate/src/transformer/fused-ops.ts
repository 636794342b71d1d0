import {
  rmsNorm as normalise,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  type TensorFlow,
} from '@attune/core/nn';

/**
 * Operations with gradients of their own: fewer and larger kernels than automatic differentiation would run.
 * Each is checked against the plain composition in fused-ops.test.ts.
 */

type Save = (tensors: Tensor[]) => void;

/** The norm of this model: without a gain, and with the ε that the decoder has. */
export function rmsNorm(tf: TensorFlow, x: Tensor2D): Tensor2D {
  return normalise(tf, x, undefined, RMS_EPSILON);
}
export const RMS_EPSILON = 1e-6;

export interface AttentionLayout {
  readonly rows: number;
  readonly steps: number;
  readonly heads: number;
  /** Rotation pairs a head: half of its width. */
  readonly pairs: number;
  /** Cosines and sines of the rotation, scaled by (2·pairs)^-1/4 [N, D] with D = 2·heads·pairs. */
  readonly cos: Tensor2D;
  readonly sin: Tensor2D;
  /** Added to the scores [B, 1, T, T]. */
  readonly mask: Tensor4D;
}

/**
 * Causal attention with rotary positions from `qkv` [N, 3·D] = [q first halves, k first halves | q second halves,
 * k second halves | v] to the mixed values [N, D]. The gradient takes the row sums of dP∘P as those of dO∘O
 * (Dao et al. 2022), which spares two passes over [B, H, T, T].
 */
export function rotaryAttention(tf: TensorFlow, qkv: Tensor2D, layout: AttentionLayout): Tensor2D {
  const { rows, steps, heads, pairs, cos, sin, mask } = layout;
  const size = 2 * pairs;
  const width = heads * size;

  const toHeads = (x: Tensor2D): Tensor4D =>
    tf.transpose(tf.reshape(x, [rows, steps, heads, size]), [0, 2, 1, 3]);
  const fromHeads = (x: Tensor4D): Tensor2D =>
    tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [rows * steps, width]);

  const run = tf.customGrad((input, save) => {
    const [first, second, value] = tf.split<Tensor2D>(input as Tensor2D, 3, 1) as [
      Tensor2D,
      Tensor2D,
      Tensor2D,
    ];
    const turned = tf.concat2d(
      [tf.sub(tf.mul(first, cos), tf.mul(second, sin)), tf.add(tf.mul(first, sin), tf.mul(second, cos))],
      1,
    ); // [N, half, q or k, H, P]
    const queryKey = tf.reshape(
      tf.transpose(tf.reshape(turned, [rows, steps, 2, 2, heads, pairs]), [3, 0, 4, 1, 2, 5]),
      [2, rows, heads, steps, size],
    );
    const [q, k] = tf.unstack(queryKey) as [Tensor4D, Tensor4D];
    const v = toHeads(value);
    const p = tf.softmax(tf.add(tf.matMul(q, k, false, true), mask)); // [B, H, T, T]
    const o = tf.matMul<Tensor4D>(p, v);
    (save as Save)([q, k, v, p, o, cos, sin]);
    return {
      value: fromHeads(o),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [sq, sk, sv, sp, so] = saved as [Tensor4D, Tensor4D, Tensor4D, Tensor4D, Tensor4D];
        const [c, s] = saved.slice(5) as [Tensor2D, Tensor2D];
        const dO = toHeads(dy as Tensor2D);
        const dV = tf.matMul<Tensor4D>(sp, dO, true, false);
        const rowSums = tf.sum(tf.mul(dO, so), -1, true);
        const dS = tf.mul<Tensor4D>(sp, tf.sub(tf.matMul(dO, sv, false, true), rowSums));
        const dQK = tf.stack([tf.matMul(dS, sk), tf.matMul(dS, sq, true, false)]); // [2, B, H, T, size]
        const dTurned = tf.reshape(
          tf.transpose(tf.reshape(dQK, [2, rows, heads, steps, 2, pairs]), [1, 3, 4, 0, 2, 5]),
          [rows * steps, 2 * width],
        );
        const [dA, dB] = tf.split<Tensor2D>(dTurned, 2, 1) as [Tensor2D, Tensor2D];
        return tf.concat2d(
          [
            tf.add<Tensor2D>(tf.mul(dA, c), tf.mul(dB, s)),
            tf.sub<Tensor2D>(tf.mul(dB, c), tf.mul(dA, s)),
            fromHeads(dV),
          ],
          1,
        );
      },
    };
  });
  return run(qkv);
}

/** 0 where step i may see step j, else −1e9 [B, 1, T, T]: the past within the same segment. */
export function segmentMask(tf: TensorFlow, segments: Tensor2D): Tensor4D {
  const [rows, steps] = segments.shape;
  return tf.tidy(() => {
    const same = tf.equal(tf.reshape(segments, [rows, steps, 1]), tf.reshape(segments, [rows, 1, steps]));
    const index = tf.range(0, steps, 1, 'int32');
    const past = tf.lessEqual(tf.reshape(index, [1, 1, steps]), tf.reshape(index, [1, steps, 1]));
    const seen = tf.cast<Tensor3D>(tf.logicalAnd(same, past), 'float32');
    return tf.reshape(tf.mul(tf.sub(seen, 1), 1e9), [rows, 1, steps, steps]);
  });
}
