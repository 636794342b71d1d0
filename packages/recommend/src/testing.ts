import type { Rng } from '@attune/core';
import type { StyleSpace } from '@attune/core/style';
import type { Item } from './taste/item.ts';

/** A small style space and made-up items for tests. */
export function createTinySpace(names: readonly string[]): StyleSpace {
  return {
    version: `tiny-${names.length}`,
    dimensions: names.map((name) => ({
      name,
      unit: '',
      mean: 0,
      deviation: 1,
      low: `low ${name}`,
      high: `high ${name}`,
    })),
  };
}

export function createItem(
  space: StyleSpace,
  id: string,
  values: number[],
  style: string | null = null,
): Item {
  return { id, vector: { space: space.version, values }, style, instruments: [] };
}

/** `n` items with standard normal values and one of `styles` each. */
export function drawItems(space: StyleSpace, n: number, styles: readonly string[], rng: Rng): Item[] {
  return Array.from({ length: n }, (_, i) => {
    const values = space.dimensions.map(() => rng.normal());
    return createItem(space, `item-${i}`, values, styles[rng.integer(styles.length)] ?? null);
  });
}
