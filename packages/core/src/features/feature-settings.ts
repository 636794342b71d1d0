import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';
import type { FeatureSettings } from './audio-features.ts';
import { MEL_NORMS, MEL_SCALES, type MelBankOptions } from './filter-banks.ts';

/** Larger samples would leave the range of single precision; they are no sound. */
const LARGEST_SAMPLE = 1e12;

/** Settings with their defaults. Throws `feature/invalid` for settings that make no sense together. */
export function completeSettings(
  options: Partial<FeatureSettings> & { readonly sampleRate: Hertz },
): FeatureSettings {
  const settings: FeatureSettings = {
    sampleRate: options.sampleRate,
    frameSize: options.frameSize ?? 2048,
    hopSize: options.hopSize ?? 512,
    melBands: options.melBands ?? 128,
    melScale: options.melScale ?? 'slaney',
    melNorm: options.melNorm ?? 'area',
    mfccs: options.mfccs ?? 20,
    centred: options.centred ?? true,
    minFrequency: options.minFrequency ?? 0,
    maxFrequency: options.maxFrequency ?? options.sampleRate / 2,
    rolloffShare: options.rolloffShare ?? 0.85,
    tuning: options.tuning ?? 440,
    precision: options.precision ?? 'f64',
  };
  validate(settings);
  return settings;
}

/** Throws `feature/invalid` with the index of the first sample that is not finite or beyond ±10¹². */
export function checkSamples(samples: Float32Array, firstIndex = 0): void {
  if (!exceeds(samples)) return;
  const i = samples.findIndex((value) => !(Math.abs(value) <= LARGEST_SAMPLE));
  const index = firstIndex + i;
  throw new AttuneError('feature/invalid', `Sample ${index} is ${samples[i]!}, which is no sound.`, {
    index,
    value: samples[i]!,
  });
}

/**
 * Whether a sample is beyond the largest, infinite or NaN. The bits of floats without their sign are integers in the
 * same order, with infinity and NaN at the end; a difference below zero stays visible in the sign of the union of all.
 */
function exceeds(samples: Float32Array): boolean {
  const bits = new Int32Array(samples.buffer, samples.byteOffset, samples.length);
  const largest = new Int32Array(Float32Array.of(LARGEST_SAMPLE).buffer)[0]!;
  let union = 0;
  let i = 0;
  for (const end = bits.length - 3; i < end; i += 4) {
    union |=
      (largest - (bits[i]! & 0x7fffffff)) |
      (largest - (bits[i + 1]! & 0x7fffffff)) |
      (largest - (bits[i + 2]! & 0x7fffffff)) |
      (largest - (bits[i + 3]! & 0x7fffffff));
  }
  for (; i < bits.length; i++) union |= largest - (bits[i]! & 0x7fffffff);
  return union < 0;
}

function validate(settings: FeatureSettings): void {
  const { sampleRate, hopSize, melBands, mfccs, minFrequency, maxFrequency, rolloffShare, tuning } = settings;
  const { melScale, melNorm, precision } = settings;
  const fault = (name: string, value: number | string): never => {
    throw new AttuneError('feature/invalid', `The feature setting ${name} makes no sense as ${value}.`, {
      [name]: value,
    });
  };
  if (!Number.isInteger(sampleRate) || sampleRate < 1) fault('sampleRate', sampleRate);
  if (!Number.isInteger(hopSize) || hopSize < 1) fault('hopSize', hopSize);
  if (!Number.isInteger(melBands) || melBands < 1) fault('melBands', melBands);
  if (!Number.isInteger(mfccs) || mfccs < 1 || mfccs > melBands) fault('mfccs', mfccs);
  if (!(minFrequency >= 0 && minFrequency < maxFrequency)) fault('minFrequency', minFrequency);
  if (!(maxFrequency <= sampleRate / 2)) fault('maxFrequency', maxFrequency);
  if (!(rolloffShare > 0 && rolloffShare < 1)) fault('rolloffShare', rolloffShare);
  if (!(tuning > 0) || !Number.isFinite(tuning)) fault('tuning', tuning);
  if (!MEL_SCALES.includes(melScale)) fault('melScale', melScale);
  if (!MEL_NORMS.includes(melNorm)) fault('melNorm', melNorm);
  if (precision !== 'f64' && precision !== 'f32') fault('precision', precision);
}

/** The settings of its mel bank. */
export function melBankOptions(settings: FeatureSettings): MelBankOptions {
  const { melBands, frameSize, sampleRate, minFrequency, maxFrequency, melScale, melNorm } = settings;
  return {
    bands: melBands,
    frameSize,
    sampleRate,
    low: minFrequency,
    high: maxFrequency,
    scale: melScale,
    norm: melNorm,
  };
}
