import { AttuneError } from '../foundation/errors.ts';
import { MIN_POWER } from './silence.ts';

/** Where the scale begins and ends. */
/** Options of the decibel functions. */
export interface DecibelOptions {
  /** What is 0 dB. Default 1. */
  readonly reference?: number;
  /** Smaller values count as this. Default 1e-10 of power, 1e-5 of amplitude. */
  readonly floor?: number;
  /** Levels are raised to at least the largest minus this; default: they are not. */
  readonly topDecibels?: number;
}

/**
 * 10 log₁₀ of max(floor, power) over max(floor, reference), dB; any shape (librosa: power_to_db, whose `top_db` is 80
 * where nothing is said, but here none). Throws `feature/invalid` for options that make no sense.
 */
export function powerToDecibels(power: ArrayLike<number>, options: DecibelOptions = {}): Float32Array {
  const { reference = 1, floor = MIN_POWER, topDecibels } = options;
  if (!(floor > 0) || !(reference > 0) || !Number.isFinite(reference) || (topDecibels ?? 0) < 0) {
    throw new AttuneError(
      'feature/invalid',
      'Decibels need a floor and a reference over 0 and a range of 0 or more.',
      {
        floor,
        reference,
      },
    );
  }
  const zero = 10 * Math.log10(Math.max(floor, reference));
  const levels = Float32Array.from(power, (value) => 10 * Math.log10(Math.max(floor, value)) - zero);
  if (topDecibels === undefined) return levels;
  const least = levels.reduce((a, b) => Math.max(a, b), -Infinity) - topDecibels;
  return levels.map((level) => Math.max(least, level));
}

/** 20 log₁₀ of amplitudes: `powerToDecibels` of their squares, with reference and floor as amplitudes. */
export function amplitudeToDecibels(
  amplitude: ArrayLike<number>,
  options: DecibelOptions = {},
): Float32Array {
  const { reference = 1, floor = Math.sqrt(MIN_POWER), topDecibels } = options;
  return powerToDecibels(
    Float64Array.from(amplitude, (value) => value * value),
    {
      reference: reference * reference,
      floor: floor * floor,
      ...(topDecibels === undefined ? {} : { topDecibels }),
    },
  );
}

/** Power of levels in dB: reference × 10^(level / 10). */
export function decibelsToPower(levels: ArrayLike<number>, reference = 1): Float32Array {
  return Float32Array.from(levels, (level) => reference * 10 ** (level / 10));
}
