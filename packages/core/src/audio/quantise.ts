import type { Rng } from '../foundation/rng.ts';

/**
 * Samples as whole numbers of `bits` (up to 32), full scale 2^(bits − 1): rounded to nearest, clipped at full scale.
 * With `dither`, noise of triangular distribution over ±1 step (TPDF; Lipshitz, Wannamaker & Vanderkooy 1992) is
 * added before rounding, which turns the rounding error into noise that does not follow the signal.
 */
export function quantise(channel: Float32Array, bits: number, dither?: Rng): Int32Array {
  const scale = 2 ** (bits - 1);
  const out = new Int32Array(channel.length);
  for (let i = 0; i < out.length; i++) {
    const noise = dither === undefined ? 0 : dither.uniform() - dither.uniform();
    out[i] = Math.max(-scale, Math.min(scale - 1, Math.round(channel[i]! * scale + noise)));
  }
  return out;
}
