import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { Rng } from '../foundation/rng.ts';
import type { AudioClip } from './audio-clip.ts';
import { BitWriter } from './bit-writer.ts';
import { clipLength } from './clip.ts';
import { checkEncodable, type EncodeOptions, joinBytes } from './encode.ts';
import { interleave } from './flac-digest.ts';
import { writeFrame } from './flac-write-frame.ts';
import { tukeyWindow } from './flac-predict.ts';
import { Md5 } from './md5.ts';
import { pause } from '../foundation/pause.ts';
import { quantise } from './quantise.ts';

export interface FlacOptions extends EncodeOptions {
  /** Bits a sample. Default 16. */
  readonly bits?: 16 | 24;
  /** Adds triangular dither before rounding to `bits`. Default: none, so that the bytes depend on the clip alone. */
  readonly dither?: Rng;
}

const BLOCK_SIZE = 4096;
const BLOCKS_PER_PAUSE = 32;
const MAX_CHANNELS = 8;
/** The most a frame header can hold; decoders before 2022 refuse more. */
const MAX_RATE = 655_350;
const STREAM_INFO_SIZE = 34;

/**
 * FLAC (RFC 9639), 1–8 channels, whole rates up to 655,350 Hz: fixed and linear predictors up to order 8, stereo
 * decorrelation, partitioned Rice coding, and the MD5 of the samples. What was rounded to 16 or 24 bits comes back
 * without loss; samples beyond full scale are clipped, as `writeWav` does. Throws `argument/invalid`, `cancelled`.
 */
export async function encodeFlac(
  clip: AudioClip,
  options: FlacOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { bits = 16, dither, onProgress, signal } = options;
  checkEncodable(clip, MAX_CHANNELS);
  if (bits !== 16 && bits !== 24)
    throw new AttuneError('argument/invalid', `FLAC is written with 16 or 24 bits, not ${String(bits)}.`, {
      bits,
    });
  if (!Number.isInteger(clip.sampleRate) || clip.sampleRate > MAX_RATE) {
    throw new AttuneError(
      'argument/invalid',
      `FLAC needs a whole sample rate up to ${MAX_RATE} Hz, not ${clip.sampleRate}.`,
      { sampleRate: clip.sampleRate },
    );
  }
  const layout = { sampleRate: clip.sampleRate, bits, blockSize: BLOCK_SIZE };
  const length = clipLength(clip);
  const channels = clip.channels.map((channel) => quantise(channel, bits, dither));
  const digest = new Md5();
  const frames: Uint8Array[] = [];
  const writer = new BitWriter();
  let window = tukeyWindow(BLOCK_SIZE);
  for (let start = 0; start < length; start += BLOCK_SIZE) {
    const block = channels.map((channel) => channel.subarray(start, start + BLOCK_SIZE));
    if (block[0]!.length !== window.length) window = tukeyWindow(block[0]!.length);
    writer.clear();
    writeFrame(writer, layout, frames.length, block, window);
    frames.push(writer.bytes().slice());
    digest.update(interleave(block, bits));
    if (frames.length % BLOCKS_PER_PAUSE !== 0) continue;
    onProgress?.({ done: start / clip.sampleRate, total: length / clip.sampleRate, stage: 'Encoding' });
    await pause();
    throwIfCancelled(signal);
  }
  onProgress?.({ done: length / clip.sampleRate, total: length / clip.sampleRate, stage: 'Encoding' });
  return joinBytes([streamHead(clip, bits, frames, digest.digest()), ...frames]);
}

/** The magic bytes and STREAMINFO, the only metadata block. */
function streamHead(
  clip: AudioClip,
  bits: number,
  frames: readonly Uint8Array[],
  md5: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(8 + STREAM_INFO_SIZE);
  const view = new DataView(bytes.buffer);
  const sizes = frames.map((frame) => frame.length);
  const smallest = sizes.reduce((a, b) => Math.min(a, b));
  const largest = sizes.reduce((a, b) => Math.max(a, b));
  const length = clipLength(clip);
  view.setUint32(0, 0x664c6143); // "fLaC"
  view.setUint32(4, 0x80000000 + STREAM_INFO_SIZE); // the last metadata block
  view.setUint16(8, BLOCK_SIZE);
  view.setUint16(10, BLOCK_SIZE);
  view.setUint32(12, smallest * 256 + (largest >> 16));
  view.setUint16(16, largest & 0xffff);
  const layout = clip.sampleRate * 4096 + (clip.channels.length - 1) * 512 + (bits - 1) * 16;
  view.setUint32(18, layout + Math.floor(length / 2 ** 32));
  view.setUint32(22, length % 2 ** 32);
  bytes.set(md5, 26);
  return bytes;
}
