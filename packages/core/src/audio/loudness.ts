import { AttuneError } from '../foundation/errors.ts';
import type { Decibel } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';
import { clipLength, validateClip } from './clip.ts';
import { addWeightedEnergy, kWeighting } from './k-weighting.ts';
import { decibelsToGain, scaleClip } from './level.ts';
import { limitPeaks } from './limiter.ts';
import { measureTruePeak } from './true-peak.ts';

/** How channels count. */
export interface LoudnessOptions {
  /** [channels]: the weight of each channel's power. Default by count, see `measureLoudness`. */
  readonly weights?: readonly number[];
}

/** Loudness of a clip, in LUFS (LU below full scale) and LU (as decibels); −Infinity where there was nothing to hear. */
export interface Loudness {
  /** Of the whole, after both gates. */
  readonly integratedLufs: Decibel;
  /** [blocks]: of the 400 ms that end at 0.4 s, 0.5 s, 0.6 s … The largest is sought every 10 ms. */
  readonly momentaryLufs: Float64Array;
  /** [blocks]: of the 3 s that end at 3 s, 3.1 s, 3.2 s … */
  readonly shortTermLufs: Float64Array;
  readonly maxMomentaryLufs: Decibel;
  readonly maxShortTermLufs: Decibel;
  /** Between the 10th and 95th percentile of the short-term loudness; 0 for less than 3 s. */
  readonly rangeLu: Decibel;
  /** dB over full scale, between samples too. */
  readonly truePeakDb: Decibel;
}

/** Of ITU-R BS.1770-5, by number of channels: mono, stereo, 3.0, 5.0 (L R C Ls Rs), 5.1 (L R C LFE Ls Rs). */
const WEIGHTS: Readonly<Record<number, readonly number[]>> = {
  1: [1],
  2: [1, 1],
  3: [1, 1, 1],
  5: [1, 1, 1, 1.41, 1.41],
  6: [1, 1, 1, 0, 1.41, 1.41],
};
/** What makes 997 Hz at full scale in one channel −3.01 LUFS. */
const OFFSET: Decibel = -0.691;
/** Power is kept in steps of 10 ms: a tone of 400 ms is found wherever it begins (Tech 3341, case 13). */
const STEPS_PER_SECOND = 100;
const MOMENTARY_STEPS = 40;
const SHORT_TERM_STEPS = 300;
/** Gating blocks, and the values given back, are this far apart: 100 ms. */
const HOP = 10;
const ABSOLUTE_GATE: Decibel = -70;
/** Under the ungated loudness: for the integrated loudness (BS.1770), and for the range (EBU Tech 3342). */
const RELATIVE_GATE: Decibel = -10;
const RANGE_GATE: Decibel = -20;

/**
 * Loudness by ITU-R BS.1770-5 and EBU R 128: K-weighting, gated integration (blocks of 400 ms every 100 ms), momentary
 * and short-term loudness (EBU Tech 3341), loudness range (EBU Tech 3342, short-term values every 100 ms), true peak.
 * Sample rates from 4 kHz. Channel weights are known for 1, 2, 3, 5 and 6 channels; other clips need `weights`. A mono
 * clip counts as one loudspeaker. Throws `argument/invalid`.
 */
export function measureLoudness(clip: AudioClip, options: LoudnessOptions = {}): Loudness {
  validateClip(clip);
  const steps = stepPowers(clip, weightsOf(clip, options));
  const momentary = slidingMean(steps, MOMENTARY_STEPS, HOP);
  const shortTerm = slidingMean(steps, SHORT_TERM_STEPS, HOP);
  return {
    integratedLufs: powerToLufs(mean(gate(momentary, RELATIVE_GATE))),
    momentaryLufs: momentary.map(powerToLufs),
    shortTermLufs: shortTerm.map(powerToLufs),
    maxMomentaryLufs: powerToLufs(largest(slidingMean(steps, MOMENTARY_STEPS, 1))),
    maxShortTermLufs: powerToLufs(largest(shortTerm)),
    rangeLu: loudnessRange(gate(shortTerm, RANGE_GATE)),
    truePeakDb: 20 * Math.log10(measureTruePeak(clip)),
  };
}

/** How loud the result is, and what its peaks stay under. */
export interface NormaliseLoudnessOptions extends LoudnessOptions {
  /** Integrated loudness of the result. Default −14 LUFS, what streaming services play at. */
  readonly targetLufs?: Decibel;
  /** Ceiling of the result's true peak. Default −1 dB. */
  readonly truePeakDb?: Decibel;
}

/** How far the gain may be raised to make up for what the limiter takes. */
const MAX_MAKE_UP: Decibel = 3;
const MAKE_UP_PASSES = 4;
const CLOSE_ENOUGH: Decibel = 0.02;

/**
 * Brings a clip to an integrated loudness, with the peaks that would pass the ceiling limited. What the limiter takes is
 * made up for by up to 3 dB; a clip whose peaks stand higher than that ends below the target. A clip without loudness
 * (silence, or less than 400 ms) is only limited. Throws `argument/invalid`.
 */
export function normaliseLoudness(clip: AudioClip, options: NormaliseLoudnessOptions = {}): AudioClip {
  const { targetLufs = -14, truePeakDb = -1 } = options;
  if (!Number.isFinite(targetLufs)) {
    throw new AttuneError('argument/invalid', `A loudness to reach is a number of LUFS, not ${targetLufs}.`, {
      targetLufs,
    });
  }
  const limited = (gain: Decibel): AudioClip =>
    limitPeaks(gain === 0 ? clip : scaleClip(clip, decibelsToGain(gain)), { ceilingDb: truePeakDb });
  const integratedLufs = measureIntegrated(clip, options);
  if (integratedLufs === -Infinity) return limited(0);
  const plain = targetLufs - integratedLufs;
  let gain = plain;
  let result = limited(gain);
  for (let pass = 0; pass < MAKE_UP_PASSES; pass++) {
    const missing = targetLufs - measureIntegrated(result, options);
    if (missing < CLOSE_ENOUGH || gain >= plain + MAX_MAKE_UP) break;
    gain = Math.min(plain + MAX_MAKE_UP, gain + missing);
    result = limited(gain);
  }
  return result;
}

function measureIntegrated(clip: AudioClip, options: LoudnessOptions): Decibel {
  validateClip(clip);
  const momentary = slidingMean(stepPowers(clip, weightsOf(clip, options)), MOMENTARY_STEPS, HOP);
  return powerToLufs(mean(gate(momentary, RELATIVE_GATE)));
}

function weightsOf(
  clip: AudioClip,
  { weights = WEIGHTS[clip.channels.length] }: LoudnessOptions,
): readonly number[] {
  const channels = clip.channels.length;
  if (weights === undefined) {
    throw new AttuneError('argument/invalid', `The loudness of ${channels} channels needs their weights.`, {
      channels,
    });
  }
  if (weights.length !== channels || !weights.every((weight) => weight >= 0 && weight < Infinity)) {
    throw new AttuneError('argument/invalid', `${channels} channels need as many weights of 0 or more.`, {
      channels,
      weights: weights.length,
    });
  }
  return weights;
}

/** [steps]: mean power of the weighted channels in each whole 10 ms. */
function stepPowers(clip: AudioClip, weights: readonly number[]): Float64Array {
  const filters = kWeighting(clip.sampleRate);
  const count = Math.floor((clipLength(clip) * STEPS_PER_SECOND) / clip.sampleRate);
  const starts = Int32Array.from({ length: count + 1 }, (_, k) =>
    Math.round((k * clip.sampleRate) / STEPS_PER_SECOND),
  );
  starts[count] = Math.min(starts[count]!, clipLength(clip)); // rounding may reach past the end
  const powers = new Float64Array(count);
  clip.channels.forEach((channel, index) => {
    if (weights[index] !== 0) addWeightedEnergy(channel, filters, weights[index]!, starts, powers);
  });
  return powers.map((energy, k) => energy / (starts[k + 1]! - starts[k]!));
}

/** Means of every `size` values, every `hop` values; none if there are fewer. */
function slidingMean(values: Float64Array, size: number, hop: number): Float64Array {
  const count = Math.max(0, Math.floor((values.length - size) / hop) + 1);
  return Float64Array.from({ length: count }, (_, i) => mean(values.subarray(i * hop, i * hop + size)));
}

/** The powers above −70 LUFS that are also above `relative` under the loudness of those. */
function gate(powers: Float64Array, relative: Decibel): Float64Array {
  const audible = powers.filter((power) => powerToLufs(power) > ABSOLUTE_GATE);
  const threshold = powerToLufs(mean(audible)) + relative;
  return audible.filter((power) => powerToLufs(power) > threshold);
}

function loudnessRange(powers: Float64Array): Decibel {
  if (powers.length === 0) return 0;
  const sorted = powers.toSorted();
  const percentile = (share: number): Decibel =>
    powerToLufs(sorted[Math.round((sorted.length - 1) * share)]!);
  return percentile(0.95) - percentile(0.1);
}

function powerToLufs(power: number): Decibel {
  return OFFSET + 10 * Math.log10(power);
}

function mean(values: Float64Array): number {
  if (values.length === 0) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function largest(values: Float64Array): number {
  return values.reduce((max, value) => Math.max(max, value), 0);
}
