import { AttuneError } from '../foundation/errors.ts';
import { BitReader } from './bit-reader.ts';
import { crc16, crc8 } from './flac-crc.ts';
import { readSubframe } from './flac-read-subframe.ts';
import type { ClipLayout } from './limits.ts';

/** What STREAMINFO says that every frame must agree with. */
export interface FlacStreamLayout extends ClipLayout {
  readonly bits: number;
}

export interface FlacFrame {
  /** [channels][length] whole numbers of the stream's bits. */
  readonly channels: readonly Int32Array[];
  /** Of the first sample, or of the frame where all blocks are of one size. */
  readonly number: number;
  readonly variable: boolean;
  /** First byte after the frame. */
  readonly end: number;
}

interface FrameHeader {
  readonly length: number;
  readonly assignment: number;
  readonly number: number;
  readonly variable: boolean;
}

const RATES = [88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
const SAMPLE_BITS = [undefined, 8, 12, undefined, 16, 20, 24, 32];
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;

/**
 * The frame at `offset` (RFC 9639, 9), both its checksums proven. Throws `audio/malformed` with a byte offset for
 * anything else, and for a frame of another rate, layout or word length than `layout`.
 */
export function readFrame(bytes: Uint8Array, offset: number, layout: FlacStreamLayout): FlacFrame {
  const reader = new BitReader(bytes, offset);
  const header = readHeader(bytes, offset, reader, layout);
  const { assignment, length } = header;
  const samples = Array.from({ length: layout.channels }, (_, channel) => {
    const isSide =
      assignment === SIDE_RIGHT
        ? channel === 0
        : (assignment === LEFT_SIDE || assignment === MID_SIDE) && channel === 1;
    return readSubframe(reader, length, layout.bits + (isSide ? 1 : 0));
  });
  reader.alignToByte();
  const end = reader.offset;
  if (reader.read(16) !== crc16(bytes.subarray(offset, end))) {
    throw malformed(`The FLAC frame at byte ${offset} is damaged (its checksum does not match).`, offset);
  }
  rejoin(samples, assignment);
  const channels = samples.map((channel) => wholeSamples(channel, layout.bits, offset));
  return { channels, number: header.number, variable: header.variable, end: end + 2 };
}

function readHeader(
  bytes: Uint8Array,
  offset: number,
  reader: BitReader,
  layout: FlacStreamLayout,
): FrameHeader {
  if (reader.read(15) !== 0x7ffc)
    throw malformed(`There is no FLAC frame at byte ${offset}, where one must be.`, offset);
  const variable = reader.read(1) === 1;
  const lengthCode = reader.read(4);
  const rateCode = reader.read(4);
  const assignment = reader.read(4);
  const bitsCode = reader.read(3);
  const reserved = reader.read(1);
  const number = readNumber(reader, offset);
  const length = readLength(reader, lengthCode);
  const sampleRate = readRate(reader, rateCode) ?? layout.sampleRate;
  const bits = bitsCode === 0 ? layout.bits : SAMPLE_BITS[bitsCode];
  const channels = assignment < LEFT_SIDE ? assignment + 1 : assignment <= MID_SIDE ? 2 : undefined;
  const end = reader.offset;
  if (reader.read(8) !== crc8(bytes.subarray(offset, end)) || reserved !== 0) {
    throw malformed(`The FLAC frame at byte ${offset} has a damaged header.`, offset);
  }
  if (
    length === undefined ||
    channels !== layout.channels ||
    bits !== layout.bits ||
    sampleRate !== layout.sampleRate
  ) {
    throw malformed(
      `The FLAC frame at byte ${offset} is of another kind than the stream: ${channels ?? '?'} channels of ${bits ?? '?'} bits at ${sampleRate} Hz.`,
      offset,
    );
  }
  return { length, assignment, number, variable };
}

/** Coded like a character in UTF-8, up to 36 bits. */
function readNumber(reader: BitReader, offset: number): number {
  const lead = reader.read(8);
  if (lead < 0x80) return lead;
  const ones = Math.clz32(~(lead << 24));
  if (ones === 1 || ones > 7)
    throw malformed(`The FLAC frame at byte ${offset} has a damaged number.`, offset);
  let number = lead & (0x7f >> ones);
  for (let i = 1; i < ones; i++) {
    const following = reader.read(8);
    if (following >> 6 !== 2)
      throw malformed(`The FLAC frame at byte ${offset} has a damaged number.`, offset);
    number = number * 64 + (following & 63);
  }
  return number;
}

function readLength(reader: BitReader, code: number): number | undefined {
  if (code === 0) return undefined;
  if (code === 1) return 192;
  if (code <= 5) return 144 << code;
  if (code <= 7) return reader.read(code === 6 ? 8 : 16) + 1;
  return 1 << code;
}

/** Undefined where the header leaves it to STREAMINFO; 0, which no stream has, for the forbidden code. */
function readRate(reader: BitReader, code: number): number | undefined {
  if (code === 12) return reader.read(8) * 1000;
  if (code === 13) return reader.read(16);
  if (code === 14) return reader.read(16) * 10;
  if (code === 15) return 0;
  return RATES[code - 1];
}

/** Left and right from what stands for them, in place. */
function rejoin(samples: readonly Float64Array[], assignment: number): void {
  if (assignment < LEFT_SIDE) return;
  const [first, second] = samples as [Float64Array, Float64Array];
  for (let i = 0; i < first.length; i++) {
    const a = first[i]!;
    const b = second[i]!;
    if (assignment === LEFT_SIDE) second[i] = a - b;
    else if (assignment === SIDE_RIGHT) first[i] = a + b;
    else {
      const sum = 2 * a + (Math.abs(b) % 2);
      first[i] = (sum + b) / 2;
      second[i] = (sum - b) / 2;
    }
  }
}

/** Refuses what does not fit the word length: the checksums are right, but no encoder wrote this. */
function wholeSamples(samples: Float64Array, bits: number, offset: number): Int32Array {
  const limit = 2 ** (bits - 1);
  const out = new Int32Array(samples.length);
  for (let i = 0; i < out.length; i++) {
    const sample = samples[i]!;
    if (!(sample >= -limit && sample < limit))
      throw malformed(`The FLAC frame at byte ${offset} holds samples beyond its ${bits} bits.`, offset);
    out[i] = sample;
  }
  return out;
}

function malformed(message: string, offset: number): AttuneError {
  return new AttuneError('audio/malformed', message, { offset });
}
