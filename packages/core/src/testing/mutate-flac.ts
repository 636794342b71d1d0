import type { Rng } from '../foundation/rng.ts';
import { anyByte, anyNumber, concat, type Mutation, pick, randomBytes } from './mutate-bytes.ts';
import { crcOf } from './ogg-bytes.ts';

/** Bit fields of STREAMINFO: [byte of a 32-bit word, shift, bits]. */
const STREAM_INFO_FIELDS = [
  [8, 16, 16], // smallest block
  [8, 0, 16], // largest block
  [12, 8, 24], // smallest frame
  [15, 8, 24], // largest frame
  [18, 12, 20], // sample rate
  [18, 9, 3], // channels
  [18, 4, 5], // bits a sample
  [22, 0, 32], // samples
  [26, 0, 32], // MD5
] as const;
const HEADER_BYTES = 6;

export const FLAC_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'stream information': (bytes, rng) => {
    const out = bytes.slice();
    const [at, shift, bits] = pick(STREAM_INFO_FIELDS, rng);
    if (out.length < 42) return out;
    const view = new DataView(out.buffer);
    const word = view.getUint32(at);
    const field = Math.floor(word / 2 ** shift) % 2 ** bits;
    view.setUint32(at, word + (anyNumber(bits, field, rng) - field) * 2 ** shift);
    return out;
  },
  'metadata blocks': (bytes, rng) => {
    const out = bytes.slice();
    const change = rng.integer(3);
    if (change === 0) out[4] = anyByte(rng);
    if (change === 1) out.set(randomBytes(3, rng), 5);
    if (change < 2) return out;
    const body = randomBytes(rng.integer(200), rng);
    const claimed = pick([body.length, anyNumber(24, body.length, rng)], rng);
    const head = [rng.integer(128), claimed >> 16, (claimed >> 8) & 255, claimed & 255];
    out[4]! &= 0x7f;
    head[0]! |= 0x80;
    return concat(out.subarray(0, 42), Uint8Array.from(head), body, out.subarray(42));
  },
  'frame header': (bytes, rng) => changeFrame(bytes, rng, HEADER_BYTES, false),
  'frame header, checksums right': (bytes, rng) => changeFrame(bytes, rng, HEADER_BYTES, true),
  'frame content, checksum right': (bytes, rng) => changeFrame(bytes, rng, Infinity, true),
  'drop, repeat or swap frames': (bytes, rng) => {
    const starts = frameStarts(bytes);
    if (starts.length < 2) return bytes;
    const frames = starts.map((start, i) => bytes.subarray(start, starts[i + 1] ?? bytes.length));
    const at = rng.integer(frames.length);
    const changed = pick(
      [frames.filter((_, i) => i !== at), [...frames, ...frames.slice(at)], rng.shuffle([...frames])],
      rng,
    );
    return concat(bytes.subarray(0, starts[0]), ...changed);
  },
};

/** Changes bytes of one frame within its first `within`, and puts both checksums right if `seal`. */
function changeFrame(bytes: Uint8Array, rng: Rng, within: number, seal: boolean): Uint8Array {
  const out = bytes.slice();
  const starts = frameStarts(bytes);
  if (starts.length === 0) return out;
  const index = rng.integer(starts.length);
  const start = starts[index]!;
  const end = starts[index + 1] ?? out.length;
  const reach = Math.min(within, end - start - 2);
  if (reach < 3) return out;
  for (let n = 1 + rng.integer(3); n > 0; n--) {
    const at = start + 2 + rng.integer(reach - 2);
    if (rng.integer(2) === 0) out[at] = anyByte(rng);
    else out[at]! ^= 1 << rng.integer(8);
  }
  if (!seal) return out;
  const crcAt = start + headerSize(out, start);
  if (crcAt < end - 2) out[crcAt] = crcOf(out.subarray(start, crcAt), 8, 0x07);
  new DataView(out.buffer).setUint16(end - 2, crcOf(out.subarray(start, end - 2), 16, 0x8005));
  return out;
}

/** Sync codes whose header checksum is right. */
function frameStarts(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 42; at + 6 < bytes.length; at++) {
    if (bytes[at] !== 0xff || bytes[at + 1] !== 0xf8) continue;
    const size = headerSize(bytes, at);
    if (crcOf(bytes.subarray(at, at + size), 8, 0x07) === bytes[at + size]) starts.push(at);
  }
  return starts;
}

/** Bytes of a frame header before its checksum (RFC 9639, 9.1). */
function headerSize(bytes: Uint8Array, at: number): number {
  const blockCode = bytes[at + 2]! >> 4;
  const rateCode = bytes[at + 2]! & 15;
  const lead = bytes[at + 4]!;
  const coded = lead < 0x80 ? 1 : Math.max(1, Math.clz32(~(lead << 24)));
  return (
    4 +
    coded +
    (blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0) +
    (rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0)
  );
}
