import { logarithms } from './_lanes';
import { contrastBands, contrastRanges, extremes, magnitude, minPower } from './_plan';

/** 10 log₁₀ of the mean of the largest over that of the smallest magnitudes of each band. */
export function writeContrast(out: usize): void {
  for (let band = 0; band < contrastBands; band++) {
    const range = contrastRanges + <usize>(12 * band);
    const count = load<i32>(range, 8);
    const valley = meanOfSmallest(load<i32>(range), load<i32>(range, 4), count, 1);
    const peak = -meanOfSmallest(load<i32>(range), load<i32>(range, 4), count, -1);
    const levels = logarithms(f32x4.max(f32x4.splat(<f32>minPower), f32x4(peak, valley, 1, 1)));
    const difference = f32x4.extract_lane(levels, 0) - f32x4.extract_lane(levels, 1);
    store<f32>(out + ((<usize>band) << 2), <f32>(10 / Math.LN10) * difference);
  }
}

/** Mean of the `count` smallest of sign × |X|, by insertion into a sorted row of them. */
function meanOfSmallest(first: i32, end: i32, count: i32, sign: f32): f32 {
  const row = extremes;
  let held = 0;
  for (let bin = first; bin < end; bin++) {
    const value = sign * load<f32>(magnitude + ((<usize>bin) << 2));
    if (held == count && value >= load<f32>(row + ((<usize>(held - 1)) << 2))) continue;
    let place = held < count ? held++ : held - 1;
    for (; place > 0 && load<f32>(row + ((<usize>(place - 1)) << 2)) > value; place--) {
      store<f32>(row + ((<usize>place) << 2), load<f32>(row + ((<usize>(place - 1)) << 2)));
    }
    store<f32>(row + ((<usize>place) << 2), value);
  }
  let sum: f32 = 0;
  for (let i = 0; i < held; i++) sum += load<f32>(row + ((<usize>i) << 2));
  return sum / <f32>max(1, held);
}
