/** Statements less than this far apart in time were made in one sitting. */
export const SITTING_GAP_MS = 30 * 60_000;

/**
 * Parts indices of `times` (milliseconds since 1970, in any order) into sittings, earliest first: a sitting ends where
 * nothing is said for `gapMs`. A listener is taken to have one mood while they sit.
 */
export function sittingsOf(times: readonly number[], gapMs = SITTING_GAP_MS): number[][] {
  const order = times.map((_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b);
  const sittings: number[][] = [];
  order.forEach((i, rank) => {
    const before = order[rank - 1];
    if (before === undefined || times[i]! - times[before]! > gapMs) sittings.push([i]);
    else sittings.at(-1)!.push(i);
  });
  return sittings;
}
