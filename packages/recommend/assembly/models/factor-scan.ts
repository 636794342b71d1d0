// Products of one vector with many, in single precision. TypeScript lays out the memory and calls `scan`.

/** out[i] = Σ_k factors[i, k] · query[k] for i < count; rank is a multiple of 4, addresses of 16 bytes. */
export function scan(factors: usize, count: i32, rank: i32, query: usize, out: usize): void {
  const bytes: usize = (<usize>rank) << 2;
  for (let i = 0; i < count; i++) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let k: usize = 0;
    for (; k + 32 <= bytes; k += 32) {
      a = f32x4.add(a, f32x4.mul(v128.load(factors + k), v128.load(query + k)));
      b = f32x4.add(b, f32x4.mul(v128.load(factors + k, 16), v128.load(query + k, 16)));
    }
    if (k < bytes) a = f32x4.add(a, f32x4.mul(v128.load(factors + k), v128.load(query + k)));
    a = f32x4.add(a, b);
    const sum: f32 =
      f32x4.extract_lane(a, 0) +
      f32x4.extract_lane(a, 1) +
      (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
    store<f32>(out + ((<usize>i) << 2), sum);
    factors += bytes;
  }
}
