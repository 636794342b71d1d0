// Products of matrices in single precision. TypeScript lays out the memory and calls `multiply`.

/**
 * y = x · weight + bias: x [rows, inputs], weight [inputs, outputs], bias [outputs] → y [rows, outputs]. `outputs` is a multiple
 * of 4, addresses of 16 bytes. Sums begin with the bias and go through the inputs in order.
 */
export function multiply(
  x: usize,
  rows: i32,
  inputs: i32,
  weight: usize,
  outputs: i32,
  bias: usize,
  y: usize,
): void {
  const wide: usize = (<usize>outputs) << 2;
  const long: usize = (<usize>inputs) << 2;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const from = x + <usize>row * long;
    const to = y + <usize>row * wide;
    let column: usize = 0;
    for (; column + 32 <= wide; column += 32)
      fourRows(from, long, weight + column, wide, bias + column, to + column);
    if (column < wide) {
      for (let r: usize = 0; r < 4; r++)
        oneRow(
          from + r * long,
          long,
          weight + column,
          wide,
          bias + column,
          to + r * wide + column,
          wide - column,
        );
    }
  }
  for (; row < rows; row++) {
    oneRow(x + <usize>row * long, long, weight, wide, bias, y + <usize>row * wide, wide);
  }
}

/** Eight columns of four rows: each weight that is read serves four rows. */
function fourRows(from: usize, long: usize, weight: usize, wide: usize, bias: usize, to: usize): void {
  const start = v128.load(bias);
  const start2 = v128.load(bias, 16);
  let a0 = start;
  let b0 = start2;
  let a1 = start;
  let b1 = start2;
  let a2 = start;
  let b2 = start2;
  let a3 = start;
  let b3 = start2;
  const from1 = from + long;
  const from2 = from1 + long;
  const from3 = from2 + long;
  for (let i: usize = 0; i < long; i += 4) {
    const w = v128.load(weight);
    const w2 = v128.load(weight, 16);
    const x0 = v128.load32_splat(from + i);
    a0 = f32x4.add(a0, f32x4.mul(x0, w));
    b0 = f32x4.add(b0, f32x4.mul(x0, w2));
    const x1 = v128.load32_splat(from1 + i);
    a1 = f32x4.add(a1, f32x4.mul(x1, w));
    b1 = f32x4.add(b1, f32x4.mul(x1, w2));
    const x2 = v128.load32_splat(from2 + i);
    a2 = f32x4.add(a2, f32x4.mul(x2, w));
    b2 = f32x4.add(b2, f32x4.mul(x2, w2));
    const x3 = v128.load32_splat(from3 + i);
    a3 = f32x4.add(a3, f32x4.mul(x3, w));
    b3 = f32x4.add(b3, f32x4.mul(x3, w2));
    weight += wide;
  }
  v128.store(to, a0);
  v128.store(to, b0, 16);
  v128.store(to + wide, a1);
  v128.store(to + wide, b1, 16);
  v128.store(to + 2 * wide, a2);
  v128.store(to + 2 * wide, b2, 16);
  v128.store(to + 3 * wide, a3);
  v128.store(to + 3 * wide, b3, 16);
}

/** `bytes` of one row, four columns at a time: the same sums in the same order. */
function oneRow(
  from: usize,
  long: usize,
  weight: usize,
  wide: usize,
  bias: usize,
  to: usize,
  bytes: usize,
): void {
  for (let column: usize = 0; column < bytes; column += 16) {
    let sum = v128.load(bias + column);
    let w = weight + column;
    for (let i: usize = 0; i < long; i += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(from + i), v128.load(w)));
      w += wide;
    }
    v128.store(to + column, sum);
  }
}
