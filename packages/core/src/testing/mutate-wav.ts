import { anyNumber, concat, type Mutation, pick, randomBytes } from './mutate-bytes.ts';

/** [offset, width in bytes] of the fields of a fmt chunk, from the start of the chunk. */
const FIELDS = [
  [8, 2],
  [10, 2],
  [12, 4],
  [16, 4],
  [20, 2],
  [22, 2],
  [24, 2],
  [26, 2],
  [28, 4],
  [32, 4],
] as const;
const CHUNKS = ['LIST', 'fmt ', 'data', 'fact', 'JUNK', 'ds64'];

export const WAV_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'chunk size': (bytes, rng) => {
    const out = bytes.slice();
    const at = pick([4, ...chunkStarts(bytes).map((start) => start + 4)], rng);
    if (at + 4 > out.length) return out;
    const view = new DataView(out.buffer);
    view.setUint32(at, anyNumber(32, view.getUint32(at, true), rng), true);
    return out;
  },
  'format field': (bytes, rng) => {
    const out = bytes.slice();
    const view = new DataView(out.buffer);
    const [offset, width] = pick(FIELDS, rng);
    const at = 12 + offset;
    if (at + width > out.length) return out;
    if (width === 2) view.setUint16(at, anyNumber(16, view.getUint16(at, true), rng), true);
    else view.setUint32(at, anyNumber(32, view.getUint32(at, true), rng), true);
    return out;
  },
  'foreign chunk': (bytes, rng) => {
    const at = pick(chunkStarts(bytes), rng) ?? 12;
    const body = randomBytes(rng.integer(60), rng);
    const head = new Uint8Array(8);
    [...pick(CHUNKS, rng)].forEach((letter, i) => (head[i] = letter.charCodeAt(0)));
    new DataView(head.buffer).setUint32(4, body.length, true);
    return concat(bytes.subarray(0, at), head, body, bytes.subarray(at));
  },
  'chunks in another order': (bytes, rng) => {
    const starts = [...chunkStarts(bytes), bytes.length];
    const chunks = starts.slice(1).map((end, i) => bytes.subarray(starts[i], end));
    return concat(bytes.subarray(0, 12), ...rng.shuffle(chunks));
  },
  'extreme samples': (bytes, rng) => {
    const out = bytes.slice();
    const value = pick(
      [
        [0, 0, 0x80, 0x7f],
        [0, 0, 0xc0, 0x7f],
        [0xff, 0xff, 0x7f, 0x7f],
        [1, 0, 0, 0],
      ],
      rng,
    );
    for (let n = 0; n < 5; n++) out.set(value, 44 + 4 * rng.integer(Math.max(1, (out.length - 48) >> 2)));
    return out;
  },
};

function chunkStarts(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: number[] = [];
  for (let at = 12; at + 8 <= bytes.length && starts.length < 20;) {
    starts.push(at);
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return starts;
}
