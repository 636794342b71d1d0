import { AttuneError } from '../foundation/errors.ts';
import type { Decibel, Second } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';
import { clipLength, validateClip } from './clip.ts';
import { decibelsToGain, scaleClip } from './level.ts';
import { measureTruePeak, raiseToTruePeaks } from './true-peak.ts';

/** How `limitPeaks` holds the peaks down. */
export interface LimiterOptions {
  /** True peak that the result stays under, dB over full scale. Default −1. */
  readonly ceilingDb?: Decibel;
  /** How long before a peak the gain begins to fall. Default 5 ms. */
  readonly lookAhead?: Second;
  /** Time constant of the gain's return. Default 100 ms. */
  readonly release?: Second;
}

/** Passes that lower the ceiling for what the gain's own movement adds between samples; one or two are usual. */
const MAX_PASSES = 6;

/**
 * Look-ahead true-peak limiter: one gain curve for all channels, so the stereo picture stays put; no delay.
 * The needed gain is min-filtered over the look-ahead, released exponentially, and averaged over the same window: the
 * average at a peak is of values that all cover it. Peaks are those of `measureTruePeak`, and so is the promise.
 * A clip under the ceiling comes back as it is. Throws `argument/invalid`.
 */
export function limitPeaks(clip: AudioClip, options: LimiterOptions = {}): AudioClip {
  validateClip(clip);
  const { ceilingDb = -1, lookAhead = 0.005, release = 0.1 } = options;
  if (!(ceilingDb <= 0) || !(lookAhead > 0) || !(release > 0)) {
    throw new AttuneError('argument/invalid', 'A limiter needs a ceiling ≤ 0 dBFS and times above 0 s.', {
      ceilingDb,
      lookAhead,
      release,
    });
  }
  const ceiling = decibelsToGain(ceilingDb);
  if (measureTruePeak(clip) <= ceiling) return clip;
  const levels = new Float64Array(clipLength(clip));
  let aim = ceiling;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    raiseToTruePeaks(clip, aim, levels);
    const limited = limitTo(clip, levels, aim, lookAhead, release);
    const peak = measureTruePeak(limited);
    if (peak <= ceiling) return limited;
    aim *= (ceiling / peak) * 0.9999; // a step of single precision below, or the last bit could go on for ever
  }
  const last = limitTo(clip, levels, aim, lookAhead, release);
  return scaleClip(last, Math.min(1, (ceiling / measureTruePeak(last)) * 0.9999));
}

/** `levels`: [length], the peak of each frame up to the next one, where it is above `ceiling`. */
function limitTo(
  clip: AudioClip,
  levels: Float64Array,
  ceiling: number,
  lookAhead: Second,
  release: Second,
): AudioClip {
  const window = Math.max(1, Math.round(lookAhead * clip.sampleRate));
  const gains = smoothGains(
    minimumAhead(neededGains(levels, ceiling), window),
    window,
    release * clip.sampleRate,
  );
  return {
    sampleRate: clip.sampleRate,
    channels: clip.channels.map((channel) => channel.map((sample, i) => sample * gains[i]!)),
  };
}

/** [length]: the gain that brings each frame, and the way to the next one, to the ceiling; 1 where it is below. */
function neededGains(levels: Float64Array, ceiling: number): Float64Array {
  const gains = new Float64Array(levels.length).fill(1);
  for (let i = 0; i < gains.length; i++) {
    if (levels[i]! <= ceiling) continue;
    const gain = ceiling / levels[i]!;
    gains[i] = Math.min(gains[i]!, gain);
    if (i + 1 < gains.length) gains[i + 1] = gain; // its own level comes next
  }
  return gains;
}

/** [length]: minimum over [i, i + window), by a monotonic queue: linear time. */
function minimumAhead(values: Float64Array, window: number): Float64Array {
  const out = new Float64Array(values.length);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  for (let i = values.length - 1; i >= 0; i--) {
    while (tail > head && values[queue[tail - 1]!]! >= values[i]!) tail--;
    queue[tail++] = i;
    if (queue[head]! >= i + window) head++;
    out[i] = values[queue[head]!]!;
  }
  return out;
}

/** [length]: exponential release, then the mean of the last `window` values (values before the start count as the first). */
function smoothGains(minima: Float64Array, window: number, releaseSamples: number): Float64Array {
  const keep = Math.exp(-1 / releaseSamples);
  const released = new Float64Array(minima.length);
  let gain = 1;
  for (let i = 0; i < minima.length; i++) {
    gain = Math.min(minima[i]!, 1 - (1 - gain) * keep);
    released[i] = gain;
  }
  const out = new Float64Array(minima.length);
  const first = released[0] ?? 1;
  let sum = first * window;
  for (let i = 0; i < released.length; i++) {
    sum += released[i]! - (i >= window ? released[i - window]! : first);
    out[i] = Math.min(1, sum / window);
  }
  return out;
}
