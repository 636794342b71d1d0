import { AttuneError } from '../../foundation/errors.ts';
import type { Hertz, Second } from '../../foundation/units.ts';

/** What pitches are looked for, and how finely. */
export interface PitchOptions {
  /** 65 Hz if left out. */
  readonly lowest?: Hertz;
  /** 1000 Hz if left out. */
  readonly highest?: Hertz;
  /** Time between two frames; 0.01 s if left out. */
  readonly hop?: Second;
  /** Aperiodicity, 0 … 1, under which a period is taken; 0.15 if left out. */
  readonly threshold?: number;
}

/** The pitch of one voice over time; arrays are [frames]. */
export interface PitchTrack {
  /** Time between two frames; frame i is centred on i · hop. */
  readonly hop: Second;
  /** Hertz; NaN where there is no pitch. */
  readonly frequency: Float64Array;
  /** The normalised difference at the period found, 0 (periodic) … about 1. */
  readonly aperiodicity: Float64Array;
  /** Mean square level in dB re full scale, −100 at least. */
  readonly level: Float64Array;
}

/** A frame this far under the loudest one is silence. */
const SILENCE_DB = 40;
const LEAST_DB = -100;

/**
 * Fundamental frequency of one voice by YIN (de Cheveigné & Kawahara 2002), steps 1 to 5: difference function over a
 * window of two of the longest periods, cumulative mean normalisation, the first dip under the absolute
 * threshold, parabolic interpolation. Their step 6 (best local estimate) is left out. Frames 40 dB under the loudest have no pitch.
 * @throws `feature/invalid` for samples that are not finite or options that make no sense.
 */
export function trackPitch(samples: Float32Array, sampleRate: Hertz, options: PitchOptions = {}): PitchTrack {
  const { lowest = 65, highest = 1000, hop = 0.01, threshold = 0.15 } = options;
  checkOptions(samples, sampleRate, lowest, highest, hop, threshold);
  const shortest = Math.max(2, Math.floor(sampleRate / highest));
  const longest = Math.ceil(sampleRate / lowest);
  const window = 2 * longest;
  const step = hop * sampleRate;
  const frames = samples.length === 0 ? 0 : Math.floor((samples.length - 1) / step) + 1;
  const frequency = new Float64Array(frames).fill(NaN);
  const aperiodicity = new Float64Array(frames).fill(1);
  const level = new Float64Array(frames);
  const part = new Float64Array(window + longest + 1);
  const difference = new Float64Array(longest + 2);
  for (let frame = 0; frame < frames; frame++) {
    const start = Math.round(frame * step) - (part.length >> 1);
    for (let i = 0; i < part.length; i++) part[i] = samples[start + i] ?? 0;
    level[frame] = levelOf(part);
    if (level[frame] === LEAST_DB) continue;
    normalisedDifference(part, window, longest, difference);
    const lag = firstDip(difference, shortest, longest, threshold);
    const { at, value } = parabola(difference, lag);
    aperiodicity[frame] = Math.max(0, value);
    if (value < threshold) frequency[frame] = sampleRate / at;
  }
  const loudest = level.reduce((a, b) => Math.max(a, b), LEAST_DB);
  level.forEach((db, frame) => {
    if (db < loudest - SILENCE_DB) frequency[frame] = NaN;
  });
  return { hop, frequency, aperiodicity, level };
}

/** Equations 6 and 8: d(τ) / mean of d(1 … τ), into `out` [longest + 2]. */
function normalisedDifference(part: Float64Array, window: number, longest: number, out: Float64Array): void {
  out[0] = 1;
  let sum = 0;
  for (let lag = 1; lag <= longest + 1; lag++) {
    let d = 0;
    for (let i = 0, end = Math.min(window, part.length - lag); i < end; i++) {
      const difference = part[i]! - part[i + lag]!;
      d += difference * difference;
    }
    sum += d;
    out[lag] = sum > 0 ? (d * lag) / sum : 1;
  }
}

/** Step 4: the bottom of the first dip under the threshold, else the lowest value. */
function firstDip(d: Float64Array, shortest: number, longest: number, threshold: number): number {
  let lowest = shortest;
  for (let lag = shortest; lag <= longest; lag++) {
    if (d[lag]! < d[lowest]!) lowest = lag;
    if (d[lag]! >= threshold) continue;
    while (lag < longest && d[lag + 1]! < d[lag]!) lag++;
    return lag;
  }
  return lowest;
}

/** Step 5: the vertex of the parabola through three neighbours. */
function parabola(d: Float64Array, lag: number): { at: number; value: number } {
  const [left, middle, right] = [d[lag - 1]!, d[lag]!, d[lag + 1]!];
  const bend = left - 2 * middle + right;
  if (!(bend > 0)) return { at: lag, value: middle };
  const shift = Math.max(-1, Math.min(1, (left - right) / (2 * bend)));
  return { at: lag + shift, value: middle - ((left - right) * shift) / 4 };
}

function levelOf(part: Float64Array): number {
  let sum = 0;
  for (const value of part) sum += value * value;
  return Math.max(LEAST_DB, 10 * Math.log10(sum / part.length || 1e-12));
}

function checkOptions(
  samples: Float32Array,
  sampleRate: number,
  lowest: number,
  highest: number,
  hop: number,
  threshold: number,
): void {
  const refuse = (what: string, place: Record<string, number>): never => {
    throw new AttuneError('feature/invalid', what, place);
  };
  if (!(sampleRate > 0 && Number.isFinite(sampleRate)))
    refuse(`A sample rate is above 0, not ${sampleRate}.`, { sampleRate });
  if (!(lowest > 0 && lowest < highest && highest <= sampleRate / 4)) {
    refuse(
      `Pitches lie between 0 and a quarter of the sample rate, lowest under highest, not ${lowest} to ${highest} Hz.`,
      { lowest, highest, sampleRate },
    );
  }
  if (!(hop * sampleRate >= 1 && hop <= 1))
    refuse(`The hop is one sample to one second, not ${hop} s.`, { hop });
  if (!(threshold > 0 && threshold < 1))
    refuse(`The threshold lies between 0 and 1, not ${threshold}.`, { threshold });
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) refuse(`Sample ${bad} is ${samples[bad]}.`, { sample: bad });
}
