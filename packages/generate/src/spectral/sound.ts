import { AttuneError, throwIfCancelled, type Decibel, type OnProgress, type Rng } from '@attune/core';
import { normaliseLoudness, type AudioClip } from '@attune/core/audio';
import { griffinLim } from '@attune/core/spectral';
import {
  BINS,
  FRAME_RATE_HERTZ,
  FRAME_SETTINGS,
  magnitudesOfFrames,
  sliceFrames,
  type SpectralFrames,
} from './frames.ts';

/** Integrated loudness of everything that is made, LUFS, and the ceiling of its true peak: fit to lie under a piece. */
export const TARGET_LUFS: Decibel = -20;
export const CEILING_DB: Decibel = -1;

export interface SoundOptions {
  readonly rng: Rng;
  /** −1 … 1: tilts the spectrum around 500 Hz by up to 6 dB an octave. Default 0. */
  readonly brightness?: number;
  /** Of Griffin-Lim after phases from magnitudes. Default 8. */
  readonly iterations?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const PIVOT_HERTZ = 500;
const TILT_DB = 6;
const MOST_TILT_DB = 18;
/** Frames that are given phases together, and frames by which such stretches overlap. */
const STRETCH = 768;
const OVERLAP = 32;
const ITERATIONS = 8;

/** As `soundOfFrames`, before its loudness is set: samples as loud as the frames say. [(count − 1) × hop]. */
export async function samplesOfFrames(frames: SpectralFrames, options: SoundOptions): Promise<Float64Array> {
  if (frames.count < 2) throw new AttuneError('argument/invalid', 'Sound needs at least two frames.');
  const { hopSize } = FRAME_SETTINGS;
  const samples = new Float64Array((frames.count - 1) * hopSize);
  const advance = STRETCH - OVERLAP;
  for (let first = 0; first === 0 || first + OVERLAP < frames.count; first += advance) {
    throwIfCancelled(options.signal);
    const last = Math.min(frames.count, first + STRETCH);
    const part = await phaseStretch(sliceFrames(frames, first, last), options);
    addFaded(samples, part, first * hopSize, { hasBefore: first > 0, hasAfter: last < frames.count });
    options.onProgress?.({ done: last, total: frames.count, stage: 'Finding phases' });
    if (last === frames.count) break;
  }
  return samples;
}

/**
 * Frames as sound: phases integrated from the magnitudes, then a few iterations of fast Griffin-Lim; mono at 22,050 Hz,
 * −20 LUFS or under, true peak at most −1 dB. Long sounds get their phases in stretches of 18 s that are faded into each other.
 * Throws `argument/invalid` for fewer than two frames, `cancelled`.
 */
export async function soundOfFrames(frames: SpectralFrames, options: SoundOptions): Promise<AudioClip> {
  const samples = await samplesOfFrames(frames, options);
  let peak = 0;
  for (const value of samples) peak = Math.max(peak, Math.abs(value));
  const scale = peak > 0 ? 0.5 / peak : 0;
  const channel = Float32Array.from(samples, (value) => value * scale);
  return normaliseLoudness(
    { sampleRate: FRAME_RATE_HERTZ, channels: [channel] },
    { targetLufs: TARGET_LUFS, truePeakDb: CEILING_DB },
  );
}

async function phaseStretch(frames: SpectralFrames, options: SoundOptions): Promise<Float64Array> {
  const target = magnitudesOfFrames(frames);
  const magnitude = target.magnitude as Float64Array;
  if (options.brightness) tilt(magnitude, options.brightness);
  const { samples } = await griffinLim(target, {
    rng: options.rng,
    start: 'gradient',
    iterations: options.iterations ?? ITERATIONS,
    ...(options.signal && { signal: options.signal }),
  });
  return samples;
}

function tilt(magnitude: Float64Array, brightness: number): void {
  const gains = Float64Array.from({ length: BINS + 1 }, (_, k) => {
    const hertz = (Math.max(1, k) * FRAME_RATE_HERTZ) / FRAME_SETTINGS.frameSize;
    const decibels = brightness * TILT_DB * Math.log2(hertz / PIVOT_HERTZ);
    return 10 ** (Math.min(MOST_TILT_DB, Math.max(-MOST_TILT_DB, decibels)) / 20);
  });
  for (let i = 0; i < magnitude.length; i++) magnitude[i]! *= gains[i % (BINS + 1)]!;
}

/** Adds a stretch, its ends faded by equal power where another one overlaps: their phases have nothing in common. */
function addFaded(
  samples: Float64Array,
  part: Float64Array,
  start: number,
  { hasBefore, hasAfter }: { readonly hasBefore: boolean; readonly hasAfter: boolean },
): void {
  const fade = (OVERLAP - 1) * FRAME_SETTINGS.hopSize;
  for (let i = 0; i < part.length; i++) {
    const rise = hasBefore && i < fade ? Math.sin((Math.PI / 2) * ((i + 0.5) / fade)) : 1;
    const left = part.length - i;
    const fall = hasAfter && left <= fade ? Math.sin((Math.PI / 2) * ((left - 0.5) / fade)) : 1;
    samples[start + i]! += part[i]! * rise * fall;
  }
}
