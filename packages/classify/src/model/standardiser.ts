/** Shifts and scales each feature to mean 0 and deviation 1 over the rows it was fitted on; clips to ±`CLIP`. */
export interface Standardiser {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** Far outliers say "far", not how far: one odd feature must not outweigh the others. */
const CLIP = 8;
const LEAST_DEVIATION = 1e-6;

/** `rows`: equal widths; `weights`: one a row, sum > 0. A constant feature gets deviation 1. */
export function fitStandardiser(
  rows: readonly ArrayLike<number>[],
  weights: readonly number[],
): Standardiser {
  const width = rows[0]?.length ?? 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  rows.forEach((row, i) => {
    for (let f = 0; f < width; f++) mean[f]! += (weights[i]! * row[f]!) / total;
  });
  rows.forEach((row, i) => {
    for (let f = 0; f < width; f++) square[f]! += (weights[i]! * (row[f]! - mean[f]!) ** 2) / total;
  });
  const deviation = square.map((variance) =>
    Math.sqrt(variance) < LEAST_DEVIATION ? 1 : Math.sqrt(variance),
  );
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) };
}

/** [features]: deviations from the mean, clipped to ±8. `row`: [features], raw, finite. */
export function standardise({ mean, deviation }: Standardiser, row: ArrayLike<number>): Float32Array {
  return Float32Array.from(mean, (centre, f) =>
    Math.min(CLIP, Math.max(-CLIP, (row[f]! - centre) / deviation[f]!)),
  );
}
