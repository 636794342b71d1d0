import { AttuneError } from '../foundation/errors.ts';
import type { Hertz, Sample, Second } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';

/** What a decoder accepts; anything above is refused with `audio/limit`. */
export interface AudioLimits {
  /** Size of the file. Default 256 MiB. */
  readonly maxBytes?: number;
  /** Default 1,800 s. */
  readonly maxSeconds?: Second;
  /** Default 8. */
  readonly maxChannels?: number;
  /** Samples over all channels, four bytes each. Default 200 million: 35 minutes of 48 kHz stereo. */
  readonly maxSamples?: number;
}

/** What the header of a file says; what its decoder returns must agree. */
export interface ClipLayout {
  readonly channels: number;
  readonly sampleRate: Hertz;
}

/** The limits that hold where a caller states none: 256 MiB, half an hour, 8 channels. */
export const DEFAULT_AUDIO_LIMITS: Required<AudioLimits> = {
  maxBytes: 256 * 2 ** 20,
  maxSeconds: 1800,
  maxChannels: 8,
  maxSamples: 200e6,
};

/** Sample rates outside this range are no audio: they come from damaged headers. */
const MIN_RATE: Hertz = 1000;
const MAX_RATE: Hertz = 768_000;
/** 96 dB over full scale: float files written without scaling 16-bit values stay under it, misread bytes do not. */
const MAX_LEVEL = 65_536;

export function checkSize(size: number, limits: AudioLimits): void {
  const { maxBytes = DEFAULT_AUDIO_LIMITS.maxBytes } = limits;
  if (size > maxBytes) {
    throw new AttuneError('audio/limit', `The file has ${size} bytes; at most ${maxBytes} are read.`, {
      size,
      maxBytes,
    });
  }
}

/** Refuses channel counts and sample rates that the header at `offset` claims and nobody should believe. */
export function checkLayout({ channels, sampleRate }: ClipLayout, offset: number, limits: AudioLimits): void {
  const { maxChannels = DEFAULT_AUDIO_LIMITS.maxChannels } = limits;
  if (channels < 1)
    throw new AttuneError('audio/malformed', 'The file claims to have no channels.', { channels, offset });
  if (channels > maxChannels) {
    throw new AttuneError(
      'audio/limit',
      `The file has ${channels} channels; at most ${maxChannels} are read.`,
      { channels, maxChannels, offset },
    );
  }
  if (!(sampleRate >= MIN_RATE && sampleRate <= MAX_RATE)) {
    throw new AttuneError(
      'audio/malformed',
      `The file claims a sample rate of ${sampleRate} Hz, which no audio has.`,
      { sampleRate, offset },
    );
  }
}

/** A few bytes can claim hours of silence in many channels: both time and memory are held. */
export function checkLength(frames: Sample, { channels, sampleRate }: ClipLayout, limits: AudioLimits): void {
  const { maxSeconds = DEFAULT_AUDIO_LIMITS.maxSeconds, maxSamples = DEFAULT_AUDIO_LIMITS.maxSamples } =
    limits;
  if (frames > maxSeconds * sampleRate) {
    throw new AttuneError(
      'audio/limit',
      `The audio lasts more than ${maxSeconds} seconds, the most that is read.`,
      { seconds: frames / sampleRate, maxSeconds },
    );
  }
  if (frames * channels > maxSamples) {
    throw new AttuneError(
      'audio/limit',
      `The audio has more than ${maxSamples} samples over its ${channels} channels, the most that is read.`,
      { samples: frames * channels, maxSamples },
    );
  }
}

/** Refuses samples that are not numbers, or that no recording has: the bytes were not what they claimed to be. */
export function checkSamples(clip: AudioClip): void {
  clip.channels.forEach((channel, index) => {
    for (let i = 0; i < channel.length; i++) {
      if (Math.abs(channel[i]!) <= MAX_LEVEL) continue; // false for NaN
      throw new AttuneError(
        'audio/malformed',
        `Sample ${i} of channel ${index} is ${channel[i]}, which no audio holds.`,
        {
          channel: index,
          sample: i,
        },
      );
    }
  });
}
