import type { Rng } from '../foundation/rng.ts';

/** One way to damage bytes. `donor`: another file, for splices. Never changes its input. */
export type Mutation = (bytes: Uint8Array, rng: Rng, donor: Uint8Array) => Uint8Array;

/** Damage that knows nothing of the format. */
export const BYTE_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'flip bits': (bytes, rng) => {
    const out = bytes.slice();
    for (let n = 1 + rng.integer(12); n > 0; n--) out[rng.integer(out.length)]! ^= 1 << rng.integer(8);
    return out;
  },
  'change bytes of the head': (bytes, rng) => {
    const out = bytes.slice();
    for (let n = 1 + rng.integer(4); n > 0; n--) out[rng.integer(Math.min(120, out.length))] = anyByte(rng);
    return out;
  },
  'cut off': (bytes, rng) => bytes.slice(0, rng.integer(bytes.length)),
  'take out': (bytes, rng) => {
    const at = rng.integer(bytes.length);
    return concat(bytes.subarray(0, at), bytes.subarray(at + 1 + rng.integer(600)));
  },
  'put in': (bytes, rng) => {
    const at = rng.integer(bytes.length + 1);
    return concat(bytes.subarray(0, at), randomBytes(1 + rng.integer(600), rng), bytes.subarray(at));
  },
  repeat: (bytes, rng) => {
    const at = rng.integer(bytes.length);
    const end = at + 1 + rng.integer(Math.min(4000, bytes.length - at));
    const times = 1 + rng.integer(4);
    const piece = bytes.subarray(at, end);
    return concat(
      bytes.subarray(0, at),
      ...Array.from({ length: times + 1 }, () => piece),
      bytes.subarray(end),
    );
  },
  'blank out': (bytes, rng) => {
    const at = rng.integer(bytes.length);
    return bytes.slice().fill(rng.integer(2) * 255, at, at + 1 + rng.integer(600));
  },
  splice: (bytes, rng, donor) =>
    concat(bytes.subarray(0, rng.integer(bytes.length)), donor.subarray(rng.integer(donor.length))),
  'add a foreign file': (bytes, _rng, donor) => concat(bytes, donor),
};

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function randomBytes(length: number, rng: Rng): Uint8Array {
  return Uint8Array.from({ length }, () => rng.integer(256));
}

/** Often one of the values that break arithmetic. */
export function anyByte(rng: Rng): number {
  return rng.integer(3) === 0 ? pick([0, 1, 0x7f, 0x80, 0xfe, 0xff], rng) : rng.integer(256);
}

/** The same for an unsigned number of `bits` (up to 32). */
export function anyNumber(bits: number, near: number, rng: Rng): number {
  const limit = 2 ** bits;
  const extremes = [
    0,
    1,
    2,
    limit / 2 - 1,
    limit / 2,
    limit - 1,
    limit - 2,
    near - 1,
    near + 1,
    near * 2,
    near - 8,
  ];
  const value = rng.integer(3) === 0 ? rng.integer(limit) : pick(extremes, rng);
  return ((value % limit) + limit) % limit;
}

export function pick<T>(items: readonly T[], rng: Rng): T {
  return items[rng.integer(items.length)]!;
}
