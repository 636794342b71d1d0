/** Four vectors as rows of a matrix: the vector of their four sums. */
export function sumRows(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Sum of four lanes, in double precision. */
export function sumLanes(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

export function reverse(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 3, 2, 1, 0);
}

/**
 * Natural logarithms of four positive normal numbers x = 2^e m, √½ ≤ m < √2: e ln 2 + 2 artanh s with
 * s = (m − 1) / (m + 1), |s| < 0.172, whose series is cut after s⁹ / 9 (what is left out is under 10⁻⁹).
 */
export function logarithms(x: v128): v128 {
  const rootHalf = i32x4.splat(0x3f3504f3);
  const exponent = i32x4.shr_s(i32x4.sub(x, rootHalf), 23);
  const mantissa = i32x4.sub(x, i32x4.shl(exponent, 23));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(mantissa, one), f32x4.add(mantissa, one));
  const z = f32x4.mul(s, s);
  let series = f32x4.splat(<f32>(2.0 / 9.0));
  series = f32x4.add(f32x4.mul(series, z), f32x4.splat(<f32>(2.0 / 7.0)));
  series = f32x4.add(f32x4.mul(series, z), f32x4.splat(<f32>(2.0 / 5.0)));
  series = f32x4.add(f32x4.mul(series, z), f32x4.splat(<f32>(2.0 / 3.0)));
  const rest = f32x4.mul(f32x4.mul(series, z), s);
  const power = f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(<f32>Math.LN2));
  return f32x4.add(power, f32x4.add(rest, f32x4.add(s, s)));
}
