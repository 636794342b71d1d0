import { STYLE_SPACE } from '@attune/core/style';
import { isRefused } from '@attune/recommend';
import { styleName } from '../music/words.ts';
import type { Listener } from './listener.ts';
import { likingsOf, placeOf } from './listener.ts';
import { comparativeOf, INSTRUMENT_DIMENSIONS, wordOf } from './taste-words.ts';

/** A track has moved when its place among the unrated changed by at least this share of the list. */
const NOTICEABLE = 0.05;
/** A weight that changed less than this is not worth a word; −1 … 1 scale of liking per deviation. */
const WORTH_A_WORD = 0.01;
const MOST_WORDS = 2;

/** What a statement of the listener changed: tracks that moved in the ranking, and towards what. */
export function effectBetween(before: Listener, after: Listener): { moved: number; summary: string[] } {
  const banned = bannedWords(after).filter((word) => !bannedWords(before).includes(word));
  return {
    moved: countMoved(before, after),
    summary: [...banned.map((word) => `no ${word}`), ...describeShift(before, after)].slice(0, MOST_WORDS),
  };
}

/** Styles and families of instruments that were ruled out; of other features the shift says it. */
function bannedWords({ taste }: Listener): string[] {
  return taste.steers.flatMap(({ kind, name, direction, action }) => {
    if (action !== 'never') return [];
    if (kind === 'style') return [styleName(name)];
    const isFamily = kind === 'feature' && direction === 'high' && INSTRUMENT_DIMENSIONS.has(name);
    return isFamily ? [wordOf(name, 'high')] : [];
  });
}

/** Unrated tracks that were ruled out, or are not any more, and those whose place changed noticeably. */
function countMoved(before: Listener, after: Listener): number {
  const rated = new Set<number>();
  for (const { itemId } of [...before.taste.ratings, ...after.taste.ratings]) {
    const place = placeOf(after, itemId);
    if (place !== undefined) rated.add(place);
  }
  const open: number[] = [];
  let hidden = 0;
  after.items.forEach((item, i) => {
    if (rated.has(i)) return;
    const [was, is] = [before, after].map(({ taste }) => isRefused(item, taste.steers, STYLE_SPACE));
    if (was !== is) hidden++;
    if (!was && !is) open.push(i);
  });
  const least = Math.max(1, Math.ceil(open.length * NOTICEABLE));
  const placesBefore = placesOf(likingsOf(before), open);
  const placesAfter = placesOf(likingsOf(after), open);
  return hidden + open.filter((_, i) => Math.abs(placesBefore[i]! - placesAfter[i]!) >= least).length;
}

/** Place of each item when ranked by expected liking; items liked alike share the middle of their places. */
function placesOf(likings: Float64Array, open: readonly number[]): Float64Array {
  const liking = Float64Array.from(open, (i) => likings[i]!);
  const sorted = liking.slice().sort(); // ascending: places are counted from the end
  return liking.map((value) => {
    const below = countBelow(sorted, value, false);
    const notAbove = sorted[below + 1] === value ? countBelow(sorted, value, true) : below + 1;
    return open.length - (below + notAbove + 1) / 2;
  });
}

/** How many of a rising list are below a value, or not above it. */
function countBelow(sorted: Float64Array, value: number, included: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (included && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function describeShift(before: Listener, after: Listener): string[] {
  const linear = after.posterior.map.offsets.linear;
  return STYLE_SPACE.dimensions
    .map(({ name }, j) => {
      const shift = (after.posterior.mean[linear + j] ?? 0) - (before.posterior.mean[linear + j] ?? 0);
      return { name, shift };
    })
    .filter(({ shift }) => Math.abs(shift) >= WORTH_A_WORD)
    .sort((a, b) => Math.abs(b.shift) - Math.abs(a.shift))
    .slice(0, MOST_WORDS)
    .map(({ name, shift }) => comparativeOf(name, shift < 0 ? 'low' : 'high'));
}
