import { sumRows } from './_lanes';

// Every sum has one fixed order: lane j of a vector sums columns j, j + 4, …, and the four lanes are added in pairs.
// Neither the number of entries nor which rows share a pass changes it, so a batch gives the bits of single steps.

/** sum + w · x, lane by lane. */
function times(sum: v128, w: usize, x: v128): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(w), x));
}

/** Rows of a group: 8 sums under way hide how long an addition takes. */
const GROUP_BYTES: usize = 32;

/**
 * y[b, r] = Σ_c w[r, c] x[b, c]: `columns` a multiple of four, `rows` of eight; the matrix lies
 * [rows / 8, columns / 4, 8 rows, 4 columns].
 */
export function multiply(w: usize, x: usize, y: usize, count: i32, columns: i32, rows: i32): void {
  const xStride = (<usize>columns) << 2;
  const yStride = (<usize>rows) << 2;
  const group = xStride << 3;
  // One stream of weights: two at a time took more than twice as long on an AMD EPYC.
  for (let r: usize = 0; r < yStride; r += GROUP_BYTES, w += group) {
    let b: i32 = 0;
    let xb = x;
    let yb = y + r;
    for (; b + 2 <= count; b += 2, xb += 2 * xStride, yb += 2 * yStride) {
      multiplyPair(w, xb, xb + xStride, yb, yb + yStride, xStride);
      multiplyPair(w + 64, xb, xb + xStride, yb + 16, yb + yStride + 16, xStride);
    }
    if (b < count) multiplyEight(w, xb, yb, xStride);
  }
}

function multiplyEight(w: usize, x: usize, y: usize, bytes: usize): void {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (const end = x + bytes; x < end; x += 16, w += 128) {
    const v = v128.load(x);
    a = times(a, w, v);
    b = times(b, w + 16, v);
    c = times(c, w + 32, v);
    d = times(d, w + 48, v);
    e = times(e, w + 64, v);
    f = times(f, w + 80, v);
    g = times(g, w + 96, v);
    h = times(h, w + 112, v);
  }
  v128.store(y, sumRows(a, b, c, d));
  v128.store(y, sumRows(e, f, g, h), 16);
}

/** Four rows of a group with two entries. */
function multiplyPair(w: usize, x: usize, x2: usize, y: usize, y2: usize, bytes: usize): void {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (const end = x + bytes; x < end; x += 16, x2 += 16, w += 128) {
    const u = v128.load(x);
    const v = v128.load(x2);
    let row = v128.load(w);
    a = f32x4.add(a, f32x4.mul(row, u));
    e = f32x4.add(e, f32x4.mul(row, v));
    row = v128.load(w, 16);
    b = f32x4.add(b, f32x4.mul(row, u));
    f = f32x4.add(f, f32x4.mul(row, v));
    row = v128.load(w, 32);
    c = f32x4.add(c, f32x4.mul(row, u));
    g = f32x4.add(g, f32x4.mul(row, v));
    row = v128.load(w, 48);
    d = f32x4.add(d, f32x4.mul(row, u));
    h = f32x4.add(h, f32x4.mul(row, v));
  }
  v128.store(y, sumRows(a, b, c, d));
  v128.store(y2, sumRows(e, f, g, h));
}

/** Rows that stay in the first cache while every entry adds its own. */
const BLOCK: i32 = 16;

/**
 * y[b, c] += Σ_r s[b, r] w[r, c], row after row; rows with s = 0 are left out. The matrix lies [rows, columns],
 * `sStride` bytes part the entries of s; `list` has room for 8 · (rows + 3) bytes.
 */
export function addRows(
  w: usize,
  s: usize,
  y: usize,
  count: i32,
  rows: i32,
  columns: i32,
  sStride: usize,
  list: usize,
): void {
  const stride = (<usize>columns) << 2;
  const block = count == 1 ? rows : BLOCK;
  for (let first = 0; first < rows; first += block) {
    const last = min(rows, first + block);
    for (let b = 0; b < count; b++) {
      let end = list;
      const sb = s + <usize>b * sStride;
      for (let r = first; r < last; r++) {
        const factor = load<f32>(sb + ((<usize>r) << 2));
        if (factor == 0) continue;
        store<usize>(end, w + <usize>r * stride);
        store<f32>(end, factor, 4);
        end += 8;
      }
      addListed(list, end, y + <usize>b * stride, stride);
    }
  }
}

/** Adds the listed rows, four at a time; the last few are filled up with rows times 0, which change nothing. */
function addListed(list: usize, end: usize, y: usize, bytes: usize): void {
  for (; list < end; list += 32) {
    for (let missing = list + 32; missing > end; missing -= 8) {
      store<usize>(missing - 8, load<usize>(list));
      store<f32>(missing - 8, 0, 4);
    }
    let w0 = load<usize>(list);
    let w1 = load<usize>(list, 8);
    let w2 = load<usize>(list, 16);
    let w3 = load<usize>(list, 24);
    const s0 = v128.load32_splat(list, 4);
    const s1 = v128.load32_splat(list, 12);
    const s2 = v128.load32_splat(list, 20);
    const s3 = v128.load32_splat(list, 28);
    for (let to = y, stop = y + bytes; to < stop; to += 16, w0 += 16, w1 += 16, w2 += 16, w3 += 16) {
      let sum = v128.load(to);
      sum = times(sum, w0, s0);
      sum = times(sum, w1, s1);
      sum = times(sum, w2, s2);
      sum = times(sum, w3, s3);
      v128.store(to, sum);
    }
  }
}
