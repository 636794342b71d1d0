import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { Sample } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';
import { ClipBuilder, type ClipLayout } from './clip-builder.ts';
import { type AudioLimits, checkLayout, checkLength } from './limits.ts';
import { id3Length } from './mp3-frames.ts';
import { pause } from './pause.ts';

/** Bytes decoded between two looks at the signal and the limits; a frame of silence has under 30 bytes. */
const CHUNK = 4096;
const CHUNKS_PER_PAUSE = 64;

/**
 * FLAC (RFC 9639). The decoder drops damaged frames without a word, so the number of samples must be
 * the one STREAMINFO states; a stream that states none must decode without any error.
 */
export async function decodeFlac(
  bytes: Uint8Array,
  limits: AudioLimits,
  signal?: AbortSignal,
): Promise<AudioClip> {
  const start = id3Length(bytes, 0);
  const info = readStreamInfo(bytes, start);
  checkLayout(info.channels, info.sampleRate, limits);
  checkLength(info.samples, info.sampleRate, limits);
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    const builder = new ClipBuilder(limits, info);
    const take = (decoded: Awaited<ReturnType<FLACDecoder['decode']>>): void => {
      if (decoded.errors.length > 0) {
        throw new AttuneError('audio/malformed', 'The FLAC file has damaged frames.', {
          decoder: decoded.errors[0]!.message,
        });
      }
      if (decoded.samplesDecoded > 0)
        builder.add(
          decoded.channelData.map((channel) => rescale(channel, info.bits)),
          decoded.sampleRate,
        );
    };
    let chunks = 0;
    for (let offset = start; offset < bytes.length; offset += CHUNK) {
      take(await decoder.decode(bytes.subarray(offset, offset + CHUNK)));
      if (++chunks % CHUNKS_PER_PAUSE !== 0) continue;
      await pause();
      throwIfCancelled(signal);
    }
    take(await decoder.flush());
    const clip = builder.finish();
    const samples = clip.channels[0]!.length;
    if (info.samples !== 0 && samples !== info.samples) {
      throw new AttuneError(
        'audio/malformed',
        `The FLAC file is damaged: ${samples} of its ${info.samples} samples can be decoded.`,
        { decoded: samples, declared: info.samples },
      );
    }
    return clip;
  } catch (error) {
    if (error instanceof AttuneError) throw error;
    throw new AttuneError('audio/malformed', 'The FLAC file cannot be decoded.', {}, { cause: error });
  } finally {
    decoder.free();
  }
}

/** STREAMINFO, after a walk over the metadata blocks that proves that audio follows. `samples` is 0 where unknown. */
function readStreamInfo(
  bytes: Uint8Array,
  start: number,
): ClipLayout & { readonly samples: Sample; readonly bits: number } {
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
  return {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    samples: (packed & 15) * 2 ** 32 + view.getUint32(14),
  };
}

/** The decoder divides integers by 2^(bits − 1) − 1; every other reader, and our own, by 2^(bits − 1). In place. */
function rescale(channel: Float32Array, bits: number): Float32Array {
  const scale = 2 ** (bits - 1);
  for (let i = 0; i < channel.length; i++) channel[i] = Math.round(channel[i]! * (scale - 1)) / scale;
  return channel;
}

function malformed(message: string, offset: number): AttuneError {
  return new AttuneError('audio/malformed', message, { offset });
}
