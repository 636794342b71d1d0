/** Small statistics over plain arrays. Each says what it returns for no values; none returns NaN for finite input. */

/** Arithmetic mean; 0 of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Population standard deviation; 0 of no values. */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

/** Fisher–Pearson skewness m₃ / m₂^1.5; 0 when all values are equal. */
export function skewness(values: ArrayLike<number>): number {
  const centre = mean(values);
  const spread = deviation(values);
  if (spread < 1e-12) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i]! - centre) / spread) ** 3;
  return sum / values.length;
}

/** The value below which the share `p` lies, linear between ranks (Hyndman & Fan type 7); 0 of no values. */
export function percentile(values: ArrayLike<number>, p: number): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const place = p * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low);
}

/** Shannon entropy in bits of counts or weights; 0 when nothing was counted. */
export function entropy(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i]!;
  if (total === 0) return 0;
  let bits = 0;
  for (let i = 0; i < counts.length; i++) {
    const p = counts[i]! / total;
    if (p > 0) bits -= p * Math.log2(p);
  }
  return bits;
}

/** `part / whole`, 0 when the whole is 0. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Share of the values that pass the test; 0 of no values. */
export function shareOf(values: ArrayLike<number>, test: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (test(values[i]!)) count++;
  return share(count, values.length);
}
