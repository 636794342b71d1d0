import { sumLanes } from './_lanes';
import {
  blockCrossings,
  blockEnergy,
  blockSize,
  endSample,
  firstSample,
  frameSize,
  hopSize,
  outRms,
  outZeroCrossings,
  samples,
} from './_plan';

/** Root mean square and share of sign changes of `count` frames, from blocks that overlapping frames share. */
export function writeTime(count: i32): void {
  const perFrame = frameSize / blockSize;
  const shared = blockSize == hopSize;
  if (shared) for (let b = 0; b < count - 1 + perFrame; b++) measureBlock(b, b * blockSize);
  for (let t = 0; t < count; t++) {
    if (!shared) measureBlock(0, t * hopSize);
    const first = shared ? t : 0;
    let energy = 0.0;
    let crossings: f32 = 0;
    for (let b = first; b < first + perFrame; b++) {
      energy += <f64>load<f32>(blockEnergy + ((<usize>b) << 2));
      crossings += load<f32>(blockCrossings + ((<usize>b) << 2));
    }
    if (outRms != 0) store<f32>(outRms + ((<usize>t) << 2), <f32>sqrt(energy / frameSize));
    if (outZeroCrossings != 0) store<f32>(outZeroCrossings + ((<usize>t) << 2), crossings / <f32>frameSize);
  }
}

/** Block `block` begins at place `start`; places outside the signal hold zeros and cross nothing. */
function measureBlock(block: i32, start: i32): void {
  const zero = f32x4.splat(0);
  const base = samples + 4; // the sample before the first stands in front
  let a = zero; // four chains: one alone would wait for each addition
  let b = zero;
  let c = zero;
  let d = zero;
  let i = start;
  for (const whole = start + (blockSize & ~15); i < whole; i += 16) {
    const place = base + ((<usize>i) << 2);
    const w = v128.load(place);
    const x = v128.load(place, 16);
    const y = v128.load(place, 32);
    const z = v128.load(place, 48);
    a = f32x4.add(a, f32x4.mul(w, w));
    b = f32x4.add(b, f32x4.mul(x, x));
    c = f32x4.add(c, f32x4.mul(y, y));
    d = f32x4.add(d, f32x4.mul(z, z));
  }
  let energy = sumLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  for (; i < start + blockSize; i++) {
    const x = load<f32>(base + ((<usize>i) << 2));
    energy += <f64>(x * x);
  }
  store<f32>(blockEnergy + ((<usize>block) << 2), <f32>energy);

  i = max(start, firstSample + 1);
  const end = min(start + blockSize, endSample);
  let changes = i32x4.splat(0);
  for (; i + 4 <= end; i += 4) {
    const place = base + ((<usize>i) << 2);
    const now = f32x4.lt(v128.load(place), zero);
    const before = f32x4.lt(v128.load(place - 4), zero);
    changes = i32x4.sub(changes, v128.xor(now, before)); // a true lane is −1
  }
  let crossings =
    i32x4.extract_lane(changes, 0) +
    i32x4.extract_lane(changes, 1) +
    i32x4.extract_lane(changes, 2) +
    i32x4.extract_lane(changes, 3);
  for (; i < end; i++) {
    const place = base + ((<usize>i) << 2);
    if (load<f32>(place) < 0 != load<f32>(place - 4) < 0) crossings++;
  }
  store<f32>(blockCrossings + ((<usize>block) << 2), <f32>crossings);
}
