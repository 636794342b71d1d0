import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { Sample } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';
import { ClipBuilder } from './clip-builder.ts';
import { interleave } from './flac-digest.ts';
import { type FlacFrame, type FlacStreamLayout, readFrame } from './flac-read-frame.ts';
import { type AudioLimits, checkLayout, checkLength } from './limits.ts';
import { Md5 } from './md5.ts';
import { id3Length } from './mp3-frames.ts';
import { pause } from '../foundation/pause.ts';

/** Samples, over all channels, between two looks at the signal. */
const SAMPLES_PER_PAUSE = 500_000;
const MD5_OFFSET = 26; // from the magic bytes
const MIN_BITS = 4;

/**
 * FLAC (RFC 9639) of 4 to 32 bits, 1 to 8 channels; integers are divided by 2^(bits − 1). Every frame must follow the
 * one before it and match its checksums, and the whole must have the length and the MD5 that STREAMINFO states, where
 * it states them. Bytes after the stated length (tags, mostly) are left alone.
 */
export async function decodeFlac(
  bytes: Uint8Array,
  limits: AudioLimits,
  signal?: AbortSignal,
): Promise<AudioClip> {
  const start = id3Length(bytes, 0);
  const info = readStreamInfo(bytes, start);
  checkLayout(info, start + 8, limits);
  checkLength(info.samples, info, limits);
  const builder = new ClipBuilder(limits, info);
  const digest = new Md5();
  let done = 0;
  let nextPause = SAMPLES_PER_PAUSE;
  let previous: FlacFrame | undefined;
  for (let offset = info.audio; offset < bytes.length && (info.samples === 0 || done < info.samples);) {
    const frame = readFrame(bytes, offset, info);
    checkOrder(previous, frame, offset);
    digest.update(interleave(frame.channels, info.bits));
    builder.add(
      frame.channels.map((channel) => toFloats(channel, info.bits)),
      info.sampleRate,
    );
    previous = frame;
    done += frame.channels[0]!.length;
    offset = frame.end;
    if (done * info.channels < nextPause) continue;
    nextPause += SAMPLES_PER_PAUSE;
    await pause();
    throwIfCancelled(signal);
  }
  const clip = builder.finish();
  if (info.samples !== 0 && done !== info.samples) {
    throw new AttuneError(
      'audio/malformed',
      `The FLAC file is damaged: it holds ${done} samples and states ${info.samples}.`,
      { sample: done, declared: info.samples },
    );
  }
  const isKnown = info.md5.some((byte) => byte !== 0);
  if (isKnown && digest.digest().some((byte, i) => byte !== info.md5[i]))
    throw malformed('The FLAC file is damaged: its samples do not match its MD5.', start + MD5_OFFSET);
  return clip;
}

interface StreamInfo extends FlacStreamLayout {
  /** 0 where unknown. */
  readonly samples: Sample;
  /** [16]; zeros where unknown. */
  readonly md5: Uint8Array;
  /** Offset of the first frame. */
  readonly audio: number;
}

/** STREAMINFO, after a walk over the metadata blocks that proves that audio follows. */
function readStreamInfo(bytes: Uint8Array, start: number): StreamInfo {
  let offset = start + 4;
  for (let last = false; !last;) {
    if (offset + 4 > bytes.length) throw malformed(`The FLAC metadata ends early at byte ${offset}.`, offset);
    last = (bytes[offset]! & 0x80) !== 0;
    const size = bytes[offset + 1]! * 65_536 + bytes[offset + 2]! * 256 + bytes[offset + 3]!;
    if (offset === start + 4 && ((bytes[offset]! & 0x7f) !== 0 || size !== 34)) {
      throw malformed('The FLAC file does not begin with its STREAMINFO block.', offset);
    }
    offset += 4 + size;
    if (offset >= bytes.length)
      throw malformed(`The FLAC file ends at byte ${bytes.length}, before its audio.`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start + 8, 34);
  const packed = view.getUint32(10); // 20 bits rate, 3 channels − 1, 5 bits − 1, 4 high bits of the length
  const bits = ((packed >>> 4) & 31) + 1;
  if (bits < MIN_BITS) throw malformed(`The FLAC file claims ${bits} bits a sample.`, start + 20);
  return {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits,
    samples: (packed & 15) * 2 ** 32 + view.getUint32(14),
    md5: bytes.subarray(start + MD5_OFFSET, start + MD5_OFFSET + 16),
    audio: offset,
  };
}

/** Frames are numbered, by frame or by sample: a gap means that some are missing. */
function checkOrder(previous: FlacFrame | undefined, frame: FlacFrame, offset: number): void {
  if (previous === undefined) return;
  const step = frame.variable ? previous.channels[0]!.length : 1;
  if (frame.variable === previous.variable && frame.number === previous.number + step) return;
  throw malformed(`The FLAC frame at byte ${offset} is not the one that follows.`, offset);
}

function toFloats(channel: Int32Array, bits: number): Float32Array {
  const scale = 2 ** (1 - bits);
  const out = new Float32Array(channel.length);
  for (let i = 0; i < out.length; i++) out[i] = channel[i]! * scale;
  return out;
}

function malformed(message: string, offset: number): AttuneError {
  return new AttuneError('audio/malformed', message, { offset });
}
