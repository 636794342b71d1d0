/** Hits among the first k, divided by ALL relevant items (not by k). NaN where nothing is relevant. */
export function recallAt(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return hitsAt(ranked, relevant, k).length / relevant.size;
}

/** Hits among the first k, divided by k, however many could be ranked. */
export function precisionAt(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return hitsAt(ranked, relevant, k).length / k;
}

/**
 * Normalised discounted cumulative gain with binary relevance: Σ 1/log₂(rank + 1) over hits, rank from 1, divided by
 * that of the ideal list, which is cut at min(k, relevant items). NaN where nothing is relevant.
 */
export function ndcgAt(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let ideal = 0;
  for (let r = 0; r < Math.min(k, relevant.size); r++) ideal += discount(r);
  return hitsAt(ranked, relevant, k).reduce((sum, r) => sum + discount(r), 0) / ideal;
}

/** Different items among all listeners' first k, divided by the items of the catalogue. */
export function coverageAt(lists: readonly ArrayLike<number>[], catalogueSize: number, k: number): number {
  const seen = new Set<number>();
  for (const list of lists) for (let r = 0; r < Math.min(k, list.length); r++) seen.add(list[r]!);
  return seen.size / catalogueSize;
}

/**
 * Mean over the first k of −log₂ of the share of listeners who like the item (self-information, in bits; Zhou et al.
 * 2010), divided by the items in the list, at most k; an item liked by none counts as liked by one. NaN for no items.
 */
export function noveltyAt(
  ranked: ArrayLike<number>,
  popularity: ArrayLike<number>,
  listeners: number,
  k: number,
): number {
  const length = Math.min(k, ranked.length);
  let bits = 0;
  for (let r = 0; r < length; r++) bits -= Math.log2(Math.max(1, popularity[ranked[r]!]!) / listeners);
  return bits / length;
}

/** Places, from 0, of the hits among the first k. */
function hitsAt(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number[] {
  const hits: number[] = [];
  for (let r = 0; r < Math.min(k, ranked.length); r++) if (relevant.has(ranked[r]!)) hits.push(r);
  return hits;
}

function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}
