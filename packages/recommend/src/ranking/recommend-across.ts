import type { Tastes } from '../taste/facets.ts';
import type { Item } from '../taste/item.ts';
import type { Taste } from '../taste/taste.ts';
import type { Recommendation, RecommendOptions } from './recommend.ts';
import { recommend } from './recommend.ts';

/** A recommendation, and which of the listener's facets it is for. */
export interface FacetRecommendation extends Recommendation {
  /** Index into `tastes.facets`. */
  readonly facet: number;
}

/**
 * One list for all of a person's tastes: each facet fills places in proportion to its share of the evidence, and at least
 * every facet gets one where there is room (Steck 2018 calls such lists calibrated), in order of their own rankings. Nothing stands
 * twice. With one facet this is `recommend`.
 */
export function recommendAcross(
  taste: Taste,
  tastes: Pick<Tastes, 'facets'>,
  items: readonly Item[],
  options: RecommendOptions,
): FacetRecommendation[] {
  const { facets } = tastes;
  const lists = facets.map(({ posterior }, f) =>
    recommend(taste, posterior, items, {
      ...options,
      rng: facets.length === 1 ? options.rng : options.rng.fork(`facet ${f}`),
    }),
  );
  const given = facets.map(() => 0);
  const next = facets.map(() => 0);
  const used = new Set<string>();
  const result: FacetRecommendation[] = [];
  while (result.length < options.take) {
    for (const [f, list] of lists.entries())
      while (next[f]! < list.length && used.has(list[next[f]!]!.itemId)) next[f]!++;
    const open = facets.flatMap((_, f) => (next[f]! < lists[f]!.length ? [f] : []));
    if (open.length === 0) break;
    // Sainte-Laguë's rule, with facets that have none yet before all others.
    const quotient = (f: number): number =>
      given[f] === 0 ? Infinity : facets[f]!.share / (2 * given[f]! + 1);
    const f = open.reduce((best, each) => (quotient(each) > quotient(best) ? each : best));
    const pick = lists[f]![next[f]!]!;
    used.add(pick.itemId);
    given[f]!++;
    result.push({ ...pick, facet: f });
  }
  return result;
}
