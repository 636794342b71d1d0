import { reverse } from './_lanes';
import { frameSize, power, turns, twiddles, window, work } from './_plan';

/**
 * Power spectrum of the N samples at `frame` under the window: radix-4 Stockham transform of the n = N / 2 complex
 * values x[2m] + i x[2m + 1], four at a time, then the split into even and odd spectra. N ≥ 64, a power of two.
 */
export function transform(frame: usize): void {
  const n = frameSize >> 1;
  const size = (<usize>n) << 2;
  let from = work;
  let to = work + 2 * size;
  firstPass(frame, from, n);
  let table = twiddles + 6 * (((<usize>n) >> 2) << 2);
  let length = n >> 2;
  let stride = 4;
  for (; length > 4; length >>= 2, stride <<= 2) {
    middlePass(from, to, size, length, stride, table);
    table += 6 * (((<usize>length) >> 2) << 2);
    const swap = from;
    from = to;
    to = swap;
  }
  if (length == 4) {
    lastPass(from, to, size, stride);
    from = to;
  } else if (length == 2) {
    radix2Pass(from, to, size, stride);
    from = to;
  }
  split(from, from + size, n);
}

function firstPass(frame: usize, to: usize, n: i32): void {
  const size = (<usize>n) << 2;
  const quarter = (<usize>n) >> 2;
  const jump = quarter << 3; // bytes of a quarter of the samples
  const tables = twiddles;
  const row = quarter << 2;
  const weights = window - frame;
  for (let p: usize = 0; p < quarter; p += 4) {
    const x = frame + (p << 3);
    const a0 = f32x4.mul(v128.load(x), v128.load(x + weights));
    const a1 = f32x4.mul(v128.load(x, 16), v128.load(x + weights, 16));
    const xb = x + jump;
    const b0 = f32x4.mul(v128.load(xb), v128.load(xb + weights));
    const b1 = f32x4.mul(v128.load(xb, 16), v128.load(xb + weights, 16));
    const xc = xb + jump;
    const c0 = f32x4.mul(v128.load(xc), v128.load(xc + weights));
    const c1 = f32x4.mul(v128.load(xc, 16), v128.load(xc + weights, 16));
    const xd = xc + jump;
    const d0 = f32x4.mul(v128.load(xd), v128.load(xd + weights));
    const d1 = f32x4.mul(v128.load(xd, 16), v128.load(xd + weights, 16));
    const aR = v128.shuffle<f32>(a0, a1, 0, 2, 4, 6);
    const aI = v128.shuffle<f32>(a0, a1, 1, 3, 5, 7);
    const bR = v128.shuffle<f32>(b0, b1, 0, 2, 4, 6);
    const bI = v128.shuffle<f32>(b0, b1, 1, 3, 5, 7);
    const cR = v128.shuffle<f32>(c0, c1, 0, 2, 4, 6);
    const cI = v128.shuffle<f32>(c0, c1, 1, 3, 5, 7);
    const dR = v128.shuffle<f32>(d0, d1, 0, 2, 4, 6);
    const dI = v128.shuffle<f32>(d0, d1, 1, 3, 5, 7);
    const sumR = f32x4.add(aR, cR);
    const sumI = f32x4.add(aI, cI);
    const oddR = f32x4.add(bR, dR);
    const oddI = f32x4.add(bI, dI);
    const difR = f32x4.sub(aR, cR);
    const difI = f32x4.sub(aI, cI);
    const rotR = f32x4.sub(dI, bI);
    const rotI = f32x4.sub(bR, dR); // rot = i (b − d)
    const w = tables + (p << 2);
    const w1r = v128.load(w);
    const w1i = v128.load(w + row);
    const w2r = v128.load(w + 2 * row);
    const w2i = v128.load(w + 3 * row);
    const w3r = v128.load(w + 4 * row);
    const w3i = v128.load(w + 5 * row);
    const uR = f32x4.sub(difR, rotR);
    const uI = f32x4.sub(difI, rotI);
    const vR = f32x4.sub(sumR, oddR);
    const vI = f32x4.sub(sumI, oddI);
    const tR = f32x4.add(difR, rotR);
    const tI = f32x4.add(difI, rotI);
    const y = to + (p << 4);
    storeColumns(
      y,
      f32x4.add(sumR, oddR),
      f32x4.sub(f32x4.mul(uR, w1r), f32x4.mul(uI, w1i)),
      f32x4.sub(f32x4.mul(vR, w2r), f32x4.mul(vI, w2i)),
      f32x4.sub(f32x4.mul(tR, w3r), f32x4.mul(tI, w3i)),
    );
    storeColumns(
      y + size,
      f32x4.add(sumI, oddI),
      f32x4.add(f32x4.mul(uR, w1i), f32x4.mul(uI, w1r)),
      f32x4.add(f32x4.mul(vR, w2i), f32x4.mul(vI, w2r)),
      f32x4.add(f32x4.mul(tR, w3i), f32x4.mul(tI, w3r)),
    );
  }
}

/** Stores four columns of a 4 × 4 matrix row by row. */
function storeColumns(y: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(y, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 16);
  v128.store(y, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5), 32);
  v128.store(y, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7), 48);
}

function middlePass(from: usize, to: usize, size: usize, length: i32, stride: i32, table: usize): void {
  const quarter = (<usize>length) >> 2;
  const row = quarter << 2;
  const step = (<usize>stride) << 2; // bytes
  const jump = quarter * step;
  for (let p: usize = 0; p < quarter; p++) {
    const w = table + (p << 2);
    const w1r = v128.load32_splat(w);
    const w1i = v128.load32_splat(w + row);
    const w2r = v128.load32_splat(w + 2 * row);
    const w2i = v128.load32_splat(w + 3 * row);
    const w3r = v128.load32_splat(w + 4 * row);
    const w3i = v128.load32_splat(w + 5 * row);
    let x = from + p * step;
    let y = to + 4 * p * step;
    for (const end = x + step; x < end; x += 16, y += 16) {
      const aR = v128.load(x);
      const aI = v128.load(x + size);
      const bR = v128.load(x + jump);
      const bI = v128.load(x + jump + size);
      const cR = v128.load(x + 2 * jump);
      const cI = v128.load(x + 2 * jump + size);
      const dR = v128.load(x + 3 * jump);
      const dI = v128.load(x + 3 * jump + size);
      const sumR = f32x4.add(aR, cR);
      const sumI = f32x4.add(aI, cI);
      const oddR = f32x4.add(bR, dR);
      const oddI = f32x4.add(bI, dI);
      const difR = f32x4.sub(aR, cR);
      const difI = f32x4.sub(aI, cI);
      const rotR = f32x4.sub(dI, bI);
      const rotI = f32x4.sub(bR, dR);
      const uR = f32x4.sub(difR, rotR);
      const uI = f32x4.sub(difI, rotI);
      const vR = f32x4.sub(sumR, oddR);
      const vI = f32x4.sub(sumI, oddI);
      const tR = f32x4.add(difR, rotR);
      const tI = f32x4.add(difI, rotI);
      v128.store(y, f32x4.add(sumR, oddR));
      v128.store(y + size, f32x4.add(sumI, oddI));
      v128.store(y + step, f32x4.sub(f32x4.mul(uR, w1r), f32x4.mul(uI, w1i)));
      v128.store(y + step + size, f32x4.add(f32x4.mul(uR, w1i), f32x4.mul(uI, w1r)));
      v128.store(y + 2 * step, f32x4.sub(f32x4.mul(vR, w2r), f32x4.mul(vI, w2i)));
      v128.store(y + 2 * step + size, f32x4.add(f32x4.mul(vR, w2i), f32x4.mul(vI, w2r)));
      v128.store(y + 3 * step, f32x4.sub(f32x4.mul(tR, w3r), f32x4.mul(tI, w3i)));
      v128.store(y + 3 * step + size, f32x4.add(f32x4.mul(tR, w3i), f32x4.mul(tI, w3r)));
    }
  }
}

/** The pass of length 4, whose twiddles are ones. */
function lastPass(from: usize, to: usize, size: usize, stride: i32): void {
  const jump = (<usize>stride) << 2;
  for (let x = from, y = to, end = from + jump; x < end; x += 16, y += 16) {
    const aR = v128.load(x);
    const aI = v128.load(x + size);
    const bR = v128.load(x + jump);
    const bI = v128.load(x + jump + size);
    const cR = v128.load(x + 2 * jump);
    const cI = v128.load(x + 2 * jump + size);
    const dR = v128.load(x + 3 * jump);
    const dI = v128.load(x + 3 * jump + size);
    const sumR = f32x4.add(aR, cR);
    const sumI = f32x4.add(aI, cI);
    const oddR = f32x4.add(bR, dR);
    const oddI = f32x4.add(bI, dI);
    const difR = f32x4.sub(aR, cR);
    const difI = f32x4.sub(aI, cI);
    const rotR = f32x4.sub(dI, bI);
    const rotI = f32x4.sub(bR, dR);
    v128.store(y, f32x4.add(sumR, oddR));
    v128.store(y + size, f32x4.add(sumI, oddI));
    v128.store(y + jump, f32x4.sub(difR, rotR));
    v128.store(y + jump + size, f32x4.sub(difI, rotI));
    v128.store(y + 2 * jump, f32x4.sub(sumR, oddR));
    v128.store(y + 2 * jump + size, f32x4.sub(sumI, oddI));
    v128.store(y + 3 * jump, f32x4.add(difR, rotR));
    v128.store(y + 3 * jump + size, f32x4.add(difI, rotI));
  }
}

function radix2Pass(from: usize, to: usize, size: usize, stride: i32): void {
  const jump = (<usize>stride) << 2;
  for (let x = from, y = to, end = from + jump; x < end; x += 16, y += 16) {
    const aR = v128.load(x);
    const aI = v128.load(x + size);
    const bR = v128.load(x + jump);
    const bI = v128.load(x + jump + size);
    v128.store(y, f32x4.add(aR, bR));
    v128.store(y + size, f32x4.add(aI, bI));
    v128.store(y + jump, f32x4.sub(aR, bR));
    v128.store(y + jump + size, f32x4.sub(aI, bI));
  }
}

/** Spectra of even and odd samples, (E + iO) / 2 (the window is halved), to |E + e^(−2πi k / N) O|²: bins 1 … n / 2 and their mirrors, four a time. */
function split(re: usize, im: usize, n: i32): void {
  const cos = turns;
  const sin = turns + (((<usize>n) >> 1) + 4) * 4;
  const out = power;
  const end = (<usize>n) << 2;
  for (let k: usize = 4, mirror = end - 16; k <= end >> 1; k += 16, mirror -= 16) {
    const aR = v128.load(re + k);
    const aI = v128.load(im + k);
    const bR = reverse(v128.load(re + mirror));
    const bI = reverse(v128.load(im + mirror));
    const evenR = f32x4.add(aR, bR);
    const evenI = f32x4.sub(aI, bI);
    const oddR = f32x4.add(aI, bI);
    const oddI = f32x4.sub(bR, aR);
    const c = v128.load(cos + k);
    const s = v128.load(sin + k);
    const turnedR = f32x4.sub(f32x4.mul(oddR, c), f32x4.mul(oddI, s));
    const turnedI = f32x4.add(f32x4.mul(oddR, s), f32x4.mul(oddI, c));
    const lowR = f32x4.add(evenR, turnedR);
    const lowI = f32x4.add(evenI, turnedI);
    const highR = f32x4.sub(evenR, turnedR);
    const highI = f32x4.sub(turnedI, evenI);
    v128.store(out + mirror, reverse(f32x4.add(f32x4.mul(highR, highR), f32x4.mul(highI, highI))));
    v128.store(out + k, f32x4.add(f32x4.mul(lowR, lowR), f32x4.mul(lowI, lowI)));
  }
  const first = load<f32>(re) + load<f32>(im);
  const last = load<f32>(re) - load<f32>(im);
  store<f32>(out, 4 * first * first);
  store<f32>(out + end, 4 * last * last);
}
