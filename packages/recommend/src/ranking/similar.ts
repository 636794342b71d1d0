import { selectTopById } from '../algebra/select-top.ts';
import type { Item } from '../taste/item.ts';

/**
 * Likeness of two items, 0 … 1: exp(−d²/2) of the root mean square difference d over the style dimensions that both
 * know, with a fifth of the weight on being of the same style. 0 where nothing can be compared.
 */
export function similarity(a: Item, b: Item): number {
  let squares = 0;
  let known = 0;
  for (let j = 0; j < a.vector.values.length; j++) {
    const difference = a.vector.values[j]! - (b.vector.values[j] ?? NaN);
    if (Number.isNaN(difference)) continue;
    squares += difference * difference;
    known++;
  }
  if (known === 0) return 0;
  const content = Math.exp(-squares / known / 2);
  const style = a.style !== null && a.style === b.style ? 1 : 0;
  return 0.8 * content + 0.2 * style;
}

/**
 * The `take` items most like `item`, best first, ties by id. Every item is compared, so none is missed: for catalogues up to
 * some 100,000 items, beyond which `buildVectorIndex` finds most of the nearest without looking at all.
 */
export function findSimilar(
  item: Item,
  items: readonly Item[],
  take: number,
): { itemId: string; similarity: number }[] {
  const likeness = Float64Array.from(items, (other) =>
    other.id === item.id ? -Infinity : similarity(item, other),
  );
  return selectTopById(likeness, take, (i) => items[i]!.id).map((i) => ({
    itemId: items[i]!.id,
    similarity: likeness[i]!,
  }));
}
