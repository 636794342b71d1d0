import type { Rng } from '../foundation/rng.ts';
import { anyByte, anyNumber, concat, type Mutation, pick, randomBytes } from './mutate-bytes.ts';

export const MP3_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'frame header': (bytes, rng) =>
    changeFrames(bytes, rng, (out, at) => {
      out[at + 1 + rng.integer(3)]! ^= 1 << rng.integer(8);
    }),
  'side information': (bytes, rng) =>
    changeFrames(bytes, rng, (out, at) => {
      for (let n = 1 + rng.integer(4); n > 0; n--) out[at + 4 + rng.integer(32)] = anyByte(rng);
    }),
  'main data': (bytes, rng) =>
    changeFrames(bytes, rng, (out, at) => {
      for (let n = 1 + rng.integer(8); n > 0; n--) out[at + 36 + rng.integer(60)] = anyByte(rng);
    }),
  'tag field': (bytes, rng) => {
    const out = bytes.slice();
    const tag = [13, 21, 36].find((at) => String.fromCharCode(...bytes.subarray(at, at + 4)) === 'Info');
    if (tag === undefined) return out;
    const view = new DataView(out.buffer);
    const at = tag + pick([4, 8, 12, 116, 120, 139, 141, 148], rng); // flags, frames, bytes …, delays, length
    if (at + 4 <= out.length) view.setUint32(at, anyNumber(32, view.getUint32(at), rng));
    return out;
  },
  'drop, repeat or swap frames': (bytes, rng) => {
    const starts = frameStarts(bytes);
    if (starts.length < 3) return bytes;
    const frames = starts.map((start, i) => bytes.subarray(start, starts[i + 1] ?? bytes.length));
    const at = rng.integer(frames.length);
    const changed = pick(
      [frames.filter((_, i) => i !== at), [...frames, ...frames.slice(at)], rng.shuffle([...frames])],
      rng,
    );
    return concat(...changed);
  },
  'false tag before': (bytes, rng) => {
    const body = randomBytes(rng.integer(300), rng);
    const size = anyNumber(28, body.length, rng);
    const head = [0x49, 0x44, 0x33, 4, 0, rng.integer(2) * 16];
    for (const shift of [21, 14, 7, 0]) head.push((size >> shift) & 127);
    return concat(Uint8Array.from(head), body, bytes);
  },
};

function changeFrames(
  bytes: Uint8Array,
  rng: Rng,
  change: (out: Uint8Array, at: number) => void,
): Uint8Array {
  const out = bytes.slice();
  const starts = frameStarts(bytes);
  if (starts.length === 0) return out;
  for (let n = 1 + rng.integer(3); n > 0; n--) change(out, pick(starts, rng));
  return out;
}

/** Places that look like the header the file begins with. */
function frameStarts(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 0; at + 4 < bytes.length; at++)
    if (bytes[at] === 0xff && bytes[at + 1] === bytes[1] && (bytes[at + 2]! & 0x0c) === (bytes[2]! & 0x0c))
      starts.push(at);
  return starts;
}
