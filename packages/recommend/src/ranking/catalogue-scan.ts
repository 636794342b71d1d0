import type { Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import { createFactorScan } from '../models/factor-scan.ts';
import { selectTop } from '../algebra/select-top.ts';
import type { FeatureMap } from '../taste/features.ts';
import { LIMIT, peak } from '../taste/features.ts';
import type { Item } from '../taste/item.ts';
import type { Posterior } from '../taste/posterior.ts';
import { sampleWeights } from '../taste/posterior.ts';
import type { Taste } from '../taste/taste.ts';
import { isRefused } from '../taste/refusals.ts';
import { instrumentBonus } from './recommend.ts';

/** A large catalogue laid out for looking at all of it at once: what does not change from listener to listener. */
export interface CatalogueScan {
  readonly map: FeatureMap;
  readonly items: readonly Item[];
  /** [items]: expected liking under weights [map.length], as `predict` has it, in single precision. */
  likings(weights: Float64Array): Float32Array;
  /**
   * The items worth ranking exactly for one listener: those liked best under the expected taste and under some draws of
   * it (the candidates of Thompson sampling), and some from everywhere; without what was rated or ruled out. In the order
   * of the catalogue; everything that is open where that is not more than `size`.
   */
  shortlist(taste: Taste, posterior: Posterior, options: ShortlistOptions): Item[];
}

/** How long a shortlist is, and what it leaves room for. */
export interface ShortlistOptions {
  readonly size: number;
  readonly rng: Rng;
  /** Draws of the taste that put forward candidates too. */
  readonly draws?: number;
}

/** Of the places of a shortlist: by the expected taste, by draws of it together, and evenly from the catalogue. */
const SHARES = { expected: 0.5, drawn: 0.25 } as const;

/** Lays out items: O(items · features), once. @throws `argument/invalid` for a vector of another style space. */
export function createCatalogueScan(map: FeatureMap, items: readonly Item[]): CatalogueScan {
  const { linear, peak: squared, style: first, factor } = map.offsets;
  const rank = map.factors?.rank ?? 0;
  const width = first + rank; // bias, values, peaks, factors; the style stands apart
  const rows = new Float32Array(items.length * width); // [items, width]
  const style = new Int16Array(items.length); // [items], −1 where it is none of the map's
  items.forEach((item, i) => {
    const { space, values } = item.vector;
    if (space !== map.space.version || values.length !== squared - linear) {
      throw new AttuneError(
        'argument/invalid',
        `Item ${item.id} has a style vector of space ${space}, not ${map.space.version}.`,
        { item: item.id },
      );
    }
    const start = i * width;
    rows[start] = 1;
    values.forEach((value, j) => {
      if (Number.isNaN(value)) return;
      const z = Math.max(-LIMIT, Math.min(LIMIT, value));
      rows[start + linear + j] = z;
      rows[start + squared + j] = peak(z);
    });
    style[i] = item.style === null ? -1 : map.styles.indexOf(item.style);
    const own = map.factors?.items.get(item.id);
    if (own) rows.set(own, start + first);
  });
  const scan = createFactorScan(rows, width);
  const places = new Map(items.map(({ id }, i) => [id, i]));

  const likings = (weights: Float64Array): Float32Array => {
    const query = new Float64Array(width);
    query.set(weights.subarray(0, first));
    query.set(weights.subarray(factor, factor + rank), first);
    const ofStyle = weights.slice(first, factor);
    const mean = ofStyle.reduce((sum, weight) => sum + weight, 0) / ofStyle.length;
    const result = scan.products(query);
    for (let i = 0; i < result.length; i++) if (style[i]! >= 0) result[i]! += ofStyle[style[i]!]! - mean;
    return result;
  };

  return {
    map,
    items,
    likings,
    shortlist(taste, posterior, { size, rng, draws = 4 }) {
      const closed = new Uint8Array(items.length);
      for (const { itemId } of taste.ratings) {
        const place = places.get(itemId);
        if (place !== undefined) closed[place] = 1;
      }
      if (taste.steers.some(({ action }) => action === 'never'))
        for (let i = 0; i < items.length; i++)
          if (isRefused(items[i]!, taste.steers, map.space)) closed[i] = 1;
      const open: number[] = [];
      for (let i = 0; i < items.length; i++) if (closed[i] === 0) open.push(i);
      if (open.length <= size) return open.map((i) => items[i]!);
      const pressed = taste.steers.some(({ kind }) => kind === 'instrument');
      const chosen = new Set<number>();
      const addBest = (weights: Float64Array, count: number): void => {
        const scores = likings(weights);
        if (pressed) for (const i of open) scores[i]! += instrumentBonus(taste.steers, items[i]!);
        for (const i of selectTop(scores, count, (i) => closed[i] === 1)) chosen.add(i);
      };
      addBest(posterior.mean, Math.floor(size * SHARES.expected));
      for (let draw = 0; draw < draws; draw++)
        addBest(sampleWeights(posterior, rng), Math.floor((size * SHARES.drawn) / draws));
      const step = open.length / Math.max(1, size - chosen.size);
      for (let at = 0; at < open.length && chosen.size < size; at += step) chosen.add(open[Math.floor(at)]!);
      return [...chosen].sort((a, b) => a - b).map((i) => items[i]!);
    },
  };
}
