import { AttuneError, type Hertz, type Sample } from '@attune/core';
import { clipLength, mixToMono, resample, type AudioClip } from '@attune/core/audio';
import { createStft, magnitudeOf, type MagnitudeSpectrogram, type StftSettings } from '@attune/core/spectral';

/** All sound is analysed and made at this rate. */
export const FRAME_RATE_HERTZ: Hertz = 22_050;
/** Frames of 93 ms every 23 ms. */
export const FRAME_SETTINGS: StftSettings = {
  frameSize: 2048,
  hopSize: 512,
  window: 'hann',
  padding: 'zero',
};
/** Bins of a frame that the networks see: all but the last one, at half the sampling rate. */
export const BINS = FRAME_SETTINGS.frameSize / 2;
/** Frames a second. */
export const FRAMES_PER_SECOND = FRAME_RATE_HERTZ / FRAME_SETTINGS.hopSize;
/** Depth of a frame's shape under its loudest bin, dB. What lies deeper is taken for silence. */
export const DEPTH_DB = 72;
/** Level of a frame without sound, dB under the loudest frame. */
export const SILENT_DB = -100;

/** Sound as the networks see it: how loud each frame is, and its spectrum apart from that. */
export interface SpectralFrames {
  readonly count: number;
  /** [count]: dB of the loudest bin of the frame, 0 in the loudest frame; at least `SILENT_DB`. */
  readonly level: Float32Array;
  /** [count, BINS]: 1 at the frame's loudest bin, 0 at `DEPTH_DB` under it and below. */
  readonly shape: Float32Array;
}

/**
 * Frames of a clip, mixed to mono, whatever its rate and loudness. Throws `argument/invalid` for a clip that is empty
 * or silent, and for a sample that is not finite, naming it.
 */
export function framesOfClip(clip: AudioClip, what = 'The clip'): SpectralFrames {
  if (clipLength(clip) === 0) throw new AttuneError('argument/invalid', `${what} is empty.`);
  requireFinite(clip, what);
  const [samples] = resample(mixToMono(clip), FRAME_RATE_HERTZ).channels;
  const { magnitude, frames } = magnitudeOf(createStft(FRAME_SETTINGS).analyse(samples!));
  return framesOfMagnitudes(magnitude, frames, what);
}

/** As `framesOfClip`, from magnitudes [frames, BINS + 1]. Throws `argument/invalid` where all are 0. */
export function framesOfMagnitudes(
  magnitude: Float64Array,
  count: number,
  what = 'The clip',
): SpectralFrames {
  const level = new Float32Array(count).fill(SILENT_DB);
  const shape = new Float32Array(count * BINS);
  const peaks = Float64Array.from({ length: count }, (_, t) => {
    let peak = 0;
    for (let k = 0, i = t * (BINS + 1); k < BINS; k++, i++) if (magnitude[i]! > peak) peak = magnitude[i]!;
    return peak;
  });
  const loudest = peaks.reduce((a, b) => Math.max(a, b), 0);
  if (!(loudest > 0)) throw new AttuneError('argument/invalid', `${what} is silent.`);
  for (let t = 0; t < count; t++) {
    const peak = peaks[t]!;
    level[t] = Math.max(SILENT_DB, 20 * Math.log10(peak / loudest));
    if (level[t] === SILENT_DB) continue;
    for (let k = 0; k < BINS; k++) {
      const ratio = magnitude[t * (BINS + 1) + k]! / peak;
      shape[t * BINS + k] = Math.max(0, 1 + (20 * Math.log10(ratio)) / DEPTH_DB);
    }
  }
  return { count, level, shape };
}

/** Magnitudes [count, BINS + 1], the loudest bin of the loudest frame at 1; silence and the last bin are 0. */
export function magnitudesOfFrames({ count, level, shape }: SpectralFrames): MagnitudeSpectrogram {
  const magnitude = new Float64Array(count * (BINS + 1));
  for (let t = 0; t < count; t++) {
    if (level[t]! <= SILENT_DB) continue;
    for (let k = 0; k < BINS; k++) {
      const value = shape[t * BINS + k]!;
      if (value > 0) magnitude[t * (BINS + 1) + k] = 10 ** ((level[t]! + DEPTH_DB * (value - 1)) / 20);
    }
  }
  return { settings: FRAME_SETTINGS, frames: count, bins: BINS + 1, magnitude };
}

/** The same sound drawn out or pressed together to `count` frames, without a change of pitch: levels between frames. */
export function stretchFrames(frames: SpectralFrames, count: number): SpectralFrames {
  if (count === frames.count) return frames;
  const level = new Float32Array(count);
  const shape = new Float32Array(count * BINS);
  const step = count > 1 ? (frames.count - 1) / (count - 1) : 0;
  for (let t = 0; t < count; t++) {
    const at = Math.min(frames.count - 1, t * step);
    const before = Math.floor(at);
    const after = Math.min(frames.count - 1, before + 1);
    const share = at - before;
    level[t] = (1 - share) * frames.level[before]! + share * frames.level[after]!;
    for (let k = 0; k < BINS; k++) {
      shape[t * BINS + k] =
        (1 - share) * frames.shape[before * BINS + k]! + share * frames.shape[after * BINS + k]!;
    }
  }
  return { count, level, shape };
}

/** The frames from `first` up to, not including, `last`; shares memory. */
export function sliceFrames({ level, shape }: SpectralFrames, first: number, last: number): SpectralFrames {
  return {
    count: last - first,
    level: level.subarray(first, last),
    shape: shape.subarray(first * BINS, last * BINS),
  };
}

/** Frames that last about as long as this. */
export function framesOfSeconds(seconds: number): number {
  return Math.max(1, Math.round(seconds * FRAMES_PER_SECOND) + 1);
}

function requireFinite(clip: AudioClip, what: string): void {
  clip.channels.forEach((samples, channel) => {
    for (let sample: Sample = 0; sample < samples.length; sample++) {
      if (Number.isFinite(samples[sample])) continue;
      throw new AttuneError('argument/invalid', `${what} has a sample that is no number.`, {
        channel,
        sample,
      });
    }
  });
}
