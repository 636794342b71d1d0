import { AttuneError } from '../foundation/errors.ts';
import type { Sample, Second } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';

/** Audio frames (samples a channel) of a clip. */
export function clipLength(clip: AudioClip): Sample {
  return clip.channels[0]?.length ?? 0;
}

/** Seconds from the first sample to the end of the last. */
export function clipDuration(clip: AudioClip): Second {
  return clipLength(clip) / clip.sampleRate;
}

/** Refuses a clip that breaks its own rules (`argument/invalid`): no channel, unequal lengths, a senseless rate. */
export function validateClip(clip: AudioClip): void {
  if (!(clip.sampleRate > 0) || !Number.isFinite(clip.sampleRate)) {
    throw new AttuneError('argument/invalid', `A sample rate is above 0 Hz, not ${clip.sampleRate}.`, {
      sampleRate: clip.sampleRate,
    });
  }
  if (clip.channels.length === 0)
    throw new AttuneError('argument/invalid', 'An audio clip has at least one channel.');
  clip.channels.forEach((channel, index) => {
    if (channel.length !== clipLength(clip)) {
      throw new AttuneError(
        'argument/invalid',
        `Channel ${index} has ${channel.length} samples and channel 0 has ${clipLength(clip)}; they must be equal.`,
        { channel: index, length: channel.length },
      );
    }
  });
}

/** One channel: the mean of all channels. A mono clip comes back as it is. */
export function mixToMono(clip: AudioClip): AudioClip {
  validateClip(clip);
  if (clip.channels.length === 1) return clip;
  const length = clipLength(clip);
  const mono = new Float32Array(length);
  const scale = 1 / clip.channels.length;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (const channel of clip.channels) sum += channel[i]!;
    mono[i] = sum * scale;
  }
  return { sampleRate: clip.sampleRate, channels: [mono] };
}

/** The part from `start` to `end` seconds, cut to what exists; shares memory with the clip. */
export function sliceClip(clip: AudioClip, start: Second, end: Second): AudioClip {
  validateClip(clip);
  if (!(start >= 0) || !(end >= start)) {
    throw new AttuneError(
      'argument/invalid',
      `A slice runs from 0 s or later to its end, not from ${start} to ${end}.`,
      {
        start,
        end,
      },
    );
  }
  const first = Math.round(start * clip.sampleRate);
  const last = end === Infinity ? clipLength(clip) : Math.round(end * clip.sampleRate);
  return {
    sampleRate: clip.sampleRate,
    channels: clip.channels.map((channel) => channel.subarray(first, last)),
  };
}
