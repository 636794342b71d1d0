import { AttuneError, type Rng } from '@attune/core';

/** A mean with the interval that it would mostly fall in, had other listeners been drawn. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean of `values`, one a listener, with a percentile bootstrap interval (Efron 1979): listeners are drawn again with
 * replacement `rounds` times. `confidence` is the share of drawn means within it.
 * @throws `argument/invalid` for no values or values that are no numbers.
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  rng: Rng,
  { rounds = 1000, confidence = 0.95 }: { readonly rounds?: number; readonly confidence?: number } = {},
): Interval {
  const n = values.length;
  if (n === 0) throw new AttuneError('argument/invalid', 'A mean needs at least one value.');
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(values[i])) {
      throw new AttuneError('argument/invalid', `Value ${i} is ${values[i]}.`, { index: i });
    }
    total += values[i]!;
  }
  const means = Float64Array.from({ length: rounds }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[rng.integer(n)]!;
    return sum / n;
  }).sort();
  const tail = (1 - confidence) / 2;
  const at = (share: number): number =>
    means[Math.min(rounds - 1, Math.max(0, Math.round(share * (rounds - 1))))]!;
  return { mean: total / n, low: at(tail), high: at(1 - tail) };
}

/** The interval of the mean difference a − b of paired values: the same listeners under two models. */
export function bootstrapDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  rng: Rng,
  options: { readonly rounds?: number; readonly confidence?: number } = {},
): Interval {
  if (a.length !== b.length) {
    throw new AttuneError(
      'argument/invalid',
      `Pairs need as many values on both sides, not ${a.length} and ${b.length}.`,
    );
  }
  return bootstrapMean(
    Float64Array.from(a, (value, i) => value - b[i]!),
    rng,
    options,
  );
}
