/** A dense layer outside of any tensor library; `weight` is [inputs × outputs], row-major. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Rows [n, inputs] · weight + bias → [n, outputs]. Sums run in one order in double precision, so every engine computes
 * the same bits.
 */
export function applyDense(
  { inputs, outputs, weight, bias }: DenseLayer,
  from: ArrayLike<number>,
  to: Float32Array,
): void {
  const sums = new Float64Array(outputs);
  for (let row = 0; row * outputs < to.length; row++) {
    sums.set(bias);
    for (let i = 0; i < inputs; i++) {
      const value = from[row * inputs + i]!;
      if (value === 0) continue; // most cells of a roll
      const at = i * outputs;
      for (let o = 0; o < outputs; o++) sums[o]! += value * weight[at + o]!;
    }
    to.set(sums, row * outputs);
  }
}

/** Leaky rectifier with the slope of core's `leakyRelu`, in place. */
export function rectify(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = values[i]! * 0.2;
}
