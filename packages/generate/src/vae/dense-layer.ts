/**
 * y = x · weight + bias on plain arrays: `x` [rows, in] and `weight` [in, out] row by row → [rows, out]. `bias` has a
 * whole number of rows [out] that are used in turn. Sums go through the inputs in order and are rounded to float32 after each
 * term, so the result is the same wherever JavaScript runs.
 */
export function denseLayer(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  outputs: number,
): Float32Array {
  const inputs = weight.length / outputs;
  const rows = x.length / inputs;
  const places = bias.length / outputs;
  const y = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    const at = row * outputs;
    const place = (row % places) * outputs;
    for (let j = 0; j < outputs; j++) y[at + j] = bias[place + j]!;
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]!;
      if (value === 0) continue;
      const from = i * outputs;
      for (let j = 0; j < outputs; j++) y[at + j]! += value * weight[from + j]!;
    }
  }
  return y;
}

/** x σ(x) in place. */
export function siluInPlace(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i] = x[i]! / (1 + Math.exp(-x[i]!));
  return x;
}

/** x += y. Both of one length. */
export function addInPlace(x: Float32Array, y: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
  return x;
}
