import { AttuneError } from '../foundation/errors.ts';
import type { StftSettings } from './stft-settings.ts';

/** Short-time Fourier transform of a mono signal; DFT not normalised, phase counted from each frame's first sample. */
export interface Spectrogram {
  readonly settings: StftSettings;
  readonly frames: number;
  /** N / 2 + 1. */
  readonly bins: number;
  /** [frames, bins]. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A spectrogram without its phases. */
export interface MagnitudeSpectrogram {
  readonly settings: StftSettings;
  readonly frames: number;
  /** N / 2 + 1. */
  readonly bins: number;
  /** [frames, bins], ≥ 0. */
  readonly magnitude: Float32Array | Float64Array;
}

/** Absolute values: a new array. */
export function magnitudeOf(
  spectrogram: Spectrogram,
): MagnitudeSpectrogram & { readonly magnitude: Float64Array } {
  const { settings, frames, bins, re, im } = spectrogram;
  const magnitude = new Float64Array(re.length);
  for (let i = 0; i < re.length; i++) magnitude[i] = Math.sqrt(re[i]! * re[i]! + im[i]! * im[i]!);
  return { settings, frames, bins, magnitude };
}

/** Throws `argument/invalid` where arrays and shape disagree. */
export function requireShape(
  { settings, frames, bins }: Pick<Spectrogram, 'settings' | 'frames' | 'bins'>,
  ...arrays: readonly { readonly length: number }[]
): void {
  const fits = bins === settings.frameSize / 2 + 1 && Number.isInteger(frames) && frames >= 1;
  if (fits && arrays.every((array) => array.length === frames * bins)) return;
  throw new AttuneError(
    'argument/invalid',
    `A spectrogram of ${frames} frames of ${settings.frameSize} samples does not have ${bins} bins and ${arrays.map((a) => a.length).join(', ')} values.`,
    { frames, bins },
  );
}

/** Throws `argument/invalid` unless every magnitude is finite and not negative. */
export function requireMagnitudes({ magnitude, bins }: MagnitudeSpectrogram): void {
  for (let i = 0; i < magnitude.length; i++) {
    if (magnitude[i]! >= 0 && magnitude[i]! < Infinity) continue;
    const place = { frame: Math.floor(i / bins), bin: i % bins };
    throw new AttuneError(
      'argument/invalid',
      `A magnitude is finite and not negative, not ${magnitude[i]}.`,
      place,
    );
  }
}

/** 0 for no values. */
export function largestOf(values: Float32Array | Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  return largest;
}
