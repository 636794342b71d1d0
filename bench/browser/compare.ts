import type { Outcome } from './works.ts';

/**
 * Largest |a − b| / max(1, |a|) that passes. Bytes and whole numbers must be equal. Floating-point numbers may part
 * where a browser's sine, cosine, exponential or logarithm rounds differently in the last place.
 */
export function toleranceOf(outcome: Outcome): number {
  if (outcome instanceof Float64Array) return 1e-12;
  return outcome instanceof Float32Array ? 1e-6 : 0;
}

/** Largest |a − b| / max(1, |a|); infinite where kind or length differ, or one side is not a number. */
export function largestDifference(a: Outcome, b: Outcome): number {
  if (a.constructor !== b.constructor || a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const difference = Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(a[i]!));
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest;
}
