import { AttuneError } from '../foundation/errors.ts';

/** Which derivative, over how many frames. */
/** Options of `measureDelta`. */
export interface DeltaOptions {
  /** 1: slope a frame; 2: second derivative ("delta-delta"). Default 1. */
  readonly order?: 1 | 2;
  /** Frames that the polynomial is fitted to, odd. Default 9. */
  readonly window?: number;
}

/**
 * Derivative over time of each column: a polynomial of degree `order` is fitted by least squares to the `window`
 * frames around each frame and derived `order` times (Savitzky & Golay 1964; librosa: delta, mode "interp"). The
 * derivative of that order is the same all over a fit, so frames nearer to an end than half a window have that of the
 * end's first or last whole window. `matrix`: [T, width] row-major; the result too, in units a frame (a frame²).
 * Throws `feature/invalid` for a window that is even, too small for the order, or longer than T.
 */
export function measureDelta(matrix: Float32Array, width: number, options: DeltaOptions = {}): Float32Array {
  const { order = 1, window = 9 } = options;
  const frames = matrix.length / width;
  if (!Number.isInteger(frames) || width < 1) {
    throw new AttuneError('feature/invalid', `${matrix.length} values are no rows of ${width}.`, { width });
  }
  if (!Number.isInteger(window) || window % 2 === 0 || window <= order || window > frames) {
    throw new AttuneError(
      'feature/invalid',
      `A delta needs an odd window over its order and of at most ${frames} frames, not ${window}.`,
      { window, frames },
    );
  }
  const weights = derivativeWeights(window, order);
  const half = (window - 1) / 2;
  const out = new Float32Array(matrix.length);
  for (let t = 0; t < frames; t++) {
    const centre = Math.min(frames - 1 - half, Math.max(half, t));
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let n = -half; n <= half; n++) sum += weights[n + half]! * matrix[(centre + n) * width + column]!;
      out[t * width + column] = sum;
    }
  }
  return out;
}

/** [window]: n / Σ n² for a line; 2 (n² − mean n²) / Σ (n² − mean n²)² for a parabola. */
function derivativeWeights(window: number, order: 1 | 2): Float64Array {
  const half = (window - 1) / 2;
  const basis = Float64Array.from({ length: window }, (_, i) => (i - half) ** order);
  const mean = basis.reduce((a, b) => a + b, 0) / window;
  const centred = basis.map((value) => value - mean);
  const norm = centred.reduce((sum, value) => sum + value * value, 0);
  return centred.map((value) => (order * value) / norm);
}
