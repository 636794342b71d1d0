import { KURTOSIS, SKEWNESS, SPREAD } from './_features';
import { logarithms, sumLanes, sumRows } from './_lanes';
import {
  blockSums,
  frameSize,
  hertzPerBin,
  magnitude,
  minPower,
  outCentroid,
  outKurtosis,
  outRolloff,
  outSkewness,
  outSpread,
  power,
  previous,
  rolloffShare,
  wanted,
} from './_plan';

/** Bins whose sum is kept for the rolloff, and of four such blocks, which are summed together. */
const BLOCK: i32 = 16;
const FOUR_BLOCKS: i32 = 64;

/** Bytes of the bins, rounded up to whole vectors; zeros follow the last bin. */
function binBytes(): usize {
  return ((<usize>frameSize) << 1) + 16;
}

/** |X| of all bins. */
export function writeMagnitude(): void {
  const from = power;
  const to = magnitude;
  for (let i: usize = 0, end = binBytes(); i < end; i += 16) {
    v128.store(to + i, f32x4.sqrt(v128.load(from + i)));
  }
}

/** |X| of all bins; and centroid, spread, skewness, kurtosis and rolloff of frame t by it; zeros, which stay, in silence. */
export function writeShape(t: usize): void {
  const bins = (frameSize >> 1) + 1;
  let totals = f64x2.splat(0);
  let firsts = f64x2.splat(0);
  let sums = blockSums;
  for (let bin = 0; bin < bins; bin += FOUR_BLOCKS, sums += 16) {
    const a = blockOfMagnitudes(bin);
    const b = blockOfMagnitudes(bin + BLOCK);
    const c = blockOfMagnitudes(bin + 2 * BLOCK);
    const d = blockOfMagnitudes(bin + 3 * BLOCK);
    const four = sumRows(a, b, c, d);
    v128.store(sums, four);
    totals = f64x2.add(totals, halves(four));
    const turned = f32x4.add(
      f32x4.add(turnedBlock(bin), turnedBlock(bin + BLOCK)),
      f32x4.add(turnedBlock(bin + 2 * BLOCK), turnedBlock(bin + 3 * BLOCK)),
    );
    firsts = f64x2.add(firsts, halves(turned));
  }
  const total = f64x2.extract_lane(totals, 0) + f64x2.extract_lane(totals, 1);
  const first = f64x2.extract_lane(firsts, 0) + f64x2.extract_lane(firsts, 1);
  if (total * total <= minPower) return;
  const mean = first / total;
  if (outCentroid != 0) store<f32>(outCentroid + t, <f32>(mean * hertzPerBin));
  if (wanted & (SKEWNESS | KURTOSIS)) writeMoments(t, total, mean);
  else if (wanted & SPREAD)
    store<f32>(outSpread + t, <f32>(sqrt(secondMoment(<f32>mean) / total) * hertzPerBin));
  if (outRolloff != 0) store<f32>(outRolloff + t, <f32>(rolloffBin(rolloffShare * total) * hertzPerBin));
}

/** Four lanes as two sums in double precision. */
function halves(v: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 0, 1)));
}

/** Writes sixteen magnitudes and gives their sum, lane by lane. */
function blockOfMagnitudes(bin: i32): v128 {
  const from = power + ((<usize>bin) << 2);
  const to = magnitude + ((<usize>bin) << 2);
  const a = f32x4.sqrt(v128.load(from));
  const b = f32x4.sqrt(v128.load(from, 16));
  const c = f32x4.sqrt(v128.load(from, 32));
  const d = f32x4.sqrt(v128.load(from, 48));
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

/** Sixteen magnitudes times their bin, lane by lane. */
function turnedBlock(bin: i32): v128 {
  const from = magnitude + ((<usize>bin) << 2);
  const index = f32x4.splat(<f32>bin);
  const a = f32x4.mul(v128.load(from), f32x4.add(index, f32x4(0, 1, 2, 3)));
  const b = f32x4.mul(v128.load(from, 16), f32x4.add(index, f32x4(4, 5, 6, 7)));
  const c = f32x4.mul(v128.load(from, 32), f32x4.add(index, f32x4(8, 9, 10, 11)));
  const d = f32x4.mul(v128.load(from, 48), f32x4.add(index, f32x4(12, 13, 14, 15)));
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

/** Σ |X| (bin − mean)². Central moments need a pass of their own: from raw moments they would be differences of large numbers. */
function secondMoment(mean: f32): f64 {
  let even = f32x4.splat(0); // two chains: one alone would wait for each addition
  let odd = f32x4.splat(0);
  let distance = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(mean));
  const four = f32x4.splat(4);
  const eight = f32x4.splat(8);
  let m = magnitude;
  for (const end = magnitude + binBytes() - 16; m < end; m += 32) {
    const next = f32x4.add(distance, four);
    even = f32x4.add(even, f32x4.mul(v128.load(m), f32x4.mul(distance, distance)));
    odd = f32x4.add(odd, f32x4.mul(v128.load(m, 16), f32x4.mul(next, next)));
    distance = f32x4.add(distance, eight);
  }
  even = f32x4.add(even, f32x4.mul(v128.load(m), f32x4.mul(distance, distance)));
  return sumLanes(even) + sumLanes(odd);
}

function writeMoments(t: usize, total: f64, mean: f64): void {
  const four = f32x4.splat(4);
  let distance = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(<f32>mean));
  let second = f32x4.splat(0);
  let third = f32x4.splat(0);
  let fourth = f32x4.splat(0);
  for (let m = magnitude, end = magnitude + binBytes(); m < end; m += 16) {
    const square = f32x4.mul(distance, distance);
    const weighted = f32x4.mul(v128.load(m), square);
    second = f32x4.add(second, weighted);
    third = f32x4.add(third, f32x4.mul(weighted, distance));
    fourth = f32x4.add(fourth, f32x4.mul(weighted, square));
    distance = f32x4.add(distance, four);
  }
  if (wanted & SPREAD) store<f32>(outSpread + t, <f32>(sqrt(secondMoment(<f32>mean) / total) * hertzPerBin));
  const variance = sumLanes(second) / total;
  if (variance <= 0) return;
  if (outSkewness != 0)
    store<f32>(outSkewness + t, <f32>(sumLanes(third) / total / (variance * sqrt(variance))));
  if (outKurtosis != 0) store<f32>(outKurtosis + t, <f32>(sumLanes(fourth) / total / (variance * variance)));
}

/** The lowest bin up to which magnitudes add up to the threshold: by blocks, then inside one. */
function rolloffBin(threshold: f64): i32 {
  const bins = (frameSize >> 1) + 1;
  let sum = 0.0;
  let bin = 0;
  let block = blockSums;
  for (; bin + BLOCK < bins; bin += BLOCK, block += 4) {
    const next = sum + <f64>load<f32>(block);
    if (next >= threshold) break;
    sum = next;
  }
  for (; bin < bins - 1; bin++) {
    sum += <f64>load<f32>(magnitude + ((<usize>bin) << 2));
    if (sum >= threshold) break;
  }
  return bin;
}

/**
 * Geometric over arithmetic mean of the floored powers. The logarithm of a product is that of the mantissas' product
 * plus the sum of exponents, so that two logarithms serve all bins.
 */
export function flatness(): f32 {
  const bins = (frameSize >> 1) + 1;
  const floor = f32x4.splat(<f32>minPower);
  const one = i32x4.splat(0x3f800000);
  const mask = i32x4.splat(0x007fffff);
  let exponents = i32x4.splat(0);
  let even = f32x4.splat(1); // two chains of products and sums
  let odd = f32x4.splat(1);
  let evenSum = f32x4.splat(0);
  let oddSum = f32x4.splat(0);
  let p = power;
  for (const end = power + ((<usize>frameSize) << 1); p < end;) {
    // 64 mantissas under 2 stay far below the largest float
    for (const stop = min(end, p + 2048); p < stop; p += 32) {
      const a = f32x4.max(floor, v128.load(p));
      const b = f32x4.max(floor, v128.load(p, 16));
      evenSum = f32x4.add(evenSum, a);
      oddSum = f32x4.add(oddSum, b);
      exponents = i32x4.add(exponents, i32x4.add(i32x4.shr_u(a, 23), i32x4.shr_u(b, 23)));
      even = f32x4.mul(even, v128.or(v128.and(a, mask), one));
      odd = f32x4.mul(odd, v128.or(v128.and(b, mask), one));
    }
    exponents = i32x4.add(exponents, i32x4.add(i32x4.shr_u(even, 23), i32x4.shr_u(odd, 23)));
    exponents = i32x4.sub(exponents, i32x4.splat(2 * 127));
    even = v128.or(v128.and(even, mask), one);
    odd = v128.or(v128.and(odd, mask), one);
  }
  const product = f32x4.mul(even, odd);
  const last = max(<f32>minPower, load<f32>(p));
  const total = sumLanes(f32x4.add(evenSum, oddSum)) + <f64>last;
  const exponent =
    i32x4.extract_lane(exponents, 0) +
    i32x4.extract_lane(exponents, 1) +
    i32x4.extract_lane(exponents, 2) +
    i32x4.extract_lane(exponents, 3) -
    127 * (bins - 1);
  const mantissa =
    <f64>f32x4.extract_lane(product, 0) *
    <f64>f32x4.extract_lane(product, 1) *
    <f64>f32x4.extract_lane(product, 2) *
    <f64>f32x4.extract_lane(product, 3);
  const logSum = <f64>exponent * Math.LN2 + Math.log(mantissa * <f64>last);
  return <f32>((Math.exp(logSum / bins) * bins) / total);
}

/** −Σ p ln p / ln(bins) of the shares p = (|X|² + floor) / Σ of the same. */
export function entropy(): f32 {
  const bins = (frameSize >> 1) + 1;
  const floor = f32x4.splat(<f32>minPower);
  let total = 0.0;
  for (let p = power, end = power + ((<usize>frameSize) << 1); p < end; p += 16) {
    total += sumLanes(f32x4.max(floor, v128.load(p)));
  }
  const last = max(minPower, <f64>load<f32>(power + ((<usize>frameSize) << 1)));
  total += last;
  const scale = f32x4.splat(<f32>(1 / total));
  let sum = f32x4.splat(0);
  for (let p = power, end = power + ((<usize>frameSize) << 1); p < end; p += 16) {
    const share = f32x4.max(f32x4.splat(1e-30), f32x4.mul(scale, f32x4.max(floor, v128.load(p))));
    sum = f32x4.add(sum, f32x4.mul(share, logarithms(share)));
  }
  return <f32>(-(sumLanes(sum) + (last / total) * Math.log(last / total)) / Math.log(bins));
}

/** Σ (a − b)² of the magnitudes of this frame and the one before, each scaled to length 1 (silence: 0). */
export function flux(length: f64, previousLength: f64): f32 {
  const a = f32x4.splat(<f32>length);
  const b = f32x4.splat(<f32>previousLength);
  let sum = f32x4.splat(0);
  for (let i: usize = 0, end = ((<usize>frameSize) << 1) + 16; i < end; i += 16) {
    const rise = f32x4.sub(f32x4.mul(a, v128.load(magnitude + i)), f32x4.mul(b, v128.load(previous + i)));
    sum = f32x4.add(sum, f32x4.mul(rise, rise));
  }
  return <f32>sumLanes(sum);
}

/** 1 / √Σ |X|², 0 in silence. */
export function inverseLength(): f64 {
  let total = 0.0;
  for (let p = power, end = power + ((<usize>frameSize) << 1) + 16; p < end; p += 16)
    total += sumLanes(v128.load(p));
  return total <= minPower ? 0 : 1 / sqrt(total);
}
