// Exponentials and sums in double precision, so that a step gives the bits that the same sums gave in JavaScript,
// whose `Math.exp` is this approximation in V8: exp r = 1 + 2 r / (R − r), R ≈ r (exp r + 1) / (exp r − 1), after
// x = k ln 2 + r (fdlibm, Sun Microsystems 1993).
const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const PER_LN2: f64 = 1.442695040888963387;
const P1: f64 = 1.66666666666666019037e-1;
const P2: f64 = -2.77777777770155933842e-3;
const P3: f64 = 6.61375632143793436117e-5;
const P4: f64 = -1.6533902205465251539e-6;
const P5: f64 = 4.13813679705723846039e-8;
/** Bounds of |x| up to which k is 0 and 1, and x is so small that exp x is 1 + x. */
const HALF: f64 = reinterpret<f64>(0x3fd62e4300000000);
const ONE_AND_A_HALF: f64 = reinterpret<f64>(0x3ff0a2b200000000);
const TINY: f64 = reinterpret<f64>(0x3e30000000000000);
/** Below this an exponential is nothing beside the largest, which is 1. */
const LOWEST: f64 = -700;
/** Shares below this become 0. */
const SMALLEST_SHARE: f64 = 1e-9;

/** exp of two numbers of at most 0. */
function exponentials(number: v128): v128 {
  const x = f64x2.max(number, f64x2.splat(LOWEST));
  const size = f64x2.abs(x);
  const one = f64x2.splat(1);
  let k = f64x2.trunc(f64x2.sub(f64x2.mul(x, f64x2.splat(PER_LN2)), f64x2.splat(0.5)));
  k = v128.bitselect(f64x2.splat(-1), k, f64x2.lt(size, f64x2.splat(ONE_AND_A_HALF)));
  k = v128.andnot(k, f64x2.lt(size, f64x2.splat(HALF)));
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)));
  const low = f64x2.mul(k, f64x2.splat(LN2_LOW));
  const r = f64x2.sub(high, low);
  const t = f64x2.mul(r, r);
  let series = f64x2.add(f64x2.splat(P4), f64x2.mul(t, f64x2.splat(P5)));
  series = f64x2.add(f64x2.splat(P3), f64x2.mul(t, series));
  series = f64x2.add(f64x2.splat(P2), f64x2.mul(t, series));
  series = f64x2.add(f64x2.splat(P1), f64x2.mul(t, series));
  const c = f64x2.sub(r, f64x2.mul(t, series));
  const part = f64x2.div(f64x2.mul(r, c), f64x2.sub(f64x2.splat(2), c));
  let y = f64x2.sub(one, f64x2.sub(f64x2.sub(low, part), high));
  y = v128.bitselect(f64x2.add(one, x), y, f64x2.lt(size, f64x2.splat(TINY)));
  const exponent = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
  return f64x2.mul(y, i64x2.shl(i64x2.add(exponent, i64x2.splat(1023)), 52));
}

/** Softmax of the first `count` of `x`, in place; room for three more is used. */
export function exactSoftmax(x: usize, count: i32): void {
  const end = x + ((<usize>count) << 2);
  v128.store(end, f32x4.splat(-Infinity));
  const highest = f64x2.splat(<f64>largestOf(x, end));
  let total: f64 = 0;
  for (let i = x; i < end; i += 8) {
    const e = exponentials(f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(i)), highest));
    v128.store64_lane(i, f32x4.demote_f64x2_zero(e), 0);
    total += f64x2.extract_lane(e, 0);
    total += f64x2.extract_lane(e, 1); // after an odd end: of −∞, too small to count
  }
  const divisor = f64x2.splat(total);
  for (let i = x; i < end; i += 8) {
    const share = f64x2.div(f64x2.promote_low_f32x4(v128.load64_zero(i)), divisor);
    const kept = v128.andnot(share, f64x2.lt(share, f64x2.splat(SMALLEST_SHARE)));
    v128.store64_lane(i, f32x4.demote_f64x2_zero(kept), 0);
  }
}

/** As `exactSoftmax`, in single precision: relative errors of some 10⁻⁷, in a third of the time. */
export function fastSoftmax(x: usize, count: i32): void {
  const end = x + ((<usize>count) << 2);
  v128.store(end, f32x4.splat(-Infinity));
  const highest = f32x4.splat(largestOf(x, end));
  let sums = f32x4.splat(0);
  for (let i = x; i < end; i += 16) {
    const e = fastExponentials(f32x4.sub(v128.load(i), highest));
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
function fastExponentials(number: v128): v128 {
  const x = f32x4.max(number, f32x4.splat(-87));
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(<f32>PER_LN2)));
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
