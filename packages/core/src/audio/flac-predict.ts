/** A linear predictor in whole numbers: sample n is about Σ coefficients[k] · sample[n − 1 − k] / 2^shift. */
export interface Predictor {
  readonly coefficients: Int32Array;
  readonly shift: number;
}

/** Bits of a coefficient; at 15 bits, 25-bit samples and order 32 every sum stays below 2^53. */
export const COEFFICIENT_BITS = 14;
const MAX_SHIFT = 15;
/** A predicted residual beyond this does not fit the format. */
const MAX_RESIDUAL = 2 ** 30;

/** [5] blocks of [length]: the residuals of FLAC's fixed predictors of order 0–4, which are differences. */
export function fixedResiduals(samples: Int32Array): Int32Array[] {
  const residuals = [samples];
  for (let order = 1; order <= 4; order++) {
    const previous = residuals[order - 1]!;
    const next = samples.slice();
    for (let i = order; i < next.length; i++) next[i] = previous[i]! - previous[i - 1]!;
    residuals.push(next);
  }
  return residuals;
}

/**
 * The predictor of the order, up to `maxOrder`, that promises the fewest bits: Levinson and Durbin's recursion over
 * the autocorrelation of the block under `window`, the residual's size guessed from its expected power.
 * Undefined where the block cannot be predicted.
 */
export function designPredictor(
  samples: Int32Array,
  window: Float64Array,
  maxOrder: number,
  sampleBits: number,
): Predictor | undefined {
  const correlation = autocorrelate(samples, window, maxOrder);
  if (correlation[0] === 0) return undefined;
  const predictors = levinsonDurbin(correlation);
  let best: Float64Array | undefined;
  let bestBits = Infinity;
  for (const { coefficients, power } of predictors) {
    const order = coefficients.length;
    const perSample = Math.max(0, 0.5 * Math.log2(power / samples.length));
    const bits = perSample * (samples.length - order) + order * (COEFFICIENT_BITS + sampleBits);
    if (bits < bestBits) [best, bestBits] = [coefficients, bits];
  }
  return best && roundPredictor(best);
}

/** [length]: what the predictor leaves; the first samples, before it can start, are copied. Undefined if too large. */
export function predictResidual(samples: Int32Array, predictor: Predictor): Int32Array | undefined {
  const order = predictor.coefficients.length;
  const coefficients = new Float64Array(predictor.coefficients);
  const source = new Float64Array(samples);
  const scale = 2 ** -predictor.shift;
  const residual = samples.slice();
  for (let i = order; i < residual.length; i++) {
    let sum = 0;
    for (let k = 0; k < order; k++) sum += coefficients[k]! * source[i - 1 - k]!;
    const value = source[i]! - Math.floor(sum * scale);
    if (value > MAX_RESIDUAL || value < -MAX_RESIDUAL) return undefined;
    residual[i] = value;
  }
  return residual;
}

/** Tukey window of `length`, half of it tapered. */
export function tukeyWindow(length: number): Float64Array {
  const taper = Math.floor(length / 4);
  return Float64Array.from({ length }, (_, i) => {
    const edge = Math.min(i, length - 1 - i);
    return edge >= taper ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * edge) / taper);
  });
}

/** [maxOrder + 1]. Plain loops: this is where an encoder spends its time. */
function autocorrelate(samples: Int32Array, window: Float64Array, maxOrder: number): Float64Array {
  const windowed = new Float64Array(samples.length);
  for (let i = 0; i < windowed.length; i++) windowed[i] = samples[i]! * window[i]!;
  const sums = new Float64Array(maxOrder + 1);
  for (let lag = 0; lag <= maxOrder; lag++) {
    let sum = 0;
    for (let i = lag; i < windowed.length; i++) sum += windowed[i]! * windowed[i - lag]!;
    sums[lag] = sum;
  }
  return sums;
}

/** The optimal predictor of each order from 1, with the power (times length) that it leaves. */
function levinsonDurbin(correlation: Float64Array): { coefficients: Float64Array; power: number }[] {
  const out: { coefficients: Float64Array; power: number }[] = [];
  let coefficients = new Float64Array(0);
  let power = correlation[0]!;
  for (let order = 1; order < correlation.length && power > 0; order++) {
    let reflection = correlation[order]!;
    coefficients.forEach((value, k) => (reflection -= value * correlation[order - 1 - k]!));
    reflection /= power;
    const next = new Float64Array(order);
    coefficients.forEach((value, k) => (next[k] = value - reflection * coefficients[order - 2 - k]!));
    next[order - 1] = reflection;
    coefficients = next;
    power *= 1 - reflection * reflection;
    out.push({ coefficients, power: Math.max(power, Number.MIN_VALUE) });
  }
  return out;
}

/** The error of rounding one coefficient is carried to the next. Undefined where no shift fits. */
function roundPredictor(exact: Float64Array): Predictor | undefined {
  const limit = 2 ** (COEFFICIENT_BITS - 1) - 1;
  const largest = exact.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (!(largest > 0) || largest > limit) return undefined;
  const shift = Math.min(MAX_SHIFT, Math.floor(Math.log2(limit / largest)));
  let carried = 0;
  const coefficients = Int32Array.from(exact, (value) => {
    const wanted = value * 2 ** shift + carried;
    const rounded = Math.max(-limit - 1, Math.min(limit, Math.round(wanted)));
    carried = wanted - rounded;
    return rounded;
  });
  return { coefficients, shift };
}
