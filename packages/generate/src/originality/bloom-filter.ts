import { AttuneError } from '@attune/core';

/**
 * Set of 64-bit hashes in few bits (Bloom 1970, double hashing of Kirsch & Mitzenmacher 2006): never denies a
 * member, and claims a stranger with probability about (1 − e^(−hashes · members / bits))^hashes.
 */
export interface BloomFilter {
  /** Bits in bytes, least significant first. */
  readonly bytes: Uint8Array;
  readonly hashes: number;
  add(high: number, low: number): void;
  has(high: number, low: number): boolean;
}

/** `bits` is rounded up to whole bytes. Throws `argument/invalid` unless both are at least 1. */
export function createBloomFilter(bits: number, hashes: number): BloomFilter {
  if (!(bits >= 1) || !Number.isInteger(hashes) || hashes < 1) {
    throw new AttuneError(
      'argument/invalid',
      `A filter needs bits and hashes above zero, not ${bits} and ${hashes}.`,
    );
  }
  return openBloomFilter(new Uint8Array(Math.ceil(bits / 8)), hashes);
}

/** A filter over existing bytes, which it keeps and changes. */
export function openBloomFilter(bytes: Uint8Array, hashes: number): BloomFilter {
  const bits = bytes.length * 8;
  const place = (high: number, low: number, i: number): number =>
    ((high >>> 0) + i * ((Math.imul(low, 0x9e3779b1) | 1) >>> 0)) % bits;
  return {
    bytes,
    hashes,
    add(high, low) {
      for (let i = 0; i < hashes; i++) {
        const bit = place(high, low, i);
        bytes[bit >> 3]! |= 1 << (bit & 7);
      }
    },
    has(high, low) {
      for (let i = 0; i < hashes; i++) {
        const bit = place(high, low, i);
        if ((bytes[bit >> 3]! & (1 << (bit & 7))) === 0) return false;
      }
      return true;
    },
  };
}
