import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';
import { CONTRAST_BANDS } from './frame-features.ts';
import { MIN_POWER } from './silence.ts';

const LOWEST: Hertz = 200;
/** Share of a band's bins that make its peak and its valley (Jiang 2002: 0.02 … 0.2). */
const SHARE = 0.02;

/** Bins `first` … `end` − 1 of a band; `count` of them make its peak and its valley. */
export interface ContrastRange {
  readonly first: number;
  readonly end: number;
  readonly count: number;
}

/**
 * The bands of librosa's variant of Jiang et al. 2002, [7]: 0–200 Hz and the octaves above to 12.8 kHz. A band but
 * the first begins one bin under its edge, a band but the last leaves out its highest bin, the last reaches to the
 * Nyquist frequency. Throws `feature/invalid` where a band has no bin or lies beyond the Nyquist frequency.
 */
export function contrastRanges(frameSize: number, sampleRate: Hertz): ContrastRange[] {
  const bins = frameSize / 2 + 1;
  const hertz = (bin: number): Hertz => (bin * sampleRate) / frameSize;
  return Array.from({ length: CONTRAST_BANDS }, (_, band) => {
    const [low, high] = [band === 0 ? 0 : LOWEST * 2 ** (band - 1), LOWEST * 2 ** band];
    let first = 0;
    while (first < bins && hertz(first) < low) first++;
    let end = first;
    while (end < bins && hertz(end) <= high) end++;
    const isLast = band === CONTRAST_BANDS - 1;
    if (band > 0) first--;
    if (isLast) end = bins;
    const count = Math.max(1, roundHalfEven(SHARE * (end - first)));
    if (!isLast) end--;
    if (low >= sampleRate / 2 || end <= first) {
      throw new AttuneError(
        'feature/invalid',
        `Spectral contrast has no bin from ${low} to ${high} Hz with frames of ${frameSize} at ${sampleRate} Hz.`,
        { frameSize, sampleRate, band },
      );
    }
    return { first, end, count };
  });
}

/** 10 log₁₀ of the mean of the largest over that of the smallest magnitudes, dB. `magnitude`: [bins]. */
export function measureContrast(magnitude: Float64Array, { first, end, count }: ContrastRange): number {
  const sorted = magnitude.slice(first, end).sort();
  let valley = 0;
  let peak = 0;
  const used = Math.min(count, sorted.length);
  for (let i = 0; i < used; i++) {
    valley += sorted[i]! / used;
    peak += sorted[sorted.length - 1 - i]! / used;
  }
  return 10 * Math.log10(Math.max(MIN_POWER, peak) / Math.max(MIN_POWER, valley));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
