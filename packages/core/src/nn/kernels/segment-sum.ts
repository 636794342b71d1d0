/**
 * out[s, :] = Σ over rows r with ids[r] = s of x[r, :]; rows whose id is outside 0 … segments−1 are dropped
 * (as TensorFlow drops negative ids). `x` is [rows, width], `out` [segments, width] and is cleared first.
 */
export function segmentSum(x: Float32Array, ids: Int32Array, out: Float32Array, width: number): void {
  out.fill(0);
  const segments = width === 0 ? 0 : out.length / width;
  for (let r = 0; r < ids.length; r++) {
    const s = ids[r]!;
    if (s < 0 || s >= segments) continue;
    const from = r * width;
    const to = s * width;
    for (let j = 0; j < width; j++) out[to + j]! += x[from + j]!;
  }
}
