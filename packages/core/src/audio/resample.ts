import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';
import { besselI0 } from './bessel.ts';
import { clipLength, validateClip } from './clip.ts';

/** Attenuation the filter is designed for, in dB. */
const ATTENUATION = 130;
/** Zero crossings of the sinc on each side. */
const CROSSINGS = 64;
/** Kaiser's formulas (Kaiser 1974; Oppenheim & Schafer 7.75, 7.76): shape, and half the transition band over Nyquist. */
const BETA = 0.1102 * (ATTENUATION - 8.7);
const HALF_TRANSITION = (ATTENUATION - 7.95) / (2.285 * 2 * CROSSINGS) / Math.PI / 2;
/** Beyond this many phases the filter is interpolated linearly between neighbours (error below −140 dB). */
const MAX_PHASES = 4096;

/** Filter of one rate pair: `phases + 1` rows of `taps` coefficients. */
interface FilterBank {
  readonly phases: number;
  readonly taps: number;
  /** [phases + 1, taps]; row p is for a position p / phases of an input sample past the tap at taps / 2 − 1. */
  readonly rows: Float64Array;
}

/**
 * Resamples to `rate` by a windowed-sinc polyphase filter (Kaiser window, 64 zero crossings, designed for
 * 130 dB). Band edge: flat up to about 0.87 of the lower Nyquist frequency, attenuated fully from it on.
 * Output frame i is the input at time i / rate (no delay); the result has exactly
 * ceil(length × rate / clip.sampleRate) frames; beyond its ends the clip counts as silent.
 * Both rates are whole numbers of hertz, else `argument/invalid`.
 */
export function resample(clip: AudioClip, rate: Hertz): AudioClip {
  validateClip(clip);
  for (const value of [rate, clip.sampleRate]) {
    if (!Number.isInteger(value) || value < 1) {
      throw new AttuneError(
        'argument/invalid',
        `Resampling needs whole sample rates above 0 Hz, not ${value}.`,
        { rate: value },
      );
    }
  }
  if (rate === clip.sampleRate) return clip;
  const divisor = greatestCommonDivisor(rate, clip.sampleRate);
  const up = rate / divisor;
  const down = clip.sampleRate / divisor;
  const bank = designBank(up, down);
  const length = Math.ceil((clipLength(clip) * up) / down);
  const apply = bank.phases === up ? filterExact : filterInterpolated;
  return {
    sampleRate: rate,
    channels: clip.channels.map((channel) => apply(channel, bank, up, down, length)),
  };
}

function designBank(up: number, down: number): FilterBank {
  const phases = Math.min(up, MAX_PHASES);
  const scale = Math.min(1, up / down); // a lower output rate widens the kernel
  const cutoff = scale * (1 - HALF_TRANSITION);
  const half = Math.ceil(CROSSINGS / scale);
  const taps = 2 * half;
  const rows = new Float64Array((phases + 1) * taps);
  const norm = besselI0(BETA);
  for (let phase = 0; phase <= phases; phase++) {
    const row = rows.subarray(phase * taps, (phase + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - half + 1 - phase / phases; // in input samples
      const edge = distance / half;
      const window = Math.abs(edge) > 1 ? 0 : besselI0(BETA * Math.sqrt(1 - edge * edge)) / norm;
      const angle = Math.PI * distance * cutoff;
      row[tap] = (Math.abs(angle) < 1e-12 ? 1 : Math.sin(angle) / angle) * window;
      sum += row[tap]!;
    }
    for (let tap = 0; tap < taps; tap++) row[tap]! /= sum; // unit gain at 0 Hz in every phase
  }
  return { phases, taps, rows };
}

/** Input with `taps` zeros on both sides, so that the inner loops need no bounds. */
function padded(input: Float32Array, taps: number): Float64Array {
  const out = new Float64Array(input.length + 2 * taps);
  out.set(input, taps);
  return out;
}

function filterExact(
  input: Float32Array,
  bank: FilterBank,
  up: number,
  down: number,
  length: number,
): Float32Array {
  const { taps, rows } = bank;
  const source = padded(input, taps);
  const out = new Float32Array(length);
  let start = taps / 2 + 1; // padded index of the first tap
  let phase = 0;
  for (let i = 0; i < length; i++) {
    const row = phase * taps;
    let even = 0;
    let odd = 0;
    for (let tap = 0; tap < taps; tap += 2) {
      even += source[start + tap]! * rows[row + tap]!;
      odd += source[start + tap + 1]! * rows[row + tap + 1]!;
    }
    out[i] = even + odd;
    phase += down;
    start += Math.floor(phase / up);
    phase %= up;
  }
  return out;
}

function filterInterpolated(
  input: Float32Array,
  bank: FilterBank,
  up: number,
  down: number,
  length: number,
): Float32Array {
  const { phases, taps, rows } = bank;
  const source = padded(input, taps);
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const position = i * down; // exact: below 2^53
    const whole = Math.floor(position / up);
    const phase = ((position - whole * up) / up) * phases;
    const row = Math.floor(phase) * taps;
    const mix = phase - Math.floor(phase);
    const start = taps / 2 + 1 + whole;
    let low = 0;
    let high = 0;
    for (let tap = 0; tap < taps; tap++) {
      low += source[start + tap]! * rows[row + tap]!;
      high += source[start + tap]! * rows[row + taps + tap]!;
    }
    out[i] = low + mix * (high - low);
  }
  return out;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
