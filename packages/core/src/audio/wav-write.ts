import { AttuneError } from '../foundation/errors.ts';
import type { Rng } from '../foundation/rng.ts';
import type { AudioClip } from './audio-clip.ts';
import { clipLength, validateClip } from './clip.ts';
import { quantise } from './quantise.ts';

/** How samples are stored. */
export interface WavOptions {
  /** Bits a sample. Default 16. */
  readonly bits?: 8 | 16 | 24 | 32 | 64;
  /** IEEE float (32 or 64 bits) instead of integers. Default: only at 64 bits. */
  readonly float?: boolean;
  /** Adds triangular dither before rounding to integers. Default: none, so that the bytes depend on the clip alone. */
  readonly dither?: Rng;
}

const SUBTYPE_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/**
 * A RIFF WAVE file. Integer formats round to nearest; samples beyond full scale are clipped. More than two channels are written as WAVE_FORMAT_EXTENSIBLE
 * without speaker positions. Throws `argument/invalid`.
 */
export function writeWav(clip: AudioClip, options: WavOptions = {}): Uint8Array<ArrayBuffer> {
  validateClip(clip);
  const { bits = 16, float = bits === 64 } = options;
  if (float ? bits !== 32 && bits !== 64 : bits === 64) {
    throw new AttuneError(
      'argument/invalid',
      `WAV has no ${float ? 'float' : 'integer'} samples of ${bits} bits here.`,
      { bits },
    );
  }
  if (!Number.isInteger(clip.sampleRate)) {
    throw new AttuneError(
      'argument/invalid',
      `A WAV file needs a whole sample rate, not ${clip.sampleRate} Hz.`,
      {
        sampleRate: clip.sampleRate,
      },
    );
  }
  const channels = clip.channels.length;
  const width = bits / 8;
  const extensible = channels > 2;
  const dataSize = clipLength(clip) * channels * width;
  const dataStart = extensible ? 68 : 44;
  const fileSize = dataStart + dataSize + (dataSize & 1);
  if (fileSize > 0xffffffff) {
    throw new AttuneError(
      'argument/invalid',
      `A WAV file holds at most 4 GiB; this clip needs ${fileSize} bytes.`,
      { fileSize },
    );
  }
  const bytes = new Uint8Array(fileSize);
  const view = new DataView(bytes.buffer);
  writeName(bytes, 0, 'RIFF');
  view.setUint32(4, fileSize - 8, true);
  writeName(bytes, 8, 'WAVEfmt ');
  view.setUint32(16, extensible ? 40 : 16, true);
  view.setUint16(20, extensible ? 0xfffe : float ? 3 : 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, clip.sampleRate, true);
  view.setUint32(28, clip.sampleRate * channels * width, true);
  view.setUint16(32, channels * width, true);
  view.setUint16(34, bits, true);
  if (extensible) {
    view.setUint16(36, 22, true);
    view.setUint16(38, bits, true);
    view.setUint16(44, float ? 3 : 1, true);
    bytes.set(SUBTYPE_TAIL, 46);
  }
  writeName(bytes, dataStart - 8, 'data');
  view.setUint32(dataStart - 4, dataSize, true);
  const write = sampleWriter(view, bits, float);
  clip.channels.forEach((channel, index) => {
    const samples = float ? channel : quantise(channel, bits, options.dither);
    let offset = dataStart + index * width;
    for (let i = 0; i < samples.length; i++, offset += channels * width) write(offset, samples[i]!);
  });
  return bytes;
}

function sampleWriter(
  view: DataView,
  bits: number,
  float: boolean,
): (offset: number, sample: number) => void {
  if (float) {
    return bits === 32
      ? (at, sample) => view.setFloat32(at, sample, true)
      : (at, sample) => view.setFloat64(at, sample, true);
  }
  switch (bits) {
    case 8:
      return (at, sample) => view.setUint8(at, sample + 128);
    case 16:
      return (at, sample) => view.setInt16(at, sample, true);
    case 24:
      return (at, sample) => {
        view.setUint16(at, sample & 0xffff, true);
        view.setInt8(at + 2, sample >> 16);
      };
    default:
      return (at, sample) => view.setInt32(at, sample, true);
  }
}

function writeName(bytes: Uint8Array, offset: number, name: string): void {
  for (let i = 0; i < name.length; i++) bytes[offset + i] = name.charCodeAt(i);
}
