import { AttuneError } from '../foundation/errors.ts';
import type { Decibel, Second } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';
import { clipLength, validateClip } from './clip.ts';

/** Largest absolute sample over all channels, linear (1 is full scale). 0 for an empty clip. */
export function measurePeak(clip: AudioClip): number {
  let peak = 0;
  for (const channel of clip.channels) {
    for (let i = 0; i < channel.length; i++) {
      const level = Math.abs(channel[i]!);
      if (level > peak) peak = level;
    }
  }
  return peak;
}

/** Root mean square over all samples of all channels, linear. 0 for an empty clip. */
export function measureRms(clip: AudioClip): number {
  let sum = 0;
  for (const channel of clip.channels)
    for (let i = 0; i < channel.length; i++) sum += channel[i]! * channel[i]!;
  const count = clipLength(clip) * clip.channels.length;
  return count === 0 ? 0 : Math.sqrt(sum / count);
}

/** Linear factor of a level difference: 10^(dB/20). */
export function decibelsToGain(decibels: Decibel): number {
  return 10 ** (decibels / 20);
}

/** A new clip, every sample times `gain`. */
export function scaleClip(clip: AudioClip, gain: number): AudioClip {
  return {
    sampleRate: clip.sampleRate,
    channels: clip.channels.map((channel) => {
      const out = new Float32Array(channel.length);
      for (let i = 0; i < out.length; i++) out[i] = channel[i]! * gain;
      return out;
    }),
  };
}

/** Scales so that the largest sample is at `peakDb` dBFS (default −1). Silence stays silence. */
export function normalisePeak(clip: AudioClip, peakDb: Decibel = -1): AudioClip {
  validateClip(clip);
  const peak = measurePeak(clip);
  return peak === 0 ? clip : scaleClip(clip, decibelsToGain(peakDb) / peak);
}

/** How `limitPeaks` holds the peaks down. */
export interface LimiterOptions {
  /** No sample of the result is above this level, in dBFS. Default −1. */
  readonly ceilingDb?: Decibel;
  /** How long before a peak the gain begins to fall. Default 5 ms. */
  readonly lookAhead?: Second;
  /** Time constant of the gain's return. Default 100 ms. */
  readonly release?: Second;
}

/**
 * Look-ahead peak limiter: one gain curve for all channels, so the stereo picture stays put.
 * The needed gain is min-filtered over the look-ahead, released exponentially, and averaged over the same
 * window: the average at a peak is of values that all cover it, so the ceiling holds at every sample
 * (sample peak, not true peak). A clip under the ceiling comes back as it is.
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
  if (measurePeak(clip) <= ceiling) return clip;
  const window = Math.max(1, Math.round(lookAhead * clip.sampleRate));
  const gains = smoothGains(
    minimumAhead(neededGains(clip, ceiling), window),
    window,
    release * clip.sampleRate,
  );
  return {
    sampleRate: clip.sampleRate,
    channels: clip.channels.map((channel) => {
      const out = new Float32Array(channel.length);
      // The clamp only ever takes off float rounding.
      for (let i = 0; i < out.length; i++)
        out[i] = Math.min(ceiling, Math.max(-ceiling, channel[i]! * gains[i]!));
      return out;
    }),
  };
}

/** [length]: the gain that brings each frame's loudest channel to the ceiling; 1 where it is below. */
function neededGains(clip: AudioClip, ceiling: number): Float64Array {
  const gains = new Float64Array(clipLength(clip)).fill(1);
  for (const channel of clip.channels) {
    for (let i = 0; i < gains.length; i++) {
      const level = Math.abs(channel[i]!);
      if (level * gains[i]! > ceiling) gains[i] = ceiling / level;
    }
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
