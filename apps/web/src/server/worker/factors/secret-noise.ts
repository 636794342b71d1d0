import crypto from 'node:crypto';
import type { NoiseSource } from '@attune/recommend';

/** Numbers fetched from the system at once. */
const AT_ONCE = 1024;

/**
 * Standard normal numbers from the system's cryptographic source (Box & Muller 1958): there is no seed that could be
 * found out, and nothing is kept once they are used.
 */
export function secretNoise(): NoiseSource {
  let bytes = Buffer.alloc(0);
  let at = 0;
  /** Uniform in (0, 1], 53 bits. */
  const uniform = (): number => {
    if (at === bytes.length) [bytes, at] = [crypto.randomBytes(8 * AT_ONCE), 0];
    const bits = bytes.readBigUInt64LE(at) >> 11n;
    at += 8;
    return (Number(bits) + 1) / 2 ** 53;
  };
  return { normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) };
}
