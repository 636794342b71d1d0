import { familyOf, INSTRUMENT_FAMILIES } from '@attune/core/features';
import type { StyleSpace } from '@attune/core/style';
import { DRUMS } from '@attune/core/style';
import { NOTABLE } from './features.ts';
import type { Item } from './item.ts';
import type { Steer } from './taste.ts';

/**
 * Whether a "never" of the listener rules an item out of what they are offered:
 * - of a style: the item's style is that one;
 * - of an instrument (a General MIDI number, 128 for the drum kit): it plays;
 * - of a feature's end: the item's standardised value is at least `NOTABLE` (half a deviation) towards that end, which is
 *   where a reason names it, so that nothing of which "fast" could be said comes back after "never fast";
 * - of a feature that is a family of instruments ('strings', 'drums' …): at its high end an instrument of it plays, at its low
 *   end none does, whatever their share of the notes; of items without known instruments the value decides.
 * An unknown value (NaN) rules nothing out, and neither does "less". `space`: the style space of the items.
 */
export function isRefused(item: Item, steers: readonly Steer[], space: StyleSpace): boolean {
  return steers.some(({ kind, name, direction, action }) => {
    if (action !== 'never') return false;
    if (kind === 'style') return item.style === name;
    if (kind === 'instrument') return item.instruments.includes(Number(name));
    return kind === 'feature' && isAtEnd(item, name, direction === 'low' ? 'low' : 'high', space);
  });
}

function isAtEnd(
  { vector, instruments }: Item,
  name: string,
  end: 'low' | 'high',
  space: StyleSpace,
): boolean {
  const place = space.dimensions.findIndex((dimension) => dimension.name === name);
  if (place < 0) return false;
  if (instruments.length > 0 && isFamily(name)) return instruments.some(isOf(name)) === (end === 'high');
  const z = vector.values[place] ?? NaN;
  return end === 'low' ? z <= -NOTABLE : z >= NOTABLE;
}

function isFamily(name: string): boolean {
  return name === 'drums' || (INSTRUMENT_FAMILIES as readonly string[]).includes(name);
}

function isOf(family: string): (instrument: number) => boolean {
  return (instrument) => (instrument === DRUMS ? 'drums' : familyOf(instrument)) === family;
}
