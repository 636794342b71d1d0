import { AttuneError } from './errors.ts';

/** Saved state of an `Rng`: four unsigned 32-bit words. Plain JSON. */
export type RngState = readonly [number, number, number, number];

/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman & Vigna 2018), seeded through splitmix32.
 * All arithmetic is on 32-bit integers, so a seed gives the same numbers on every machine.
 */
export interface Rng {
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, n); `n` from 1 to 2³². No modulo bias. */
  integer(n: number): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
  /** Index drawn with probability proportional to `weights` (≥ 0, not all 0). */
  categorical(weights: ArrayLike<number>): number;
  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T>(items: T[]): T[];
  /** An independent stream for a named part of the work; does not advance this one. */
  fork(name: string): Rng;
  state(): RngState;
}

/** `seed`: any safe integer ≥ 0, or a state from `Rng.state()`. */
export function createRng(seed: number | RngState): Rng {
  return new Xoshiro128(typeof seed === 'number' ? seedState(seed) : seed);
}

class Xoshiro128 implements Rng {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(state: RngState) {
    if (state.length !== 4 || state.every((word) => word === 0)) {
      throw new AttuneError('argument/invalid', 'A random state is four 32-bit words, not all zero.');
    }
    [this.a, this.b, this.c, this.d] = state.map((word) => word >>> 0) as [number, number, number, number];
  }

  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.b, 5), 7), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = rotateLeft(this.d, 11);
    return result;
  }

  uniform(): number {
    const high = this.uint32() >>> 5; // 27 bits
    const low = this.uint32() >>> 6; // 26 bits
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw new AttuneError('argument/invalid', `A random integer needs a range from 1 to 2^32, not ${n}.`);
    }
    const limit = 0x100000000 - (0x100000000 % n);
    let x = this.uint32();
    while (x >= limit) x = this.uint32();
    return x % n;
  }

  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }

  categorical(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]!;
      if (!(w >= 0) || w === Infinity) {
        throw new AttuneError(
          'argument/invalid',
          `Weight ${i} is ${w}; weights are finite and not negative.`,
        );
      }
      total += w;
    }
    if (!(total > 0)) throw new AttuneError('argument/invalid', 'At least one weight must be above zero.');
    let left = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]!;
      if (w === 0) continue;
      last = i;
      left -= w;
      if (left < 0) return i;
    }
    return last; // rounding left a remainder: the last possible index
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  fork(name: string): Rng {
    let hash = 0x811c9dc5; // FNV-1a over the state and the name
    const mix = (byte: number): void => {
      hash = Math.imul(hash ^ byte, 0x01000193);
    };
    for (const word of this.state()) for (let s = 0; s < 32; s += 8) mix((word >>> s) & 255);
    for (let i = 0; i < name.length; i++) {
      mix(name.charCodeAt(i) & 255);
      mix(name.charCodeAt(i) >>> 8);
    }
    const next = splitMix32((hash ^ this.a) >>> 0);
    return new Xoshiro128([next(), next(), next(), next() | 1]);
  }

  state(): RngState {
    return [this.a >>> 0, this.b >>> 0, this.c >>> 0, this.d >>> 0];
  }
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

function seedState(seed: number): RngState {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new AttuneError('argument/invalid', `A seed is a whole number from 0 to 2^53 - 1, not ${seed}.`, {
      seed,
    });
  }
  const low = splitMix32(seed >>> 0);
  const high = splitMix32(Math.floor(seed / 0x100000000) ^ 0x9e3779b9);
  return [low() ^ high(), low() ^ high(), low() ^ high(), (low() ^ high()) | 1];
}

function splitMix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
