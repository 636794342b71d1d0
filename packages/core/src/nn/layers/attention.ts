import { AttuneError } from '../../foundation/errors.ts';
import type { Rng } from '../../foundation/rng.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { dense } from './dense.ts';
import { dropoutMask } from './dropout.ts';
import { rotate, type RotaryTables } from './rotary.ts';

export interface AttentionOptions {
  readonly heads: number;
  /** Added to the scores before the softmax; broadcast to [B, heads, Tq, Tk]. 0 = visible, −1e9 = hidden. */
  readonly mask?: Tensor;
  /** Rotates queries and keys; tables of at least their lengths, headWidth wide. */
  readonly rotary?: RotaryTables;
  /** Dropout on the attention weights; leave out when not training. */
  readonly dropout?: { readonly rate: number; readonly rng: Rng };
}

/** Additive causal mask [1, 1, length, length]: position t sees 0 … t. Make it once and keep it. */
export function causalMask(tf: TensorFlow, length: number): Tensor {
  const values = new Float32Array(length * length);
  for (let t = 0; t < length; t++) values.fill(-1e9, t * length + t + 1, (t + 1) * length);
  return tf.tensor4d(values, [1, 1, length, length]);
}

/**
 * Scaled dot-product attention with several heads (Vaswani et al. 2017):
 * softmax(q kᵀ / √headWidth + mask) v per head. `q` [B, Tq, d], `k` and `v` [B, Tk, d] → [B, Tq, d];
 * head j reads channels j·headWidth … (j+1)·headWidth − 1. The gradient is written by hand: fewer passes over the
 * [B, heads, Tq, Tk] arrays than tfjs's own.
 */
export function attention(
  tf: TensorFlow,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions,
): Tensor {
  const { heads, mask, rotary } = options;
  const [batch, queries, width] = q.shape as [number, number, number];
  const headWidth = width / heads;
  if (
    !Number.isInteger(headWidth) ||
    k.shape[2] !== width ||
    v.shape[2] !== width ||
    k.shape[1] !== v.shape[1]
  ) {
    throw new AttuneError(
      'model/invalid',
      `Attention with ${heads} heads cannot take queries [${q.shape.join(', ')}], keys [${k.shape.join(', ')}] and values [${v.shape.join(', ')}].`,
      { heads },
    );
  }
  const scale = 1 / Math.sqrt(headWidth);
  const split = (x: Tensor): Tensor =>
    tf.transpose(tf.reshape(x, [batch, x.shape[1]!, heads, headWidth]), [0, 2, 1, 3]);
  const merge = (x: Tensor): Tensor => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, x.shape[2]!, width]);
  const turn = (x: Tensor, inverse = false): Tensor =>
    rotary === undefined ? x : rotate(tf, x, tablesFor(tf, rotary, x.shape[2]!), inverse);
  const drop = options.dropout !== undefined && options.dropout.rate > 0 ? options.dropout : undefined;
  const op = tf.customGrad((...args) => {
    const [q0, k0, v0, save] = args as unknown as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const keep = drop && dropoutMask(tf, [batch, heads, queries, k.shape[1]!], drop.rate, drop.rng);
    const qh = tf.mul(turn(split(q0)), scale);
    const kh = turn(split(k0));
    const vh = split(v0);
    const scores: Tensor = tf.matMul(qh, kh, false, true);
    const weights = tf.softmax(mask === undefined ? scores : tf.add(scores, mask));
    const out: Tensor = tf.matMul(keep === undefined ? weights : tf.mul(weights, keep), vh);
    save([qh, kh, vh, weights, out, ...(keep === undefined ? [] : [keep])]);
    return {
      value: merge(out),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [qs, ks, vs, p, o, kept] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor?];
        const dOut = split(dy);
        const dv: Tensor = tf.matMul(kept === undefined ? p : tf.mul(p, kept), dOut, true, false);
        const dKept: Tensor = tf.matMul(dOut, vs, false, true);
        const dp = kept === undefined ? dKept : tf.mul(dKept, kept);
        // Σ_j p_j dp_j equals Σ over channels of dOut · out, on a far smaller array
        const ds = tf.mul(p, tf.sub(dp, tf.sum(tf.mul(dOut, o), -1, true)));
        const dq = tf.mul(tf.matMul(ds, ks), scale);
        const dk: Tensor = tf.matMul(ds, qs, true, false);
        return [merge(turn(dq, true)), merge(turn(dk, true)), merge(dv)];
      },
    };
  });
  return tf.tidy(() => op(q, k, v));
}

/** Weights are [d, d], biases [d]; all biases may be left out. */
export interface AttentionParameters {
  readonly queryWeight: Tensor;
  readonly keyWeight: Tensor;
  readonly valueWeight: Tensor;
  readonly outputWeight: Tensor;
  readonly queryBias?: Tensor;
  readonly keyBias?: Tensor;
  readonly valueBias?: Tensor;
  readonly outputBias?: Tensor;
}

/** Self-attention with its projections. `x` [B, T, d] → [B, T, d]. Causal when `options.mask` is a `causalMask`. */
export function causalSelfAttention(
  tf: TensorFlow,
  x: Tensor,
  parameters: AttentionParameters,
  options: AttentionOptions & { readonly mask: Tensor },
): Tensor {
  const p = parameters;
  return tf.tidy(() =>
    dense(
      tf,
      attention(
        tf,
        dense(tf, x, p.queryWeight, p.queryBias),
        dense(tf, x, p.keyWeight, p.keyBias),
        dense(tf, x, p.valueWeight, p.valueBias),
        options,
      ),
      p.outputWeight,
      p.outputBias,
    ),
  );
}

function tablesFor(tf: TensorFlow, tables: RotaryTables, length: number): RotaryTables {
  if (tables.cos.shape[0] === length) return tables;
  const width = tables.cos.shape[1]!;
  return {
    cos: tf.slice(tables.cos, [0, 0], [length, width]),
    sin: tf.slice(tables.sin, [0, 0], [length, width]),
  };
}
