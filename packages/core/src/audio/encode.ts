import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { OnProgress } from '../foundation/progress.ts';
import type { AudioClip } from './audio-clip.ts';
import { clipLength, validateClip } from './clip.ts';
import { addGaplessTag } from './mp3-tag.ts';
import { pause } from '../foundation/pause.ts';
import { resample } from './resample.ts';

/** What every encoder takes. */
export interface EncodeOptions {
  /** Seconds of audio done. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Constant bit rates of MPEG-1 Layer III, in kbit/s. */
export const MP3_BITRATES = [32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
/** One of `MP3_BITRATES`, in kbit/s. */
export type Mp3Bitrate = (typeof MP3_BITRATES)[number];

const MP3_RATES: readonly number[] = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];
const FALLBACK_RATE = 44_100;
/** Frames handed over at a time, so that the encoder's wasm memory stays small. */
const BLOCK = 65_536;

export interface Mp3Options extends EncodeOptions {
  /** kbit/s. Default 192. */
  readonly kbps?: Mp3Bitrate;
}

export interface OggVorbisOptions extends EncodeOptions {
  /** −1 … 10. Default 3, about 112 kbit/s in stereo. */
  readonly quality?: number;
}

/**
 * MP3 at a constant bit rate (LAME), mono or stereo, at the clip's sample rate; a rate that MP3 has not is resampled
 * to 44.1 kHz. Below 32 kHz MP3 ends at 160 kbit/s, below 16 kHz at 64: more than that gives the most there is. A tag
 * states the codec's delay, so that decoders which know it (ours, and current players) give back the exact length.
 */
export async function encodeMp3(clip: AudioClip, options: Mp3Options = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { kbps = 192 } = options;
  if (!MP3_BITRATES.includes(kbps)) {
    throw new AttuneError('argument/invalid', `MP3 has no bit rate of ${String(kbps)} kbit/s.`, { kbps });
  }
  checkEncodable(clip, 2);
  const source = MP3_RATES.includes(clip.sampleRate) ? clip : resample(clip, FALLBACK_RATE);
  const { createMp3Encoder } = await import('wasm-media-encoders');
  const encoder = await createMp3Encoder(); // the wasm is inlined in the module: nothing is fetched
  encoder.configure({
    ...layoutOf(source),
    outputSampleRate: source.sampleRate as 44100,
    bitrate: kbps as 128,
  });
  return addGaplessTag(await encodeBlocks(encoder, source, options), clipLength(source));
}

/** Ogg Vorbis, mono or stereo, of the exact length. */
export async function encodeOggVorbis(
  clip: AudioClip,
  options: OggVorbisOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality = 3 } = options;
  if (!(quality >= -1 && quality <= 10)) {
    throw new AttuneError('argument/invalid', `A Vorbis quality is from -1 to 10, not ${quality}.`, {
      quality,
    });
  }
  checkEncodable(clip, 2);
  const { createOggEncoder } = await import('wasm-media-encoders');
  const encoder = await createOggEncoder();
  encoder.configure({ ...layoutOf(clip), vbrQuality: quality, oggSerialNo: 1 }); // fixed: the same clip gives the same bytes
  return await encodeBlocks(encoder, clip, options);
}

/** Refuses (`argument/invalid`) a clip that is empty or has more than `maxChannels`. */
export function checkEncodable(clip: AudioClip, maxChannels: number): void {
  validateClip(clip);
  if (clip.channels.length > maxChannels || clipLength(clip) === 0) {
    throw new AttuneError(
      'argument/invalid',
      `Only clips of 1 to ${maxChannels} channels that are not empty are encoded.`,
      { channels: clip.channels.length, length: clipLength(clip) },
    );
  }
}

/** All parts, one after the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function layoutOf(clip: AudioClip): { channels: 1 | 2; sampleRate: number } {
  return { channels: clip.channels.length as 1 | 2, sampleRate: clip.sampleRate };
}

interface BlockEncoder {
  encode(samples: readonly Float32Array[]): Uint8Array;
  finalize(): Uint8Array;
}

async function encodeBlocks(
  encoder: BlockEncoder,
  clip: AudioClip,
  { onProgress, signal }: EncodeOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  const length = clipLength(clip);
  const report = (done: number): void =>
    onProgress?.({ done: done / clip.sampleRate, total: length / clip.sampleRate, stage: 'Encoding' });
  for (let offset = 0; offset < length; offset += BLOCK) {
    throwIfCancelled(signal);
    // slices, because the encoder reuses the buffer it returns
    parts.push(
      encoder.encode(clip.channels.map((channel) => channel.subarray(offset, offset + BLOCK))).slice(),
    );
    report(Math.min(length, offset + BLOCK));
    await pause();
  }
  parts.push(encoder.finalize().slice());
  return joinBytes(parts);
}
