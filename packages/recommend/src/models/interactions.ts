import { AttuneError } from '@attune/core';
import { csrOfRows, rowOf, type CsrMatrix, type SparseRow } from './csr-matrix.ts';

/** What one listener thinks of one item: above 0 liked (1 = fully), 0 or below heard and not liked. */
export interface ItemLiking {
  readonly item: string;
  /** −1 … 1 */
  readonly liking: number;
}

/** An `ItemLiking` with whose it is. */
export interface Interaction extends ItemLiking {
  readonly listener: string;
}

/** What many listeners said of a catalogue, in the form that models are fitted to. */
export interface Interactions {
  /** Row r of `likes` is `listeners[r]`; sorted. */
  readonly listeners: readonly string[];
  readonly catalogue: Catalogue;
  /** Likings above 0: [listeners, items]. */
  readonly likes: CsrMatrix;
}

/** The items that a model knows, by number and by name. */
export interface Catalogue {
  readonly items: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
}

/** Numbers the items in the given order. @throws `argument/invalid` for an empty catalogue or one item twice. */
export function createCatalogue(items: readonly string[]): Catalogue {
  if (items.length === 0) throw new AttuneError('argument/invalid', 'A catalogue has at least one item.');
  const numbers = new Map(items.map((item, i) => [item, i]));
  if (numbers.size !== items.length) {
    const twice = items.find((item, i) => numbers.get(item) !== i)!;
    throw new AttuneError('argument/invalid', `Item ${twice} stands in the catalogue twice.`, {
      item: twice,
    });
  }
  return { items, numbers };
}

/**
 * Interactions by listener over `items`, or over the items that occur, sorted. Of several likings of one item by one
 * listener the last one counts. Listeners without a like have no row. The order of listeners does not matter.
 * @throws `argument/invalid` for a liking outside −1 … 1 or an item that is not in `items`.
 */
export function createInteractions(
  interactions: Iterable<Interaction>,
  items?: readonly string[],
): Interactions {
  const byListener = new Map<string, Map<string, number>>();
  let count = 0;
  for (const { listener, item, liking } of interactions) {
    checkLiking(liking, item, count++);
    let own = byListener.get(listener);
    if (!own) byListener.set(listener, (own = new Map<string, number>()));
    own.set(item, liking);
  }
  const catalogue = createCatalogue(items ?? namesOf(byListener));
  const rows: SparseRow[] = [];
  const listeners: string[] = [];
  for (const listener of [...byListener.keys()].sort()) {
    const row = sparseLikes(catalogue, byListener.get(listener)!);
    if (row.indices.length === 0) continue;
    rows.push(row);
    listeners.push(listener);
  }
  return { listeners, catalogue, likes: csrOfRows(rows, catalogue.items.length) };
}

/** The same without one listener, exactly as if they had never said anything; the catalogue stays. */
export function withoutListener(interactions: Interactions, listener: string): Interactions {
  const { listeners, likes, catalogue } = interactions;
  const gone = listeners.indexOf(listener);
  if (gone < 0) return interactions;
  const rows = listeners.flatMap((_, r) => (r === gone ? [] : [rowOf(likes, r)]));
  return {
    catalogue,
    listeners: listeners.filter((name) => name !== listener),
    likes: csrOfRows(rows, likes.columns),
  };
}

/** What one listener of the set liked. @throws `argument/invalid` for a listener without a row. */
export function historyOf({ listeners, likes, catalogue }: Interactions, listener: string): ItemLiking[] {
  const r = listeners.indexOf(listener);
  if (r < 0)
    throw new AttuneError('argument/invalid', `Listener ${listener} is not in the set.`, { listener });
  const { indices, values } = rowOf(likes, r);
  return Array.from(indices, (item, e) => ({ item: catalogue.items[item]!, liking: values[e]! }));
}

/** Liked items as a sparse row over the catalogue, ascending. @throws `argument/invalid` for an unknown item. */
export function sparseLikes(catalogue: Catalogue, likings: ReadonlyMap<string, number>): SparseRow {
  const entries: [number, number][] = [];
  for (const [item, liking] of likings) {
    const number = itemNumber(catalogue, item);
    if (liking > 0) entries.push([number, liking]);
  }
  entries.sort((a, b) => a[0] - b[0]);
  return {
    indices: Uint32Array.from(entries, ([number]) => number),
    values: Float32Array.from(entries, ([, liking]) => liking),
  };
}

/** Number of an item. @throws `argument/invalid` for an item that is not in the catalogue. */
export function itemNumber(catalogue: Catalogue, item: string): number {
  const number = catalogue.numbers.get(item);
  if (number !== undefined) return number;
  throw new AttuneError(
    'argument/invalid',
    `Item ${item} is not in the catalogue of ${catalogue.items.length}.`,
    {
      item,
    },
  );
}

/** @throws `argument/invalid` where a liking is not a number from −1 to 1. */
export function checkLiking(liking: number, item: string, index: number): void {
  if (liking >= -1 && liking <= 1) return;
  throw new AttuneError('argument/invalid', `The liking of ${item} is from -1 to 1, not ${liking}.`, {
    item,
    index,
  });
}

function namesOf(byListener: ReadonlyMap<string, ReadonlyMap<string, number>>): string[] {
  const names = new Set<string>();
  for (const own of byListener.values()) for (const item of own.keys()) names.add(item);
  return [...names].sort();
}
