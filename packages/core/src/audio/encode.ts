import { AttuneError } from '../foundation/errors.ts';
import type { AudioClip } from './audio-clip.ts';
import { clipLength, validateClip } from './clip.ts';
import { resample } from './resample.ts';

/** Constant bit rates of MPEG-1 Layer III, in kbit/s. */
export const MP3_BITRATES = [32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
/** One of `MP3_BITRATES`, in kbit/s. */
export type Mp3Bitrate = (typeof MP3_BITRATES)[number];

const MP3_RATES: readonly number[] = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];
const FALLBACK_RATE = 44_100;
/** Frames handed over at a time, so that the encoder's wasm memory stays small. */
const BLOCK = 65_536;

/** MP3 at a constant bit rate (LAME). Mono or stereo; a rate that MP3 has not is resampled to 44.1 kHz. */
export async function encodeMp3(
  clip: AudioClip,
  options: { readonly kbps?: Mp3Bitrate } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { kbps = 192 } = options;
  if (!MP3_BITRATES.includes(kbps)) {
    throw new AttuneError('argument/invalid', `MP3 has no bit rate of ${String(kbps)} kbit/s.`, { kbps });
  }
  checkEncodable(clip);
  const source = MP3_RATES.includes(clip.sampleRate) ? clip : resample(clip, FALLBACK_RATE);
  const { createMp3Encoder } = await import('wasm-media-encoders');
  const encoder = await createMp3Encoder(); // the wasm is inlined in the module: nothing is fetched
  encoder.configure({ ...layoutOf(source), bitrate: kbps as 128 });
  return encodeBlocks(encoder, source);
}

/** Ogg Vorbis at a quality from −1 to 10 (default 3, about 112 kbit/s in stereo). Mono or stereo. */
export async function encodeOggVorbis(
  clip: AudioClip,
  options: { readonly quality?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality = 3 } = options;
  if (!(quality >= -1 && quality <= 10)) {
    throw new AttuneError('argument/invalid', `A Vorbis quality is from -1 to 10, not ${quality}.`, {
      quality,
    });
  }
  checkEncodable(clip);
  const { createOggEncoder } = await import('wasm-media-encoders');
  const encoder = await createOggEncoder();
  encoder.configure({ ...layoutOf(clip), vbrQuality: quality, oggSerialNo: 1 }); // fixed: the same clip gives the same bytes
  return encodeBlocks(encoder, clip);
}

function checkEncodable(clip: AudioClip): void {
  validateClip(clip);
  if (clip.channels.length > 2 || clipLength(clip) === 0) {
    throw new AttuneError('argument/invalid', 'Only mono or stereo clips that are not empty are encoded.', {
      channels: clip.channels.length,
      length: clipLength(clip),
    });
  }
}

function layoutOf(clip: AudioClip): { channels: 1 | 2; sampleRate: number } {
  return { channels: clip.channels.length as 1 | 2, sampleRate: clip.sampleRate };
}

interface BlockEncoder {
  encode(samples: readonly Float32Array[]): Uint8Array;
  finalize(): Uint8Array;
}

function encodeBlocks(encoder: BlockEncoder, clip: AudioClip): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < clipLength(clip); offset += BLOCK) {
    // slices, because the encoder reuses the buffer it returns
    parts.push(
      encoder.encode(clip.channels.map((channel) => channel.subarray(offset, offset + BLOCK))).slice(),
    );
  }
  parts.push(encoder.finalize().slice());
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
