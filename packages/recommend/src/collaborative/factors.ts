import type { Rng } from '@attune/core';
import { AttuneError, throwIfCancelled } from '@attune/core';
import { factorise, solve } from '../algebra/cholesky.ts';

/** One listener's liking (−1 … 1) of one item, with its weight (1 = a star rating). */
export interface Liking {
  readonly listener: string;
  readonly item: string;
  readonly liking: number;
  readonly weight: number;
}

/** Item factors learned from what many listeners rated. Items that too few rated are absent. */
export interface Factors {
  readonly rank: number;
  /** Item → factors, scaled so that a typical item has a squared length of `rank`, times its reliability. */
  readonly items: ReadonlyMap<string, Float64Array>;
  /** How many listeners they were learned from; private factors do not tell. */
  readonly listeners?: number;
}

/** Size and strength of the factorisation, and when there is enough to fit one. */
export interface FactorOptions {
  readonly rank?: number;
  readonly iterations?: number;
  readonly regularisation?: number;
  /** An item joins in once this many listeners rated it, … */
  readonly minListenersPerItem?: number;
  /** … a listener once they rated this many such items, … */
  readonly minRatingsPerListener?: number;
  /** … and factors are fitted once there are this many listeners. */
  readonly minListeners?: number;
  readonly signal?: AbortSignal;
}

/**
 * Weighted alternating least squares on stated likings (Hu, Koren & Volinsky 2008 without the implicit zeros, as
 * every liking here was stated), each listener centred on their own mean. Undefined where there are too few ratings.
 * An item's factors are shrunk by n / (n + 5) for its n listeners, so that little-known items rely on content.
 */
export function fitFactors(
  likings: readonly Liking[],
  rng: Rng,
  options: FactorOptions = {},
): Factors | undefined {
  const { rank = 6, iterations = 12, regularisation = 0.5, signal } = options;
  if (!Number.isInteger(rank) || rank < 1) {
    throw new AttuneError(
      'argument/invalid',
      `The number of factors is a whole number from 1, not ${rank}.`,
      { rank },
    );
  }
  const kept = keepDense(likings, options);
  const byListener = groupBy(kept, (liking) => liking.listener);
  if (byListener.size < (options.minListeners ?? 8)) return undefined;
  const centred = centreByListener(byListener);
  const byItem = groupBy(centred, (liking) => liking.item);
  const byCentredListener = groupBy(centred, (liking) => liking.listener);

  const draw = (): Float64Array => Float64Array.from({ length: rank }, () => rng.normal() * 0.1);
  const items = new Map([...byItem.keys()].sort().map((id) => [id, draw()]));
  const listeners = new Map([...byCentredListener.keys()].sort().map((id) => [id, draw()]));
  for (let round = 0; round < iterations; round++) {
    throwIfCancelled(signal);
    solveSide(listeners, byCentredListener, (liking) => items.get(liking.item)!, rank, regularisation);
    solveSide(items, byItem, (liking) => listeners.get(liking.listener)!, rank, regularisation);
  }
  return { rank, listeners: byListener.size, items: scaleItems(items, byItem, rank) };
}

function keepDense(likings: readonly Liking[], options: FactorOptions): Liking[] {
  const { minListenersPerItem = 3, minRatingsPerListener = 5 } = options;
  let kept = [...likings];
  for (;;) {
    const items = groupBy(kept, (liking) => liking.item);
    const listeners = groupBy(kept, (liking) => liking.listener);
    const next = kept.filter(
      (liking) =>
        items.get(liking.item)!.length >= minListenersPerItem &&
        listeners.get(liking.listener)!.length >= minRatingsPerListener,
    );
    if (next.length === kept.length) return kept;
    kept = next;
  }
}

function centreByListener(byListener: ReadonlyMap<string, readonly Liking[]>): Liking[] {
  return [...byListener.values()].flatMap((own) => {
    const weight = own.reduce((sum, liking) => sum + liking.weight, 0);
    const mean = own.reduce((sum, liking) => sum + liking.weight * liking.liking, 0) / weight;
    return own.map((liking) => ({ ...liking, liking: liking.liking - mean }));
  });
}

/** One half-step of alternating least squares: each vector of `side` given the fixed vectors of the other. */
function solveSide(
  side: Map<string, Float64Array>,
  likingsOf: ReadonlyMap<string, readonly Liking[]>,
  otherOf: (liking: Liking) => Float64Array,
  rank: number,
  regularisation: number,
): void {
  for (const id of side.keys()) {
    const matrix = new Float64Array(rank * rank);
    const target = new Float64Array(rank);
    for (let i = 0; i < rank; i++) matrix[i * rank + i] = regularisation;
    for (const liking of likingsOf.get(id) ?? []) {
      const other = otherOf(liking);
      for (let i = 0; i < rank; i++) {
        target[i]! += liking.weight * other[i]! * liking.liking;
        for (let j = 0; j <= i; j++) matrix[i * rank + j]! += liking.weight * other[i]! * other[j]!;
      }
    }
    side.set(id, solve(factorise(matrix, rank), target));
  }
}

function scaleItems(
  items: ReadonlyMap<string, Float64Array>,
  byItem: ReadonlyMap<string, readonly Liking[]>,
  rank: number,
): Map<string, Float64Array> {
  let squares = 0;
  for (const factors of items.values()) for (const value of factors) squares += value * value;
  const scale = squares > 0 ? 1 / Math.sqrt(squares / (items.size * rank)) : 0;
  return new Map(
    [...items].map(([id, factors]) => {
      const n = byItem.get(id)?.length ?? 0;
      return [id, factors.map((value) => value * scale * (n / (n + 5)))];
    }),
  );
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
