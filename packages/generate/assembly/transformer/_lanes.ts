/** The four sums (v0 + v1) + (v2 + v3) of four vectors. */
export function sumRows(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** As `sumRows`, of whole numbers. */
export function sumWholeRows(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 2, 6), v128.shuffle<i32>(a, b, 1, 5, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 2, 6), v128.shuffle<i32>(c, d, 1, 5, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** max(0, x)² of `count` values, a multiple of four. */
export function squaredRelu(from: usize, to: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (const end = to + ((<usize>count) << 2); to < end; to += 16, from += 16) {
    const positive = f32x4.max(zero, v128.load(from));
    v128.store(to, f32x4.mul(positive, positive));
  }
}

/** y += x, `count` values, a multiple of four. */
export function addTo(y: usize, x: usize, count: i32): void {
  for (const end = y + ((<usize>count) << 2); y < end; y += 16, x += 16) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  }
}
