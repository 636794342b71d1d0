const bits = new DataView(new ArrayBuffer(4));

/**
 * IEEE 754 binary16 pattern nearest to `value`, ties to even; overflow gives ±∞, and a NaN stays one.
 * `value` is first rounded to float32, which is exact for model weights.
 */
export function toFloat16(value: number): number {
  bits.setFloat32(0, value);
  const word = bits.getUint32(0);
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  const fraction = word & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const unbiased = exponent - 127;
  if (unbiased > 15) return sign | 0x7c00;
  if (unbiased >= -14) {
    // a carry out of the fraction rightly raises the exponent, up to infinity
    return sign | (((unbiased + 15) << 10) + roundShift(fraction, 13));
  }
  if (unbiased < -25) return sign;
  return sign | roundShift(fraction | 0x800000, -unbiased - 1); // subnormal: units of 2⁻²⁴
}

/** The number that a binary16 pattern stands for; exact. */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** x / 2^shift to the nearest whole number, ties to even; shift from 1 to 24. */
function roundShift(x: number, shift: number): number {
  const low = x >>> shift;
  const rest = x & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (low & 1) === 1) ? low + 1 : low;
}
