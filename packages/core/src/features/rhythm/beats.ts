import { AttuneError } from '../../foundation/errors.ts';
import type { Bpm, Second } from '../../foundation/units.ts';
import { findTempoPath, tempoAt } from './tempo-path.ts';

/** The tempi `trackBeats` considers, and how strictly it keeps to the one it found. */
export interface BeatOptions {
  /** Default 30. */
  readonly minBpm?: Bpm;
  /** Default 300. */
  readonly maxBpm?: Bpm;
  /** Where tempi are likeliest before anything is heard. Default 120. */
  readonly priorBpm?: Bpm;
  /** Standard deviation of that prior in octaves. Default 1. */
  readonly priorOctaves?: number;
  /** Cost of a beat interval off the tempo, times the square of the log ratio. Default 100. */
  readonly tightness?: number;
}

/** The beats of a clip; which of them are downbeats is not asked. */
export interface BeatTrack {
  /** Rising. Empty where the curve has no period. */
  readonly beats: readonly Second[];
  /** 60 over the median interval; undefined with fewer than two beats. */
  readonly bpm: Bpm | undefined;
  /**
   * How periodic the curve is at the tempo found: autocorrelation one to four beats on over that at lag 0, mean over
   * the clip, 0 … 1. Clicks give nearly 1, noise under 0.1.
   */
  readonly confidence: number;
}

const MIN_CONFIDENCE = 0.02;

/**
 * Beats by dynamic programming (Ellis 2007, "Beat tracking by dynamic programming", eq. 4–8): the sequence of frames
 * that has most onset strength while its intervals keep to the tempo. Ours are: the tempo may drift (a path through
 * local autocorrelations), periods are not rounded to frames, and beats lie between frames where the peak does.
 * `onsets`: [frames], ≥ 0; frame t is at t / `frameRate` seconds. Throws `feature/invalid`.
 */
export function trackBeats(onsets: Float32Array, frameRate: number, options: BeatOptions = {}): BeatTrack {
  const { minBpm = 30, maxBpm = 300, priorBpm = 120, priorOctaves = 1, tightness = 100 } = options;
  if (!(
    frameRate > 0 &&
    minBpm > 0 &&
    maxBpm >= minBpm &&
    priorBpm > 0 &&
    priorOctaves > 0 &&
    tightness > 0
  )) {
    const place = { frameRate, minBpm, maxBpm, priorBpm, priorOctaves, tightness };
    throw new AttuneError(
      'feature/invalid',
      'Beat tracking needs positive numbers and minBpm ≤ maxBpm.',
      place,
    );
  }
  const curve = standardise(onsets);
  const path = findTempoPath(curve, frameRate, { minBpm, maxBpm, priorBpm, priorOctaves });
  if (!path || path.clarity < MIN_CONFIDENCE)
    return { beats: [], bpm: undefined, confidence: path?.clarity ?? 0 };
  const periods = Float64Array.from(curve, (_, t) => (60 * frameRate) / tempoAt(path, t));
  const score = smooth(curve, periods);
  const beats = followBeats(score, periods, tightness).map((frame) => refine(score, frame) / frameRate);
  return { beats, bpm: tempoOf(beats), confidence: path.clarity };
}

/** Mean 0 and standard deviation 1, or all 0. */
function standardise(values: Float32Array): Float64Array {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  const scale = variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
  return Float64Array.from(values, (value) => (value - mean) * scale);
}

/** Gaussian of a 32nd of the local period, so that an onset a little beside the beat still counts (Ellis 2007). */
function smooth(curve: Float64Array, periods: Float64Array): Float64Array {
  return curve.map((_, t) => {
    const width = periods[t]! / 32;
    const reach = Math.ceil(4 * width);
    let sum = 0;
    for (let n = -reach; n <= reach; n++) sum += (curve[t + n] ?? 0) * Math.exp(-0.5 * (n / width) ** 2);
    return sum;
  });
}

/** Frames of the beats. */
function followBeats(score: Float64Array, periods: Float64Array, tightness: number): number[] {
  const total = new Float64Array(score.length);
  const link = new Int32Array(score.length).fill(-1);
  for (let t = 0; t < score.length; t++) {
    const period = periods[t]!;
    let best = 0; // a first beat has nothing before it
    for (let from = Math.max(0, Math.ceil(t - 2 * period)); from <= t - period / 2; from++) {
      const reached = total[from]! - tightness * Math.log((t - from) / period) ** 2;
      if (reached <= best) continue;
      best = reached;
      link[t] = from;
    }
    total[t] = score[t]! + best;
  }
  // the last beat is the best end within the last period
  const from = Math.max(0, Math.ceil(score.length - periods.at(-1)!));
  let end = from;
  for (let t = from; t < score.length; t++) if (total[t]! > total[end]!) end = t;
  const frames: number[] = [];
  for (let t = end; t >= 0; t = link[t]!) frames.push(t);
  return frames.reverse();
}

/** Top of the parabola through a peak and its neighbours, or the frame itself where it is no peak. */
function refine(score: Float64Array, t: number): number {
  const [before, here, after] = [score[t - 1] ?? -Infinity, score[t]!, score[t + 1] ?? -Infinity];
  const bend = before - 2 * here + after;
  if (!(here >= before && here >= after && bend < 0) || bend === -Infinity) return t;
  return t + (before - after) / (2 * bend);
}

function tempoOf(beats: readonly Second[]): Bpm | undefined {
  if (beats.length < 2) return undefined;
  const intervals = beats.slice(1).map((beat, i) => beat - beats[i]!);
  return 60 / intervals.sort((a, b) => a - b)[intervals.length >> 1]!;
}
