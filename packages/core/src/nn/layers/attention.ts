import { AttuneError } from '../../foundation/errors.ts';
import type { Rng } from '../../foundation/rng.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { dense } from './dense.ts';
import { dropoutMask } from './dropout.ts';
import { rotate, type RotaryTables } from './rotary.ts';

/** Shape and restrictions of one attention layer. */
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
 * head j reads channels j·headWidth … (j+1)·headWidth − 1. For self-attention `packedAttention` is faster.
 */
export function attention(
  tf: TensorFlow,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions,
): Tensor {
  const [batch, queries, width] = q.shape as [number, number, number];
  const keys = k.shape[1]!;
  if (k.shape[2] !== width || v.shape[2] !== width || v.shape[1] !== keys) {
    throw new AttuneError(
      'model/invalid',
      `Attention cannot take queries [${q.shape.join(', ')}] with keys [${k.shape.join(', ')}] and values [${v.shape.join(', ')}].`,
    );
  }
  const plan = planOf(options, batch, width);
  const op = tf.customGrad((...args) => {
    const [q0, k0, v0, save] = args as unknown as [Tensor, Tensor, Tensor, Save];
    const [qh, kh, vh] = [toHeads(tf, q0, plan), toHeads(tf, k0, plan), toHeads(tf, v0, plan)];
    const { out, saved } = attend(tf, plan, turn(tf, plan, qh), turn(tf, plan, kh), vh);
    save(saved);
    return {
      value: fromHeads(tf, out, [batch, queries, width]),
      gradFunc: (dy: Tensor, kept: Tensor[]) => {
        const { dq, dk, dv } = attendGradient(tf, plan, toHeads(tf, dy, plan), kept);
        return [
          fromHeads(tf, turn(tf, plan, dq, true), [batch, queries, width]),
          fromHeads(tf, turn(tf, plan, dk, true), [batch, keys, width]),
          fromHeads(tf, dv, [batch, keys, width]),
        ];
      },
    };
  });
  return tf.tidy(() => op(q, k, v));
}

/** Self-attention of queries, keys and values that lie side by side: `qkv` [B, T, 3d] → [B, T, d]. */
export function packedAttention(tf: TensorFlow, qkv: Tensor, options: AttentionOptions): Tensor {
  const [batch, length, packed] = qkv.shape as [number, number, number];
  const width = packed / 3;
  const plan = planOf(options, batch, width);
  const { heads } = plan;
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [Tensor, Save];
    const all = toHeads(tf, input, { ...plan, heads: 3 * heads }); // heads of q, of k, of v
    const [qk, v] = tf.split(all, [2 * heads, heads], 0) as [Tensor, Tensor];
    const [q, k] = tf.split(turn(tf, plan, qk), 2, 0) as [Tensor, Tensor];
    const { out, saved } = attend(tf, plan, q, k, v);
    save(saved);
    return {
      value: fromHeads(tf, out, [batch, length, width]),
      gradFunc: (dy: Tensor, kept: Tensor[]) => {
        const { dq, dk, dv } = attendGradient(tf, plan, toHeads(tf, dy, plan), kept);
        const dqk = turn(tf, plan, tf.concat([dq, dk], 0), true);
        return fromHeads(tf, tf.concat([dqk, dv], 0), [batch, length, packed]);
      },
    };
  });
  return tf.tidy(() => op(qkv));
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
  return tf.tidy(() => {
    const weight = tf.concat([p.queryWeight, p.keyWeight, p.valueWeight], 1); // one product instead of three
    const biases = [p.queryBias, p.keyBias, p.valueBias];
    const bias = biases.every((b) => b !== undefined) ? tf.concat(biases, 0) : undefined;
    if (bias === undefined && biases.some((b) => b !== undefined)) {
      throw new AttuneError('model/invalid', 'Queries, keys and values have all a bias, or none has.');
    }
    return dense(tf, packedAttention(tf, dense(tf, x, weight, bias), options), p.outputWeight, p.outputBias);
  });
}

type Save = (tensors: Tensor[]) => void;

/** The options with what follows from them. Inside, tensors are [heads, B, T, headWidth]: one cheap transpose away. */
interface Plan extends AttentionOptions {
  readonly batch: number;
  readonly headWidth: number;
}

function planOf(options: AttentionOptions, batch: number, width: number): Plan {
  const headWidth = width / options.heads;
  if (!Number.isInteger(headWidth)) {
    throw new AttuneError('model/invalid', `A width of ${width} cannot be cut into ${options.heads} heads.`, {
      width,
      heads: options.heads,
    });
  }
  return { ...options, batch, headWidth };
}

/** [B, T, heads · headWidth] → [heads, B, T, headWidth] */
function toHeads(tf: TensorFlow, x: Tensor, { batch, heads, headWidth }: Plan): Tensor {
  const length = x.shape[1]!;
  const rows = tf.transpose(tf.reshape(x, [batch * length, heads, headWidth]), [1, 0, 2]);
  return tf.reshape(rows, [heads, batch, length, headWidth]);
}

/** [heads, B, T, headWidth] → `shape`, which is [B, T, heads · headWidth] */
function fromHeads(tf: TensorFlow, x: Tensor, shape: number[]): Tensor {
  const [heads, batch, length, headWidth] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(tf.reshape(x, [heads, batch * length, headWidth]), [1, 0, 2]), shape);
}

function turn(tf: TensorFlow, { rotary }: Plan, x: Tensor, inverse = false): Tensor {
  return rotary === undefined ? x : rotate(tf, x, rotary, inverse);
}

/** `q` [heads, B, Tq, headWidth], `k` and `v` [heads, B, Tk, headWidth], positions applied. */
function attend(
  tf: TensorFlow,
  plan: Plan,
  q: Tensor,
  k: Tensor,
  v: Tensor,
): { out: Tensor; saved: Tensor[] } {
  const { heads, batch, headWidth, mask, dropout } = plan;
  const scaled = tf.mul(q, 1 / Math.sqrt(headWidth));
  const scores: Tensor = tf.matMul(scaled, k, false, true);
  const weights = tf.softmax(mask === undefined ? scores : tf.add(scores, headsFirst(tf, mask)));
  const keep =
    dropout !== undefined && dropout.rate > 0
      ? [dropoutMask(tf, [heads, batch, q.shape[2]!, k.shape[2]!], dropout.rate, dropout.rng)]
      : [];
  const out: Tensor = tf.matMul(keep[0] === undefined ? weights : tf.mul(weights, keep[0]), v);
  return { out, saved: [scaled, k, v, weights, out, ...keep] };
}

/** Written by hand, this makes fewer passes over the [heads, B, Tq, Tk] arrays than tfjs's own gradients do. */
function attendGradient(
  tf: TensorFlow,
  plan: Plan,
  dOut: Tensor,
  saved: Tensor[],
): { dq: Tensor; dk: Tensor; dv: Tensor } {
  const [scaled, k, v, weights, out, keep] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor?];
  const dv: Tensor = tf.matMul(keep === undefined ? weights : tf.mul(weights, keep), dOut, true, false);
  const dKept: Tensor = tf.matMul(dOut, v, false, true);
  const dWeights = keep === undefined ? dKept : tf.mul(dKept, keep);
  // Σ_j weights_j · dWeights_j equals Σ over channels of dOut · out, on a far smaller array
  const dScores = tf.mul(weights, tf.sub(dWeights, tf.sum(tf.mul(dOut, out), -1, true)));
  return {
    dq: tf.mul(tf.matMul(dScores, k), 1 / Math.sqrt(plan.headWidth)),
    dk: tf.matMul(dScores, scaled, true, false),
    dv,
  };
}

/** A mask [B or 1, heads or 1, Tq, Tk] with its first two axes exchanged. */
function headsFirst(tf: TensorFlow, mask: Tensor): Tensor {
  const [batch, heads] = mask.rank === 4 ? mask.shape : [1, 1];
  return batch === 1 && heads === 1 ? mask : tf.transpose(mask, [1, 0, 2, 3]);
}
