import { createHash } from 'node:crypto';
import type { Facet, Item, Tastes } from '@attune/recommend';
import { facetOfKey, inferTastes } from '@attune/recommend';
import { DomainError } from '../errors.ts';
import type { Listener } from './listener.ts';

/** The moods of so many listeners are remembered, the last served. */
const MOST_LISTENERS = 100;
/** What is remembered is told apart again after this time, as ratings fade. */
const FRESH_MS = 3_600_000;

/** Moods that were told apart, as long as what they follow from is the same: to tell them apart takes tenths of a second. */
export interface MoodCache {
  /** What `infer` gives, remembered for this listener until `version` is another one. */
  of(userId: string, version: string, infer: () => Tastes): Tastes;
  /** After an erasure: nothing that was inferred of this listener is kept. */
  forget(userId: string): void;
}

/** At most `most` listeners are remembered; who was served longest ago is forgotten first. */
export function createMoodCache(most = MOST_LISTENERS): MoodCache {
  const known = new Map<string, { readonly version: string; readonly tastes: Tastes }>();
  return {
    of: (userId, version, infer) => {
      const before = known.get(userId);
      const entry = before?.version === version ? before : { version, tastes: infer() };
      known.delete(userId);
      known.set(userId, entry);
      if (known.size > most) known.delete(known.keys().next().value!);
      return entry.tastes;
    },
    forget: (userId) => {
      known.delete(userId);
    },
  };
}

/** The several tastes of a listener: one, where that explains as well what was said. */
export function moodsOf(listener: Listener, now: Date): Tastes {
  const { userId, moods, taste, posterior } = listener;
  return moods.of(userId, versionOf(listener, now), () =>
    inferTastes(taste, posterior.map, (id) => itemIn(listener, id), now.getTime()),
  );
}

/** One mood of several, by its key. @throws DomainError input/invalid where the listener has no such mood (any more). */
export function facetOfMood(listener: Listener, mood: string, now: Date): Facet {
  const tastes = moodsOf(listener, now);
  const facet = tastes.facets.length > 1 ? facetOfKey(tastes, mood) : undefined;
  if (!facet) throw new DomainError('input/invalid', 'This mood is not told apart any more; choose again.');
  return facet;
}

function itemIn({ shared, own }: Listener, id: string): Item | undefined {
  return shared.items[shared.places.get(id) ?? -1] ?? own.items[own.places.get(id) ?? -1];
}

/** Of everything that moods follow from: what was said, the tracks it was said of, what listeners have in common, the hour. */
function versionOf(listener: Listener, now: Date): string {
  const { taste, posterior } = listener;
  const said = [...taste.ratings, ...taste.plays].map(({ itemId }) => itemIn(listener, itemId));
  const { factors } = posterior.map;
  const common = said.map((item) => item && factors?.items.get(item.id));
  const hour = Math.floor(now.getTime() / FRESH_MS);
  const basis = JSON.stringify([taste, said, common.map((each) => each && [...each]), factors?.rank, hour]);
  return createHash('sha256').update(basis).digest('base64');
}
