import { AttuneError } from '../foundation/errors.ts';
import type { AudioClip } from './audio-clip.ts';
import { type AudioLimits, checkLayout, checkLength, checkSamples } from './limits.ts';

const PCM = 1;
const FLOAT = 3;
const A_LAW = 6;
const MU_LAW = 7;
const EXTENSIBLE = 0xfffe;
/** Bytes 2–15 of every KSDATAFORMAT_SUBTYPE GUID; bytes 0–1 hold the format tag. */
const SUBTYPE_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** Bits a sample that are read, by format tag. */
const WORD_SIZES: Readonly<Record<number, readonly number[]>> = {
  [PCM]: [8, 16, 24, 32],
  [FLOAT]: [32, 64],
  [A_LAW]: [8],
  [MU_LAW]: [8],
};

interface WavFormat {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
  /** Where the chunk's body begins. */
  readonly offset: number;
}

/**
 * Reads a RIFF WAVE file: PCM of 8 (unsigned), 16, 24 or 32 bits, IEEE float of 32 or 64 bits, A-law and µ-law
 * (ITU-T G.711), plain or WAVE_FORMAT_EXTENSIBLE. Integer samples are divided by 2^(bits − 1). A data size of 0xFFFFFFFF, which
 * streaming writers leave behind, means "to the end of the file".
 * Throws `audio/malformed` with the byte offset, `audio/unsupported`, `audio/limit`.
 */
export function readWav(bytes: Uint8Array, limits: AudioLimits = {}): AudioClip {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkContainer(bytes);
  let format: WavFormat | undefined;
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const id = chunkName(bytes, offset);
    const size = view.getUint32(offset + 4, true);
    const body = offset + 8;
    const openEnded = id === 'data' && size === 0xffffffff;
    if (!openEnded && body + size > bytes.length) {
      throw malformed(
        `The "${printable(id)}" chunk at byte ${offset} claims ${size} bytes and the file ends ${body + size - bytes.length} bytes early.`,
        offset,
      );
    }
    if (id === 'fmt ') format = readFormat(view, body, size);
    if (id === 'data') {
      if (format === undefined)
        throw malformed(`The data chunk at byte ${offset} comes before any "fmt " chunk.`, offset);
      return readSamples(view, body, openEnded ? bytes.length - body : size, openEnded, format, limits);
    }
    offset = body + size + (size & 1); // chunks are padded to even length
  }
  throw malformed(`The WAV file ends at byte ${bytes.length} without a data chunk.`, bytes.length);
}

function checkContainer(bytes: Uint8Array): void {
  if (bytes.length < 12)
    throw malformed(`The WAV file ends at byte ${bytes.length}, within its header.`, bytes.length);
  const magic = chunkName(bytes, 0);
  if (magic === 'RF64' || magic === 'BW64' || magic === 'RIFX') {
    throw new AttuneError(
      'audio/unsupported',
      `${magic} files are not read; save the audio as plain RIFF WAVE.`,
      {
        container: magic,
      },
    );
  }
  if (magic !== 'RIFF') throw malformed('A WAV file starts with "RIFF"; this one does not.', 0);
  if (chunkName(bytes, 8) !== 'WAVE')
    throw malformed('The RIFF file does not hold "WAVE" audio at byte 8.', 8);
}

function readFormat(view: DataView, body: number, size: number): WavFormat {
  if (size < 16) throw malformed(`The "fmt " chunk has ${size} bytes; it needs at least 16.`, body);
  let tag = view.getUint16(body, true);
  if (tag === EXTENSIBLE) {
    if (size < 40) throw malformed(`The extensible "fmt " chunk has ${size} bytes; it needs 40.`, body);
    tag = view.getUint16(body + 24, true);
    SUBTYPE_TAIL.forEach((expected, i) => {
      if (view.getUint8(body + 26 + i) !== expected) {
        throw new AttuneError(
          'audio/unsupported',
          'The WAV file holds a sample format of an unknown kind (sub-format GUID).',
          {
            offset: body + 26 + i,
          },
        );
      }
    });
  }
  const channels = view.getUint16(body + 2, true);
  const sampleRate = view.getUint32(body + 4, true);
  const blockAlign = view.getUint16(body + 12, true);
  const bits = view.getUint16(body + 14, true);
  if (!WORD_SIZES[tag]?.includes(bits)) {
    throw new AttuneError(
      'audio/unsupported',
      `WAV format ${tag} with ${bits} bits a sample is not read; only PCM, float, A-law and µ-law are.`,
      {
        format: tag,
        bits,
        offset: body,
      },
    );
  }
  if (blockAlign !== (channels * bits) / 8) {
    throw malformed(
      `A frame of ${channels} channels of ${bits} bits has ${(channels * bits) / 8} bytes, not ${blockAlign}.`,
      body + 12,
    );
  }
  return { tag, channels, sampleRate, bits, offset: body };
}

function readSamples(
  view: DataView,
  body: number,
  size: number,
  openEnded: boolean,
  format: WavFormat,
  limits: AudioLimits,
): AudioClip {
  checkLayout(format, format.offset, limits);
  const width = format.bits / 8;
  const frameBytes = width * format.channels;
  if (!openEnded && size % frameBytes !== 0) {
    throw malformed(
      `The data chunk has ${size} bytes, which is no whole number of ${frameBytes}-byte frames.`,
      body,
    );
  }
  const frames = Math.floor(size / frameBytes);
  if (frames === 0) throw malformed('The WAV file holds no samples.', body);
  checkLength(frames, format, limits);
  const read = sampleReader(view, format);
  const channels = Array.from({ length: format.channels }, (_, channel) => {
    const out = new Float32Array(frames);
    let offset = body + channel * width;
    for (let i = 0; i < frames; i++, offset += frameBytes) out[i] = read(offset);
    return out;
  });
  const clip = { sampleRate: format.sampleRate, channels };
  if (format.tag === FLOAT) checkSamples(clip);
  return clip;
}

function sampleReader(view: DataView, format: WavFormat): (offset: number) => number {
  if (format.tag === FLOAT) {
    return format.bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  }
  if (format.tag === A_LAW) return (at) => expandALaw(view.getUint8(at)) / 0x8000;
  if (format.tag === MU_LAW) return (at) => expandMuLaw(view.getUint8(at)) / 0x8000;
  switch (format.bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128;
    case 16:
      return (at) => view.getInt16(at, true) / 0x8000;
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 0x10000) / 0x800000;
    default:
      return (at) => view.getInt32(at, true) / 0x80000000;
  }
}

/** G.711 A-law to 16 bits: sign, three bits of exponent, four of mantissa, every other bit inverted. */
function expandALaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + 8;
  const level = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return bits & 0x80 ? level : -level;
}

/** G.711 µ-law to 16 bits: the same with all bits inverted and an offset of 33 steps, here of 4. */
function expandMuLaw(code: number): number {
  const bits = ~code;
  const level = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return bits & 0x80 ? -level : level;
}

function chunkName(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function printable(name: string): string {
  return name.replace(/[^ -~]/g, '?');
}

function malformed(message: string, offset: number): AttuneError {
  return new AttuneError('audio/malformed', message, { offset });
}
