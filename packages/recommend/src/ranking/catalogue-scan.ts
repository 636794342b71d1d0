import type { Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import { selectTop } from '../models/top-k.ts';
import type { FeatureMap } from '../taste/features.ts';
import { LIMIT } from '../taste/features.ts';
import type { Item } from '../taste/item.ts';
import type { Posterior } from '../taste/posterior.ts';
import { sampleWeights } from '../taste/posterior.ts';
import type { Taste } from '../taste/taste.ts';
import { instrumentBonus, isRefused } from './recommend.ts';

/** A large catalogue laid out for looking at all of it at once: what does not change from listener to listener. */
export interface CatalogueScan {
  readonly map: FeatureMap;
  readonly items: readonly Item[];
  /** [items]: expected liking under weights [map.length], as `predict` has it. */
  likings(weights: Float64Array): Float64Array;
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

/** Lays out items: O(items · dimensions), once. @throws `argument/invalid` for a vector of another style space. */
export function createCatalogueScan(map: FeatureMap, items: readonly Item[]): CatalogueScan {
  const d = map.space.dimensions.length;
  const rank = map.factors?.rank ?? 0;
  const z = new Float32Array(items.length * d); // [items, dimensions], NaN where unknown
  const style = new Int16Array(items.length); // [items], −1 where it is none of the map's
  const factors = new Float32Array(items.length * rank); // [items, rank]
  items.forEach((item, i) => {
    const { space, values } = item.vector;
    if (space !== map.space.version || values.length !== d) {
      throw new AttuneError('argument/invalid', `Item ${item.id} has a style vector of space ${space}, not ${map.space.version}.`, { item: item.id });
    }
    values.forEach((value, j) => (z[i * d + j] = Math.max(-LIMIT, Math.min(LIMIT, value))));
    style[i] = item.style === null ? -1 : map.styles.indexOf(item.style);
    const own = map.factors?.items.get(item.id);
    if (own) factors.set(own, i * rank);
  });

  const likings = (weights: Float64Array): Float64Array => {
    const { linear, peak: squared, style: first, factor } = map.offsets;
    let meanStyle = 0;
    for (let s = 0; s < map.styles.length; s++) meanStyle += weights[first + s]! / map.styles.length;
    // The peak (z² − 1)/√2 of features.ts, with its constant in the weights; NaN is not equal to itself.
    const slopes = weights.slice(linear, linear + d);
    const curves = weights.slice(squared, squared + d).map((weight) => weight / Math.SQRT2);
    const result = new Float64Array(items.length);
    for (let i = 0; i < items.length; i++) {
      let sum = weights[0]!;
      const start = i * d;
      for (let j = 0; j < d; j++) {
        const value = z[start + j]!;
        if (value === value) sum += slopes[j]! * value + curves[j]! * (value * value - 1);
      }
      if (style[i]! >= 0) sum += weights[first + style[i]!]! - meanStyle;
      for (let f = 0; f < rank; f++) sum += weights[factor + f]! * factors[i * rank + f]!;
      result[i] = sum;
    }
    return result;
  };

  return {
    map,
    items,
    likings,
    shortlist(taste, posterior, { size, rng, draws = 4 }) {
      const rated = new Set(taste.ratings.map(({ itemId }) => itemId));
      const open: number[] = [];
      items.forEach((item, i) => {
        if (!rated.has(item.id) && !isRefused(taste.steers, item)) open.push(i);
      });
      if (open.length <= size) return open.map((i) => items[i]!);
      const pressed = taste.steers.some(({ kind }) => kind === 'instrument');
      const chosen = new Set<number>();
      const addBest = (weights: Float64Array, count: number): void => {
        const all = likings(weights);
        const scores = new Float64Array(open.length);
        for (let place = 0; place < open.length; place++) {
          const i = open[place]!;
          scores[place] = all[i]! + (pressed ? instrumentBonus(taste.steers, items[i]!) : 0);
        }
        for (const place of selectTop(scores, count)) chosen.add(open[place]!);
      };
      addBest(posterior.mean, Math.floor(size * SHARES.expected));
      for (let draw = 0; draw < draws; draw++) addBest(sampleWeights(posterior, rng), Math.floor((size * SHARES.drawn) / draws));
      const step = open.length / Math.max(1, size - chosen.size);
      for (let at = 0; at < open.length && chosen.size < size; at += step) chosen.add(open[Math.floor(at)]!);
      return [...chosen].sort((a, b) => a - b).map((i) => items[i]!);
    },
  };
}
