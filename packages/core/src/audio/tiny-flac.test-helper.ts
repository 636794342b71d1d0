import type { AudioClip } from './audio-clip.ts';
import { clipLength } from './clip.ts';

const BLOCK = 4096;
const RATE_CODES = new Map([
  [22_050, 6],
  [44_100, 9],
]);

/**
 * A FLAC file of verbatim 16-bit subframes, written from RFC 9639 for tests: it compresses nothing, and needs no
 * encoder package. Samples are rounded as `writeWav` rounds them.
 */
export function tinyFlac(clip: AudioClip): Uint8Array {
  const length = clipLength(clip);
  const channels = clip.channels.length;
  const bytes: number[] = [0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34];
  bytes.push(...uint(BLOCK, 2), ...uint(BLOCK, 2), ...uint(0, 6));
  bytes.push(
    ...uint(clip.sampleRate * 4096 + (channels - 1) * 512 + 15 * 16, 4),
    ...uint(length, 4),
    ...uint(0, 16),
  );
  for (let start = 0, frame = 0; start < length; start += BLOCK, frame++) {
    const size = Math.min(BLOCK, length - start);
    // sync, block size as 16 bits − 1, rate by table, independent channels, 16 bits, frame number
    const head = [
      0xff,
      0xf8,
      0x70 + RATE_CODES.get(clip.sampleRate)!,
      (channels - 1) * 16 + 8,
      frame,
      ...uint(size - 1, 2),
    ];
    const body = [...head, crc(head, 8, 0x07)];
    for (const channel of clip.channels) {
      body.push(2); // verbatim subframe
      for (let i = start; i < start + size; i++) {
        const value = Math.max(-32768, Math.min(32767, Math.round(channel[i]! * 32768)));
        body.push((value >> 8) & 255, value & 255);
      }
    }
    bytes.push(...body, ...uint(crc(body, 16, 0x8005), 2));
  }
  return Uint8Array.from(bytes);
}

function uint(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
}

function crc(bytes: readonly number[], bits: number, polynomial: number): number {
  const top = 1 << (bits - 1);
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++)
      value = (value & top ? (value << 1) ^ polynomial : value << 1) & (2 * top - 1);
  }
  return value;
}
