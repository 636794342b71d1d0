import { KURTOSIS, SKEWNESS, SPREAD } from './_features';
import { logarithms, sumLanes } from './_lanes';
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

/** Vectors of four whose sum is kept for the rolloff. */
const BLOCK: i32 = 4;

/** |X| of all bins. */
export function writeMagnitude(): void {
  const from = power;
  const to = magnitude;
  for (let i: usize = 0, end = ((<usize>frameSize) << 1) + 16; i < end; i += 16) {
    v128.store(to + i, f32x4.sqrt(v128.load(from + i)));
  }
}

/** Centroid, spread, skewness, kurtosis and rolloff of frame t by |X|; zeros, which stay, in silence. */
export function writeShape(t: usize): void {
  const vectors = (frameSize >> 3) + 1; // n / 4, and the one that begins with the Nyquist bin
  const four = f32x4.splat(4);
  let index = f32x4(0, 1, 2, 3);
  let total = 0.0;
  let first = 0.0;
  let m = magnitude;
  let sums = blockSums;
  for (let v = 0; v < vectors; v += BLOCK, sums += 4) {
    let sum = f32x4.splat(0);
    let turned = f32x4.splat(0);
    for (const end = m + ((<usize>min(BLOCK, vectors - v)) << 4); m < end; m += 16) {
      const weight = v128.load(m);
      sum = f32x4.add(sum, weight);
      turned = f32x4.add(turned, f32x4.mul(weight, index));
      index = f32x4.add(index, four);
    }
    const blockSum = sumLanes(sum);
    store<f32>(sums, <f32>blockSum);
    total += blockSum;
    first += sumLanes(turned);
  }
  if (total * total <= minPower) return;
  const mean = first / total;
  if (outCentroid != 0) store<f32>(outCentroid + t, <f32>(mean * hertzPerBin));
  if (wanted & (SPREAD | SKEWNESS | KURTOSIS)) writeMoments(t, total, mean, vectors);
  if (outRolloff != 0) store<f32>(outRolloff + t, <f32>(rolloffBin(rolloffShare * total) * hertzPerBin));
}

/** Central moments, in a pass of their own: from raw moments they would be differences of large numbers. */
function writeMoments(t: usize, total: f64, mean: f64, vectors: i32): void {
  const four = f32x4.splat(4);
  const centre = <f32>mean;
  let distance = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(centre));
  let second = f32x4.splat(0);
  let third = f32x4.splat(0);
  let fourth = f32x4.splat(0);
  const end = magnitude + ((<usize>vectors) << 4);
  if (wanted & (SKEWNESS | KURTOSIS)) {
    for (let m = magnitude; m < end; m += 16) {
      const square = f32x4.mul(distance, distance);
      const weighted = f32x4.mul(v128.load(m), square);
      second = f32x4.add(second, weighted);
      third = f32x4.add(third, f32x4.mul(weighted, distance));
      fourth = f32x4.add(fourth, f32x4.mul(weighted, square));
      distance = f32x4.add(distance, four);
    }
  } else {
    for (let m = magnitude; m < end; m += 16) {
      second = f32x4.add(second, f32x4.mul(v128.load(m), f32x4.mul(distance, distance)));
      distance = f32x4.add(distance, four);
    }
  }
  const variance = sumLanes(second) / total;
  const deviation = sqrt(variance);
  if (outSpread != 0) store<f32>(outSpread + t, <f32>(deviation * hertzPerBin));
  if (deviation <= 0) return;
  if (outSkewness != 0) store<f32>(outSkewness + t, <f32>(sumLanes(third) / total / (variance * deviation)));
  if (outKurtosis != 0) store<f32>(outKurtosis + t, <f32>(sumLanes(fourth) / total / (variance * variance)));
}

/** The lowest bin up to which magnitudes add up to the threshold: by blocks, then inside one. */
function rolloffBin(threshold: f64): i32 {
  const bins = (frameSize >> 1) + 1;
  let sum = 0.0;
  let bin = 0;
  let block = blockSums;
  for (; bin + 4 * BLOCK < bins; bin += 4 * BLOCK, block += 4) {
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
  let product = f32x4.splat(1);
  let sum = f32x4.splat(0);
  let p = power;
  for (const end = power + ((<usize>frameSize) << 1); p < end;) {
    // 64 mantissas under 2 stay far below the largest float
    for (const stop = min(end, p + 1024); p < stop; p += 16) {
      const value = f32x4.max(floor, v128.load(p));
      sum = f32x4.add(sum, value);
      exponents = i32x4.add(exponents, i32x4.shr_u(value, 23));
      product = f32x4.mul(product, v128.or(v128.and(value, mask), one));
    }
    exponents = i32x4.add(exponents, i32x4.sub(i32x4.shr_u(product, 23), i32x4.splat(127)));
    product = v128.or(v128.and(product, mask), one);
  }
  const last = max(<f32>minPower, load<f32>(p));
  const total = sumLanes(sum) + <f64>last;
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
