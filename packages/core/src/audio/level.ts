import type { Decibel } from '../foundation/units.ts';
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
