import type { Facet, Posterior, Tastes } from '@attune/recommend';
import { inferTastes } from '@attune/recommend';
import { DomainError } from '../errors.ts';
import type { Listener } from './listener.ts';

/** The several tastes of a listener: one, where that explains as well what was said. */
export function moodsOf({ taste, posterior, shared, own }: Listener, now: Date): Tastes {
  const itemOf = (id: string) =>
    shared.items[shared.places.get(id) ?? -1] ?? own.items[own.places.get(id) ?? -1];
  return inferTastes(taste, posterior.map, itemOf, now.getTime());
}

/** One mood of several. @throws DomainError input/invalid where the listener has no such mood (any more). */
export function facetOfMood(listener: Listener, mood: number, now: Date): Facet {
  const { facets } = moodsOf(listener, now);
  const facet = facets.length > 1 ? facets[mood] : undefined;
  if (!facet) throw new DomainError('input/invalid', 'This mood is not told apart any more; choose again.');
  return facet;
}

/** The taste of one mood. @throws DomainError input/invalid where the listener has no such mood (any more). */
export function posteriorOfMood(listener: Listener, mood: number, now: Date): Posterior {
  return facetOfMood(listener, mood, now).posterior;
}
