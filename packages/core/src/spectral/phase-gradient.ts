import { AttuneError } from '../foundation/errors.ts';
import type { Rng } from '../foundation/rng.ts';
import { IndexHeap } from './index-heap.ts';
import { largestOf, type MagnitudeSpectrogram, requireMagnitudes, requireShape } from './spectrogram.ts';
import type { WindowName } from './window.ts';

/** Chance and threshold of `estimatePhase`. */
export interface PhaseGradientOptions {
  /** Draws the phases of bins under the tolerance. */
  readonly rng: Rng;
  /** Bins under this share of the largest magnitude are not followed. Default 1e-6. */
  readonly tolerance?: number;
}

/**
 * γ / N² of the Gaussian e^(−πτ²/γ) that correlates best with each window of N samples (largest cosine between the
 * two; found numerically, for 'rectangular' on the whole line). Průša et al. give 0.25645 for Hann by another fit.
 */
const GAUSSIAN_WIDTH: Readonly<Record<WindowName, number>> = {
  hann: 0.2489,
  hamming: 0.2973,
  blackman: 0.1768,
  rectangular: 0.8013,
  'sqrt-hann': 0.4246,
};

/**
 * Phases from magnitudes alone, [frames, bins], radians: phase gradient heap integration (Průša, Balazs &
 * Søndergaard 2017). Under a Gaussian window the gradient of the phase is that of the log-magnitude turned by 90°; it
 * is integrated by the trapezoid rule from the loudest bins outwards to their neighbours in time and frequency. The
 * variant: central differences, real signals, phase counted from each frame's first sample (as `stft` does).
 * Throws `argument/invalid` where shape, magnitudes or tolerance make no sense.
 */
export function estimatePhase(target: MagnitudeSpectrogram, options: PhaseGradientOptions): Float64Array {
  const { rng, tolerance = 1e-6 } = options;
  if (!(tolerance > 0 && tolerance < 1))
    throw new AttuneError('argument/invalid', `A tolerance is between 0 and 1, not ${tolerance}.`, {
      tolerance,
    });
  requireShape(target, target.magnitude);
  requireMagnitudes(target);
  const { frames, bins } = target;
  const floor = tolerance * largestOf(target.magnitude);
  const level = Float64Array.from(target.magnitude, (value) =>
    Math.log(Math.max(value, floor, Number.MIN_VALUE)),
  );
  const { alongTime, alongBins } = gradients(level, target);
  const phase = new Float64Array(level.length);
  const isKnown = new Uint8Array(level.length);
  for (let i = 0; i < level.length; i++) {
    if (target.magnitude[i]! > floor) continue;
    phase[i] = 2 * Math.PI * rng.uniform();
    isKnown[i] = 1;
  }
  const heap = new IndexHeap(level);
  const visit = (index: number, value: number): void => {
    phase[index] = value;
    isKnown[index] = 1;
    heap.push(index);
  };
  for (const seed of loudestFirst(level)) {
    if (isKnown[seed] === 1) continue;
    visit(seed, 0);
    while (heap.size > 0) {
      const i = heap.pop();
      const k = i % bins;
      const [later, earlier] = [i + bins, i - bins];
      if (later < frames * bins && isKnown[later] === 0)
        visit(later, phase[i]! + (alongTime[i]! + alongTime[later]!) / 2);
      if (earlier >= 0 && isKnown[earlier] === 0)
        visit(earlier, phase[i]! - (alongTime[i]! + alongTime[earlier]!) / 2);
      if (k + 1 < bins && isKnown[i + 1] === 0)
        visit(i + 1, phase[i]! + (alongBins[i]! + alongBins[i + 1]!) / 2);
      if (k > 0 && isKnown[i - 1] === 0) visit(i - 1, phase[i]! - (alongBins[i]! + alongBins[i - 1]!) / 2);
    }
  }
  return phase;
}

/**
 * Phase steps to the next frame and the next bin, [frames, bins] each. With s the magnitude, a the hop, n and k frame
 * and bin: a N / γ ∂s/∂k + 2πak / N, and −γ / (a N) ∂s/∂n − π (the −π because frames start N / 2 before their centre).
 */
function gradients(
  level: Float64Array,
  { settings, frames, bins }: MagnitudeSpectrogram,
): { alongTime: Float64Array; alongBins: Float64Array } {
  const { frameSize, hopSize, window } = settings;
  const gamma = GAUSSIAN_WIDTH[window] * frameSize * frameSize;
  const timeScale = (hopSize * frameSize) / gamma / 2;
  const binScale = -gamma / (hopSize * frameSize) / 2;
  const turn = (2 * Math.PI * hopSize) / frameSize;
  const alongTime = new Float64Array(level.length);
  const alongBins = new Float64Array(level.length);
  for (let n = 0, i = 0; n < frames; n++) {
    const before = n > 0 ? bins : 0;
    const after = n + 1 < frames ? bins : 0;
    for (let k = 0; k < bins; k++, i++) {
      const below = k > 0 ? level[i - 1]! : level[i + 1]!; // a real signal's spectrum is even around both ends
      const above = k + 1 < bins ? level[i + 1]! : level[i - 1]!;
      alongTime[i] = timeScale * (above - below) + turn * k;
      alongBins[i] = binScale * (level[i + after]! - level[i - before]!) - Math.PI;
    }
  }
  return { alongTime, alongBins };
}

/**
 * Indices by falling level, to a thousandth of a neper, so that each region that silence cuts off starts at its loudest
 * bin. Level and index share one number, because numbers sort several times faster than with a comparison function.
 */
function loudestFirst(level: Float64Array): Float64Array {
  const count = level.length;
  const top = level.reduce((a, b) => Math.max(a, b), -Infinity);
  return level
    .map((value, i) => Math.floor((top - value) * 1000) * count + i)
    .sort()
    .map((key) => key % count);
}
