import { AttuneError } from '../foundation/errors.ts';
import type { Sample } from '../foundation/units.ts';
import { createInverseRealFft, type InverseRealFft } from './inverse-real-fft.ts';
import { createRealFft, type RealFft } from './real-fft.ts';
import { requireShape, type Spectrogram } from './spectrogram.ts';
import { completeStftSettings, countFrames, leadOf, spanOf, type StftSettings } from './stft-settings.ts';
import { sumWindows } from './window-sum.ts';
import { createWindow } from './window.ts';

/** The tables and scratch of one setting; use one plan per thread. */
export interface Stft {
  readonly settings: StftSettings;
  /** N / 2 + 1. */
  readonly bins: number;
  countFrames(length: Sample): number;
  /**
   * `samples`: mono, at least one, and more than N / 2 for 'reflect' (else `argument/invalid`). `into`: a spectrogram
   * of this plan and as many frames, overwritten and returned; by default a new one.
   */
  analyse(samples: Float32Array | Float64Array, into?: Spectrogram): Spectrogram;
  /** See `inverseStft`. The spectrogram's hop, window and padding are this plan's. */
  synthesise(spectrogram: Spectrogram, length?: Sample): Float64Array;
}

/** Throws `argument/invalid` for settings that make no sense. */
export function createStft(settings: Partial<StftSettings> = {}): Stft {
  return new ShortTimeFourier(completeStftSettings(settings));
}

/** Short-time Fourier transform: X[t, k] = Σ x[start(t) + n] w[n] e^(−2πi kn / N). Errors as in `Stft.analyse`. */
export function stft(
  samples: Float32Array | Float64Array,
  settings: Partial<StftSettings> = {},
): Spectrogram {
  return createStft(settings).analyse(samples);
}

/**
 * The signal whose spectrogram is nearest in the least-squares sense (Griffin & Lim 1984, eq. 6): frames are windowed
 * again, overlapped, added, and divided by the sum of squared windows. Of an unchanged spectrogram that is the signal
 * itself, to rounding. [length]; by default (frames − 1) × hop, plus N for padding 'none'.
 * Throws `argument/invalid` where the shape is wrong or the sum of squared windows falls below 1e-6 of its largest
 * value within `length`: such samples are not in the spectrogram. A centred Hann window and hop ≤ 3N / 8 suit every
 * length from which the spectrogram can come.
 */
export function inverseStft(spectrogram: Spectrogram, length?: Sample): Float64Array {
  return createStft(spectrogram.settings).synthesise(spectrogram, length);
}

class ShortTimeFourier implements Stft {
  readonly settings: StftSettings;
  readonly bins: number;
  private readonly forward: RealFft;
  private readonly backward: InverseRealFft;
  /** [N]. */
  private readonly window: Float64Array;
  private readonly frame: Float64Array;
  /** [bins]. */
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(settings: StftSettings) {
    this.settings = settings;
    this.bins = settings.frameSize / 2 + 1;
    this.forward = createRealFft(settings.frameSize);
    this.backward = createInverseRealFft(settings.frameSize);
    this.window = createWindow(settings.window, settings.frameSize);
    this.frame = new Float64Array(settings.frameSize);
    this.re = new Float64Array(this.bins);
    this.im = new Float64Array(this.bins);
  }

  countFrames(length: Sample): number {
    return countFrames(length, this.settings);
  }

  analyse(samples: Float32Array | Float64Array, into?: Spectrogram): Spectrogram {
    this.requireSignal(samples.length);
    const { settings, bins } = this;
    const frames = this.countFrames(samples.length);
    const out = into ?? createSpectrogram(settings, frames, bins);
    if (out.frames !== frames)
      throw new AttuneError('argument/invalid', `The signal has ${frames} frames, not ${out.frames}.`, {
        frames,
      });
    requireShape({ settings, frames: out.frames, bins: out.bins }, out.re, out.im);
    for (let t = 0; t < frames; t++) {
      this.readFrame(samples, t * settings.hopSize - leadOf(settings));
      this.forward.transform(this.frame, this.re, this.im);
      out.re.set(this.re, t * bins);
      out.im.set(this.im, t * bins);
    }
    return out;
  }

  synthesise(spectrogram: Spectrogram, length = spanOf(spectrogram.frames, this.settings)): Float64Array {
    const { settings, bins, frame, window, re, im } = this;
    const { frames } = spectrogram;
    requireShape({ settings, frames, bins: spectrogram.bins }, spectrogram.re, spectrogram.im);
    const sums = sumWindows(frames, length, settings);
    const out = new Float64Array(length);
    for (let t = 0, row = 0; t < frames; t++, row += bins) {
      for (let k = 0; k < bins; k++) {
        re[k] = spectrogram.re[row + k]!;
        im[k] = spectrogram.im[row + k]!;
      }
      this.backward.inverse(re, im, frame);
      const start = t * settings.hopSize - leadOf(settings);
      const end = Math.min(frame.length, length - start);
      for (let n = Math.max(0, -start); n < end; n++) out[start + n]! += frame[n]! * window[n]!;
    }
    for (let i = 0; i < length; i++) out[i]! /= sums[i]!;
    return out;
  }

  /** Windowed samples from `start` on, which may lie before 0 or near the end. */
  private readFrame(samples: Float32Array | Float64Array, start: number): void {
    const { frame, window } = this;
    const from = Math.min(frame.length, Math.max(0, -start));
    const to = Math.max(from, Math.min(frame.length, samples.length - start));
    for (let n = from; n < to; n++) frame[n] = samples[start + n]! * window[n]!;
    if (this.settings.padding !== 'reflect') {
      frame.fill(0, 0, from);
      frame.fill(0, to);
      return;
    }
    const last = samples.length - 1;
    for (let n = 0; n < from; n++) frame[n] = samples[-start - n]! * window[n]!;
    for (let n = to; n < frame.length; n++) frame[n] = samples[2 * last - start - n]! * window[n]!;
  }

  private requireSignal(length: Sample): void {
    const least = this.settings.padding === 'reflect' ? this.settings.frameSize / 2 + 1 : 1;
    if (length >= least) return;
    throw new AttuneError(
      'argument/invalid',
      `A signal of ${length} samples is too short: these settings need ${least}.`,
      { length, least },
    );
  }
}

function createSpectrogram(settings: StftSettings, frames: number, bins: number): Spectrogram {
  return { settings, frames, bins, re: new Float64Array(frames * bins), im: new Float64Array(frames * bins) };
}
