import type { Rng } from '@attune/core';
import { MEL_BANDS, type MelWindow } from './mel-window.ts';

/** How a net hears its training windows. */
export interface MelVariation {
  /** Share of the windows to which noise is added. */
  readonly noise: number;
  /** Signal-to-noise ratio, decibels: the least and the most. */
  readonly ratio: readonly [number, number];
  /** Share of the windows with a bent spectrum, and with the highs cut off. */
  readonly colour: number;
  /** Share of the windows that run faster or slower, by up to a sixth. */
  readonly tempo: number;
}

/** As the shipped model of sound learned. */
export const DEFAULT_VARIATION: MelVariation = { noise: 0.6, ratio: [3, 30], colour: 0.5, tempo: 0.5 };

/** Most that a spectrum is bent at either end, in decibels. */
const BEND = 9;
/** The lowest band of which the highs may be cut off: 40 bands reach from 0 to 8 kHz, this one stands near 2 kHz. */
const LEAST_TOP = 22;

/**
 * A stretch of `frames` frames of a window (from its start again where it ends), as it might have been recorded elsewhere: at
 * another tempo, with a bent spectrum, without its highs, and with noise of `noises` behind it. Power in, power out, at the
 * same total.
 */
export function varyMel(
  { frames: length, power }: MelWindow,
  frames: number,
  noises: readonly MelWindow[],
  variation: MelVariation,
  rng: Rng,
): Float32Array {
  const out = new Float32Array(frames * MEL_BANDS);
  const start = rng.integer(length);
  const pace = rng.uniform() < variation.tempo ? 2 ** ((rng.uniform() - 0.5) * 0.44) : 1;
  for (let t = 0; t < frames; t++) {
    const from = ((start + Math.floor(t * pace)) % length) * MEL_BANDS;
    out.set(power.subarray(from, from + MEL_BANDS), t * MEL_BANDS);
  }
  const before = totalOf(out);
  if (rng.uniform() < variation.colour) multiplyBands(out, bendOf(rng));
  if (rng.uniform() < variation.colour / 2)
    multiplyBands(out, cutOf(LEAST_TOP + rng.integer(MEL_BANDS - LEAST_TOP)));
  if (noises.length > 0 && rng.uniform() < variation.noise) {
    const [least, most] = variation.ratio;
    addNoise(out, noises[rng.integer(noises.length)]!, least + (most - least) * rng.uniform(), rng);
  }
  const scale = before / Math.max(1e-30, totalOf(out));
  return out.map((value) => value * scale);
}

/** Decibels that bend about the middle band, by another amount at each end. */
function bendOf(rng: Rng): Float64Array {
  const [low, high] = [BEND * (2 * rng.uniform() - 1), BEND * (2 * rng.uniform() - 1)];
  return Float64Array.from({ length: MEL_BANDS }, (_, band) => {
    const place = (2 * band) / (MEL_BANDS - 1) - 1;
    return 10 ** ((place < 0 ? -place * low : place * high) / 10);
  });
}

/** From band `top` on 6 dB less with each band. */
function cutOf(top: number): Float64Array {
  return Float64Array.from({ length: MEL_BANDS }, (_, band) => 10 ** (-0.6 * Math.max(0, band - top)));
}

function multiplyBands(power: Float32Array, gains: Float64Array): void {
  for (let i = 0; i < power.length; i++) power[i]! *= gains[i % MEL_BANDS]!;
}

/** Powers of sounds that know nothing of one another add up, on average. */
function addNoise(power: Float32Array, noise: MelWindow, decibels: number, rng: Rng): void {
  const frames = power.length / MEL_BANDS;
  const start = rng.integer(noise.frames);
  const stretch = new Float32Array(power.length);
  for (let t = 0; t < frames; t++) {
    const from = ((start + t) % noise.frames) * MEL_BANDS;
    stretch.set(noise.power.subarray(from, from + MEL_BANDS), t * MEL_BANDS);
  }
  const gain = (totalOf(power) / Math.max(1e-30, totalOf(stretch))) * 10 ** (-decibels / 10);
  for (let i = 0; i < power.length; i++) power[i]! += gain * stretch[i]!;
}

/** Close to the power of the signal: mel bands have unit area, and their widths grow with their place. */
function totalOf(power: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < power.length; i++) sum += power[i]! * WIDTHS[i % MEL_BANDS]!;
  return sum;
}

/** Of the bands of Slaney's scale up to 8 kHz: alike up to 1 kHz, then growing by a constant factor. */
const LINEAR_BANDS = 13;
const WIDTHS = Float64Array.from({ length: MEL_BANDS }, (_, band) =>
  band < LINEAR_BANDS ? 1 : 1.08 ** (band - LINEAR_BANDS),
);

/** Zeros some bands and some frames of a standardised window: a net that is to know more than one cue (SpecAugment; Park et al. 2019). */
export function maskMel(values: Float32Array, rng: Rng): void {
  const frames = values.length / MEL_BANDS;
  if (rng.uniform() < 0.5) {
    const [size, from] = [1 + rng.integer(6), rng.integer(MEL_BANDS - 6)];
    for (let t = 0; t < frames; t++) values.fill(0, t * MEL_BANDS + from, t * MEL_BANDS + from + size);
  }
  if (rng.uniform() < 0.5) {
    const size = 1 + rng.integer(Math.max(1, frames >> 3));
    const from = rng.integer(frames - size + 1);
    values.fill(0, from * MEL_BANDS, (from + size) * MEL_BANDS);
  }
}
