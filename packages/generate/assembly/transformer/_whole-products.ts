import { sumWholeRows } from './_lanes';

/**
 * Entries as whole numbers −limit … limit and the worth of one, |x| largest / limit: [count, columns] int16. `stride`
 * bytes part the entries of x, of which `used` columns (a multiple of four) count; the rest, to a multiple of 16, are 0.
 */
export function quantise(
  x: usize,
  stride: usize,
  used: i32,
  columns: i32,
  count: i32,
  limit: i32,
  to: usize,
  units: usize,
): void {
  const bytes = (<usize>used) << 2;
  for (let b = 0; b < count; b++, x += stride, to += (<usize>columns) << 1, units += 4) {
    let most = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) most = f32x4.max(most, f32x4.abs(v128.load(x + i)));
    const largest = max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
    store<f32>(units, largest / <f32>limit);
    const scale = f32x4.splat(largest > 0 ? <f32>limit / largest : 0);
    const bound = i32x4.splat(limit);
    for (let i: usize = 0; i < bytes; i += 16) {
      const rounded = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x + i), scale)));
      const whole = i32x4.max_s(i32x4.neg(bound), i32x4.min_s(bound, rounded));
      v128.store64_lane(to + (i >> 1), i16x8.narrow_i32x4_s(whole, whole), 0);
    }
    memory.fill(to + (bytes >> 1), 0, (<usize>(columns - used)) << 1);
  }
}

/** Σ over 16 columns of an int8 row, in four parts. */
function times(sum: v128, w: usize, low: v128, high: v128): v128 {
  const row = v128.load(w);
  return i32x4.add(
    sum,
    i32x4.add(
      i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(row), low),
      i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(row), high),
    ),
  );
}

/**
 * y[b, r] = unit[b] scale[r] Σ_c w[r, c] x[b, c], the sums exact: `columns` a multiple of 16, `rows` of four; the
 * matrix lies [rows / 4, columns / 16, 4 rows, 16 columns].
 */
export function multiplyWhole(
  w: usize,
  scales: usize,
  x: usize,
  units: usize,
  y: usize,
  count: i32,
  columns: i32,
  rows: i32,
): void {
  const xStride = (<usize>columns) << 1;
  const yStride = (<usize>rows) << 2;
  const group = xStride << 1;
  for (let r: usize = 0; r < yStride; r += 16, w += group) {
    const scale = v128.load(scales + r);
    let xb = x;
    let yb = y + r;
    let b: i32 = 0;
    for (; b + 2 <= count; b += 2, xb += 2 * xStride, yb += 2 * yStride) {
      const unit = units + ((<usize>b) << 2);
      multiplyPair(w, xb, xb + xStride, yb, yb + yStride, scale, unit, xStride);
    }
    if (b < count) multiplyFour(w, xb, yb, scale, units + ((<usize>b) << 2), xStride);
  }
}

function scaled(sums: v128, scale: v128, unit: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.mul(scale, v128.load32_splat(unit)));
}

function multiplyFour(w: usize, x: usize, y: usize, scale: v128, unit: usize, bytes: usize): void {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (const end = x + bytes; x < end; x += 32, w += 64) {
    const low = v128.load(x);
    const high = v128.load(x, 16);
    a = times(a, w, low, high);
    b = times(b, w + 16, low, high);
    c = times(c, w + 32, low, high);
    d = times(d, w + 48, low, high);
  }
  v128.store(y, scaled(sumWholeRows(a, b, c, d), scale, unit));
}

function multiplyPair(
  w: usize,
  x: usize,
  x2: usize,
  y: usize,
  y2: usize,
  scale: v128,
  unit: usize,
  bytes: usize,
): void {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (const end = x + bytes; x < end; x += 32, x2 += 32, w += 64) {
    const low = v128.load(x);
    const high = v128.load(x, 16);
    const low2 = v128.load(x2);
    const high2 = v128.load(x2, 16);
    let row = v128.load(w);
    let left = i16x8.extend_low_i8x16_s(row);
    let right = i16x8.extend_high_i8x16_s(row);
    a = i32x4.add(a, i32x4.add(i32x4.dot_i16x8_s(left, low), i32x4.dot_i16x8_s(right, high)));
    e = i32x4.add(e, i32x4.add(i32x4.dot_i16x8_s(left, low2), i32x4.dot_i16x8_s(right, high2)));
    row = v128.load(w, 16);
    left = i16x8.extend_low_i8x16_s(row);
    right = i16x8.extend_high_i8x16_s(row);
    b = i32x4.add(b, i32x4.add(i32x4.dot_i16x8_s(left, low), i32x4.dot_i16x8_s(right, high)));
    f = i32x4.add(f, i32x4.add(i32x4.dot_i16x8_s(left, low2), i32x4.dot_i16x8_s(right, high2)));
    row = v128.load(w, 32);
    left = i16x8.extend_low_i8x16_s(row);
    right = i16x8.extend_high_i8x16_s(row);
    c = i32x4.add(c, i32x4.add(i32x4.dot_i16x8_s(left, low), i32x4.dot_i16x8_s(right, high)));
    g = i32x4.add(g, i32x4.add(i32x4.dot_i16x8_s(left, low2), i32x4.dot_i16x8_s(right, high2)));
    row = v128.load(w, 48);
    left = i16x8.extend_low_i8x16_s(row);
    right = i16x8.extend_high_i8x16_s(row);
    d = i32x4.add(d, i32x4.add(i32x4.dot_i16x8_s(left, low), i32x4.dot_i16x8_s(right, high)));
    h = i32x4.add(h, i32x4.add(i32x4.dot_i16x8_s(left, low2), i32x4.dot_i16x8_s(right, high2)));
  }
  v128.store(y, scaled(sumWholeRows(a, b, c, d), scale, unit));
  v128.store(y2, scaled(sumWholeRows(e, f, g, h), scale, unit + 4));
}
