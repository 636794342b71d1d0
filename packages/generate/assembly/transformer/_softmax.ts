const PER_LN2: f32 = 1.44269504;

/** Softmax of the first `count` of `x`, in place, relative errors of some 10⁻⁷; room for three more is used. */
export function softmax(x: usize, count: i32): void {
  const end = x + ((<usize>count) << 2);
  v128.store(end, f32x4.splat(-Infinity));
  const highest = f32x4.splat(largestOf(x, end));
  let sums = f32x4.splat(0);
  for (let i = x; i < end; i += 16) {
    const e = exponentials(f32x4.sub(v128.load(i), highest));
    v128.store(i, e);
    sums = f32x4.add(sums, e);
  }
  const total =
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  const factor = f32x4.splat(1 / total);
  for (let i = x; i < end; i += 16) v128.store(i, f32x4.mul(v128.load(i), factor));
}

/** exp of four numbers of at most 0: 2^k times the series of exp r to r⁶ / 720, |r| ≤ ln 2 / 2. Below −87: nearly 0. */
function exponentials(number: v128): v128 {
  const x = f32x4.max(number, f32x4.splat(-87));
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(PER_LN2)));
  // ln 2 in two parts, of which the first has so few digits that its product with k is exact.
  const r = f32x4.sub(
    f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375))),
    f32x4.mul(k, f32x4.splat(-2.1219444e-4)),
  );
  let series = f32x4.splat(<f32>(1.0 / 720.0));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(<f32>(1.0 / 120.0)));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(<f32>(1.0 / 24.0)));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(<f32>(1.0 / 6.0)));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(0.5));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(1));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return f32x4.mul(series, power);
}

function largestOf(x: usize, end: usize): f32 {
  let most = f32x4.splat(-Infinity);
  for (; x < end; x += 16) most = f32x4.max(most, v128.load(x));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}
