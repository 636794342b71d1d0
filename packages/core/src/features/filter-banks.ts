import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';

/** Range of the chroma map of an audio feature plan. */
export const CHROMA_LOW: Hertz = 110;
export const CHROMA_HIGH: Hertz = 5000;

/**
 * 'slaney' (Auditory Toolbox, 1998; librosa's default): linear below 1 kHz with 200/3 Hz a mel, logarithmic above
 * with 27 mels to a factor of 6.4. 'htk' (Young et al. 2002): 2595 log₁₀(1 + f / 700).
 */
export const MEL_SCALES = ['slaney', 'htk'] as const;
/** How hertz become mels: one of `MEL_SCALES`. */
/** One of `MEL_SCALES`. */
export type MelScale = (typeof MEL_SCALES)[number];

/**
 * What each triangle of a mel bank is scaled to: 'area' 1 in hertz (librosa: norm "slaney"), 'sum' of its weights 1
 * (librosa: norm 1), or 'peak' 1 (librosa: norm None; HTK).
 */
export const MEL_NORMS = ['area', 'sum', 'peak'] as const;
/** How the filters of a mel bank are scaled: one of `MEL_NORMS`. */
/** One of `MEL_NORMS`. */
export type MelNorm = (typeof MEL_NORMS)[number];

/** Mels of a frequency, on the scale named. */
export function hertzToMel(hertz: Hertz, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hertz / 700);
  return hertz < 1000 ? (3 * hertz) / 200 : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4);
}

/** The inverse of `hertzToMel`. */
export function melToHertz(mel: number, scale: MelScale = 'slaney'): Hertz {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < 15 ? (200 * mel) / 3 : 1000 * 6.4 ** ((mel - 15) / 27);
}

/** Sparse filters over spectrum bins: filter m weighs bins starts[m] … by weights[offsets[m] … offsets[m + 1]). */
export interface FilterBank {
  /** [filters]: first bin. */
  readonly starts: Int32Array;
  /** [filters + 1]. */
  readonly offsets: Int32Array;
  readonly weights: Float64Array;
}

/** Band edges in Hz, [bands + 2]: band m rises from edge m to its centre m + 1 and falls to edge m + 2. */
export function melEdges(bands: number, low: Hertz, high: Hertz, scale: MelScale = 'slaney'): Float64Array {
  const from = hertzToMel(low, scale);
  const step = (hertzToMel(high, scale) - from) / (bands + 1);
  return Float64Array.from({ length: bands + 2 }, (_, i) => melToHertz(from + step * i, scale));
}

/** Shape of a mel bank. */
export interface MelBankOptions {
  readonly bands: number;
  readonly frameSize: number;
  readonly sampleRate: Hertz;
  readonly low: Hertz;
  readonly high: Hertz;
  /** Default 'slaney'. */
  readonly scale?: MelScale;
  /** Default 'area'. */
  readonly norm?: MelNorm;
}

/**
 * Triangles over `frameSize` / 2 + 1 bins, linear in hertz. A band narrower than a bin may be empty, as in librosa.
 * Throws `feature/invalid`.
 */
export function createMelBank(options: MelBankOptions): FilterBank {
  const { bands, frameSize, sampleRate, low, high, scale = 'slaney', norm = 'area' } = options;
  if (!(bands >= 1) || !(low >= 0) || !(high > low) || !(high <= sampleRate / 2)) {
    throw new AttuneError(
      'feature/invalid',
      `A mel bank needs bands and 0 ≤ low < high ≤ Nyquist, not ${low}–${high} Hz.`,
      {
        bands,
        low,
        high,
      },
    );
  }
  const edges = melEdges(bands, low, high, scale);
  const starts = new Int32Array(bands);
  const offsets = new Int32Array(bands + 1);
  const weights: number[] = [];
  for (let band = 0; band < bands; band++) {
    const [from, centre, to] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    let bin = Math.floor((from * frameSize) / sampleRate) + 1;
    starts[band] = bin;
    for (; bin <= frameSize / 2; bin++) {
      const hertz = (bin * sampleRate) / frameSize;
      const weight = Math.min((hertz - from) / (centre - from), (to - hertz) / (to - centre));
      if (weight <= 0) break;
      weights.push(norm === 'area' ? (weight * 2) / (to - from) : weight);
    }
    if (norm === 'sum') scaleToSum(weights, offsets[band]!);
    offsets[band + 1] = weights.length;
  }
  return { starts, offsets, weights: Float64Array.from(weights) };
}

/** `out[m]` = Σ weights × spectrum. */
export function applyFilterBank(bank: FilterBank, spectrum: Float64Array, out: Float64Array): void {
  const { starts, offsets, weights } = bank;
  for (let filter = 0; filter < starts.length; filter++) {
    const end = offsets[filter + 1]!;
    let bin = starts[filter]!;
    let even = 0; // two sums at a time: one alone would wait for each addition
    let odd = 0;
    let i = offsets[filter]!;
    for (; i + 1 < end; i += 2, bin += 2) {
      even += weights[i]! * spectrum[bin]!;
      odd += weights[i + 1]! * spectrum[bin + 1]!;
    }
    if (i < end) even += weights[i]! * spectrum[bin]!;
    out[filter] = even + odd;
  }
}

/**
 * Orthonormal DCT-II, first `rows` rows, [rows, columns] row-major:
 * D[k, m] = sqrt((k = 0 ? 1 : 2) / M) cos(π k (m + 1/2) / M).
 */
export function createDct(rows: number, columns: number): Float64Array {
  const matrix = new Float64Array(rows * columns);
  for (let k = 0; k < rows; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / columns);
    for (let m = 0; m < columns; m++)
      matrix[k * columns + m] = scale * Math.cos((Math.PI * k * (m + 0.5)) / columns);
  }
  return matrix;
}

/** Shares of each bin in pitch classes: its lower class, and the upper class's share. Bins outside [first, end) have none. */
export interface ChromaMap {
  readonly first: number;
  readonly end: number;
  /** [bins]: pitch class at or under the bin's frequency, 0 is C. */
  readonly classes: Uint8Array;
  /** [bins]: share of the next class up; the rest goes to `classes`. */
  readonly shares: Float64Array;
}

/**
 * Bins from `low` to `high` Hz, equal temperament on `tuning` Hz for A4; a bin between two pitches is
 * split linearly in semitones.
 */
export function createChromaMap(
  frameSize: number,
  sampleRate: Hertz,
  low: Hertz,
  high: Hertz,
  tuning: Hertz,
): ChromaMap {
  const bins = frameSize / 2 + 1;
  const classes = new Uint8Array(bins);
  const shares = new Float64Array(bins);
  const first = Math.max(1, Math.ceil((low * frameSize) / sampleRate));
  const end = Math.min(bins, Math.floor((high * frameSize) / sampleRate) + 1);
  for (let bin = first; bin < end; bin++) {
    const pitch = 69 + 12 * Math.log2((bin * sampleRate) / frameSize / tuning);
    classes[bin] = ((Math.floor(pitch) % 12) + 12) % 12;
    shares[bin] = pitch - Math.floor(pitch);
  }
  return { first, end, classes, shares };
}

/** Scales the weights from `start` on, if any, to a sum of 1. */
function scaleToSum(weights: number[], start: number): void {
  let sum = 0;
  for (let i = start; i < weights.length; i++) sum += weights[i]!;
  for (let i = start; i < weights.length; i++) weights[i]! /= sum;
}
