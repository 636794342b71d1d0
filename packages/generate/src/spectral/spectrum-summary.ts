import { BINS, FRAME_RATE_HERTZ, FRAME_SETTINGS, magnitudesOfFrames, type SpectralFrames } from './frames.ts';

/** What is followed from one end of a blend to the other, Hz each (Peeters 2004; weighted by magnitude). */
export const SPECTRUM_FEATURES = ['centroid', 'spread', 'rolloff'] as const;
/** One of `SPECTRUM_FEATURES`. */
export type SpectrumFeature = (typeof SPECTRUM_FEATURES)[number];

/** Means over the frames of a sound that can be heard. */
export interface SpectrumSummary extends Readonly<Record<SpectrumFeature, number>> {
  /** Bins of a frame above both neighbours, and at most 40 dB under the frame's loudest. */
  readonly peaks: number;
}

/** Frames and peaks further than this under the loudest do not count, dB. */
const AUDIBLE_DB = 40;
const ROLLOFF_SHARE = 0.85;
const HERTZ_PER_BIN = FRAME_RATE_HERTZ / FRAME_SETTINGS.frameSize;

export function summariseSpectrum(frames: SpectralFrames): SpectrumSummary {
  const { magnitude } = magnitudesOfFrames(frames);
  const sums = { centroid: 0, spread: 0, rolloff: 0, peaks: 0 };
  let count = 0;
  const loudest = frames.level.reduce((a, b) => Math.max(a, b), -Infinity);
  for (let t = 0; t < frames.count; t++) {
    if (frames.level[t]! < loudest - AUDIBLE_DB) continue;
    const row = magnitude.subarray(t * (BINS + 1), t * (BINS + 1) + BINS);
    const { centroid, spread, rolloff, peaks } = summariseRow(row);
    sums.centroid += centroid;
    sums.spread += spread;
    sums.rolloff += rolloff;
    sums.peaks += peaks;
    count++;
  }
  const mean = (sum: number): number => sum / Math.max(1, count);
  return {
    centroid: mean(sums.centroid),
    spread: mean(sums.spread),
    rolloff: mean(sums.rolloff),
    peaks: mean(sums.peaks),
  };
}

function summariseRow(row: Float32Array | Float64Array): SpectrumSummary {
  let total = 0;
  let moment = 0;
  let largest = 0;
  for (let k = 0; k < row.length; k++) {
    total += row[k]!;
    moment += k * row[k]!;
    largest = Math.max(largest, row[k]!);
  }
  const centre = moment / total;
  const floor = largest * 10 ** (-AUDIBLE_DB / 20);
  let around = 0;
  let below = 0;
  let rolloff = 0;
  let peaks = 0;
  for (let k = 0; k < row.length; k++) {
    around += row[k]! * (k - centre) ** 2;
    if (below < ROLLOFF_SHARE * total) rolloff = k;
    below += row[k]!;
    if (k > 0 && k + 1 < row.length && row[k]! >= floor && row[k]! > row[k - 1]! && row[k]! >= row[k + 1]!)
      peaks++;
  }
  return {
    centroid: centre * HERTZ_PER_BIN,
    spread: Math.sqrt(around / total) * HERTZ_PER_BIN,
    rolloff: rolloff * HERTZ_PER_BIN,
    peaks,
  };
}
