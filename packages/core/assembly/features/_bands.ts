import { logarithms, sumRows } from './_lanes';
import {
  chromaClasses,
  chromaCount,
  chromaRuns,
  chromaSums,
  chromaWeights,
  dct,
  laneSums,
  levels,
  melBands,
  melCount,
  melRuns,
  melWeights,
  mfccs,
  minPower,
  power,
} from './_plan';

/** `out[f]` = Σ weight × power over the bins of filter f; [count], count a multiple of four. */
function applyFilters(count: i32, runs: usize, weights: usize, out: usize): void {
  let sums = laneSums;
  let weight = weights;
  const bins = power;
  for (let run = runs, end = runs + ((<usize>count) << 3); run < end; run += 8, sums += 16) {
    let bin = bins + ((<usize>load<i32>(run)) << 2);
    let sum = f32x4.splat(0);
    for (const last = weight + ((<usize>load<i32>(run, 4)) << 4); weight < last; weight += 16, bin += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(weight), v128.load(bin)));
    }
    v128.store(sums, sum);
  }
  sums = laneSums;
  for (let o = out, end = out + ((<usize>count) << 2); o < end; o += 16, sums += 64) {
    v128.store(o, sumRows(v128.load(sums), v128.load(sums, 16), v128.load(sums, 32), v128.load(sums, 48)));
  }
}

export function writeMel(out: usize): void {
  applyFilters(melCount, melRuns, melWeights, levels);
  if (out != 0) memory.copy(out, levels, (<usize>melBands) << 2);
}

/** Mel power to 10 log₁₀ of at least the floor. */
export function writeLevels(out: usize): void {
  const floor = f32x4.splat(<f32>minPower);
  const scale = f32x4.splat(<f32>(10 / Math.LN10));
  for (let l = levels, end = levels + ((<usize>melCount) << 2); l < end; l += 16) {
    v128.store(l, f32x4.mul(scale, logarithms(f32x4.max(floor, v128.load(l)))));
  }
  if (out != 0) memory.copy(out, levels, (<usize>melBands) << 2);
}

/** DCT of the levels, four coefficients at a time. */
export function writeCepstrum(out: usize): void {
  const width = (<usize>melCount) << 2;
  let row = dct;
  for (let k = 0; k < mfccs; k += 4, row += 4 * width) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (let i: usize = 0; i < width; i += 16) {
      const level = v128.load(levels + i);
      const r = row + i;
      a = f32x4.add(a, f32x4.mul(level, v128.load(r)));
      b = f32x4.add(b, f32x4.mul(level, v128.load(r + width)));
      c = f32x4.add(c, f32x4.mul(level, v128.load(r + 2 * width)));
      d = f32x4.add(d, f32x4.mul(level, v128.load(r + 3 * width)));
    }
    const sums = sumRows(a, b, c, d);
    const o = out + ((<usize>k) << 2);
    store<f32>(o, f32x4.extract_lane(sums, 0));
    if (k + 1 < mfccs) store<f32>(o, f32x4.extract_lane(sums, 1), 4);
    if (k + 2 < mfccs) store<f32>(o, f32x4.extract_lane(sums, 2), 8);
    if (k + 3 < mfccs) store<f32>(o, f32x4.extract_lane(sums, 3), 12);
  }
}

/** Shares of twelve pitch classes; `out` holds zeros, which stay where there is no power. */
export function writeChroma(out: usize): void {
  applyFilters(chromaCount, chromaRuns, chromaWeights, chromaSums);
  let total: f32 = 0;
  for (let i: usize = 0; i < (<usize>chromaCount) << 2; i += 4) {
    const sum = load<f32>(chromaSums + i);
    const place = out + ((<usize>load<i32>(chromaClasses + i)) << 2);
    store<f32>(place, load<f32>(place) + sum);
    total += sum;
  }
  if (<f64>total <= minPower) {
    memory.fill(out, 0, 48);
    return;
  }
  for (let i: usize = 0; i < 48; i += 4) store<f32>(out + i, load<f32>(out + i) / total);
}
