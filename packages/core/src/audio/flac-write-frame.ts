import { BitWriter } from './bit-writer.ts';
import { crc16, crc8 } from './flac-crc.ts';
import { planSubframe, type Subframe, writeSubframe } from './flac-write-subframe.ts';

/** What all frames of a stream share. */
export interface FlacLayout {
  readonly sampleRate: number;
  readonly bits: 16 | 24;
  readonly blockSize: number;
}

const RATE_CODES = new Map([
  [88_200, 1],
  [176_400, 2],
  [192_000, 3],
  [8000, 4],
  [16_000, 5],
  [22_050, 6],
  [24_000, 7],
  [32_000, 8],
  [44_100, 9],
  [48_000, 10],
  [96_000, 11],
]);
const BITS_CODES = { 16: 4, 24: 6 } as const;

/**
 * Writes one frame (RFC 9639, 9) at the end of an empty `writer`. `channels`: [channels][length]; `window`: [length].
 * Two channels are written as left and right, left and difference, difference and right, or mean and difference,
 * whichever is smallest.
 */
export function writeFrame(
  writer: BitWriter,
  layout: FlacLayout,
  index: number,
  channels: readonly Int32Array[],
  window: Float64Array,
): void {
  const { code, subframes } = chooseSubframes(channels, layout.bits, window);
  const length = channels[0]!.length;
  const rate = rateField(layout.sampleRate);
  writer.write(0x3ffe, 14);
  writer.write(0, 2); // blocks of fixed size
  writer.write(length === 4096 ? 12 : 7, 4);
  writer.write(rate.code, 4);
  writer.write(code, 4);
  writer.write(BITS_CODES[layout.bits], 3);
  writer.write(0, 1);
  writeFrameNumber(writer, index);
  if (length !== 4096) writer.write(length - 1, 16);
  writer.write(rate.value, rate.bits);
  writer.write(crc8(writer.bytes()), 8);
  for (const subframe of subframes) writeSubframe(writer, subframe);
  writer.alignToByte();
  writer.write(crc16(writer.bytes()), 16);
}

function chooseSubframes(
  channels: readonly Int32Array[],
  bits: number,
  window: Float64Array,
): { code: number; subframes: readonly Subframe[] } {
  const plain = channels.map((channel) => planSubframe(channel, bits, window));
  if (channels.length !== 2) return { code: channels.length - 1, subframes: plain };
  const [left, right] = plain as [Subframe, Subframe];
  const [first, second] = channels as [Int32Array, Int32Array];
  const mid = planSubframe(
    first.map((sample, i) => (sample + second[i]!) >> 1),
    bits,
    window,
  );
  const side = planSubframe(
    first.map((sample, i) => sample - second[i]!),
    bits + 1,
    window,
  );
  const choices = [
    { code: 1, subframes: [left, right] },
    { code: 8, subframes: [left, side] },
    { code: 9, subframes: [side, right] },
    { code: 10, subframes: [mid, side] },
  ];
  const size = (choice: (typeof choices)[number]): number =>
    choice.subframes.reduce((sum, subframe) => sum + subframe.bits, 0);
  return choices.reduce((best, choice) => (size(choice) < size(best) ? choice : best));
}

/** A rate that no field of the header holds is left to STREAMINFO. */
function rateField(rate: number): { code: number; value: number; bits: number } {
  const known = RATE_CODES.get(rate);
  if (known !== undefined) return { code: known, value: 0, bits: 0 };
  if (rate % 1000 === 0 && rate <= 255_000) return { code: 12, value: rate / 1000, bits: 8 };
  if (rate <= 0xffff) return { code: 13, value: rate, bits: 16 };
  if (rate % 10 === 0 && rate <= 655_350) return { code: 14, value: rate / 10, bits: 16 };
  return { code: 0, value: 0, bits: 0 };
}

/** Coded as UTF-8 codes a character, for numbers up to 2^31. */
function writeFrameNumber(writer: BitWriter, index: number): void {
  if (index < 0x80) return writer.write(index, 8);
  let following = 1;
  while (index >= 2 ** (5 * following + 6)) following++;
  writer.write(((0xff00 >> (following + 1)) & 0xff) | (index >> (6 * following)), 8);
  for (let i = following - 1; i >= 0; i--) writer.write(0x80 | ((index >> (6 * i)) & 0x3f), 8);
}
