import type { Rng } from '@attune/core';
import { STYLE_SPACE, STYLES } from '@attune/core/style';
import type { Item, Posterior, Steer, Taste } from '@attune/recommend';
import { createFeatureMap, inferPosterior, predict } from '@attune/recommend';
import type { SteeringRecord, TasteTrack } from '../repositories/types.ts';
import { refusesListeners } from '../repositories/types.ts';
import type { Catalogue } from './catalogue.ts';
import { catalogueOf, scanOf, together } from './catalogue.ts';
import type { Deps } from './deps.ts';
import type { MoodCache } from './tastes.ts';

export { itemOf } from './catalogue.ts';

/** A listener's taste beside everything it can be asked about. */
export interface Listener {
  readonly userId: string;
  /** Where their moods are remembered. */
  readonly moods: MoodCache;
  readonly taste: Taste;
  readonly posterior: Posterior;
  /** Everybody's, and the listener's own. */
  readonly shared: Catalogue;
  readonly own: Catalogue;
  /** Both together. */
  readonly tracks: readonly TasteTrack[];
  readonly items: readonly Item[];
  readonly steering: readonly SteeringRecord[];
}

/** Of a larger catalogue a shortlist of as many is ranked. */
export const MOST_RANKED = 2_000;

/** Deviations between the middle of a taste slider and its ends. */
export const SLIDER_REACH = 2;

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'moods' | 'now'>;

/**
 * Computes the taste afresh from what was said, so that undoing and erasing leave no trace. `before`: the listener a
 * moment ago, whose tracks are used again.
 */
export async function loadListener(deps: Needs, userId: string, before?: Listener): Promise<Listener> {
  const [shared, own, ratings, plays, steering, corrections, factors] = await Promise.all([
    before?.shared ?? deps.tracks.listForTaste(userId, 'shared').then(catalogueOf),
    before?.own ?? deps.tracks.listForTaste(userId, 'own').then(catalogueOf),
    deps.ratings.listOf(userId),
    deps.listeners.plays(userId),
    deps.listeners.steering(userId),
    deps.listeners.corrections(userId),
    deps.factors(),
  ]);
  const placed = <T>(id: string, of: (catalogue: Catalogue) => readonly T[]): T | undefined => {
    const place = shared.places.get(id);
    return place === undefined ? of(own)[own.places.get(id) ?? -1] : of(shared)[place];
  };
  const taste: Taste = {
    version: 1,
    ratings: ratings.map(({ trackId, value, ratedAt }) => ({
      itemId: trackId,
      verdict: value,
      at: ratedAt.getTime(),
    })),
    plays: longestPlays(plays, (id) => placed(id, ({ tracks }) => tracks)?.seconds),
    steers: steering.flatMap(steersOf),
    // A slider's ends are two deviations from the middle.
    corrections: corrections.map(({ dimension, value }) => ({ dimension, value: value * SLIDER_REACH })),
  };
  const useFactors = !steering.some(refusesListeners);
  const map = createFeatureMap(STYLE_SPACE, STYLES, useFactors ? factors : undefined);
  const posterior = inferPosterior(
    taste,
    map,
    (id) => placed(id, ({ items }) => items),
    deps.now().getTime(),
  );
  return {
    userId,
    moods: deps.moods,
    taste,
    posterior,
    shared,
    own,
    tracks: together(shared.tracks, own.tracks),
    items: together(shared.items, own.items),
    steering,
  };
}

/** Items worth ranking exactly: all of a catalogue of usual size, a shortlist of a large one with what is the listener's. */
export function candidatesOf({ taste, posterior, shared, own, items }: Listener, rng: Rng): readonly Item[] {
  if (items.length <= MOST_RANKED) return items;
  return [
    ...scanOf(shared, posterior.map).shortlist(taste, posterior, { size: MOST_RANKED, rng }),
    ...own.items,
  ];
}

/** Place of a track among `items`. */
export function placeOf({ shared, own }: Listener, id: string): number | undefined {
  const place = shared.places.get(id);
  if (place !== undefined) return place;
  const ownPlace = own.places.get(id);
  return ownPlace === undefined ? undefined : shared.items.length + ownPlace;
}

/** [items]: expected liking of everything. */
export function likingsOf({ posterior, shared, own }: Listener): Float64Array {
  const all = new Float64Array(shared.items.length + own.items.length);
  all.set(scanOf(shared, posterior.map).likings(posterior.mean));
  own.items.forEach((item, i) => (all[shared.items.length + i] = predict(posterior, item).mean));
  return all;
}

function longestPlays(
  plays: readonly { trackId: string; seconds: number; completed: boolean; playedAt: Date }[],
  seconds: (trackId: string) => number | undefined,
): Taste['plays'] {
  const longest = new Map<string, Taste['plays'][number]>();
  for (const play of plays) {
    const length = seconds(play.trackId);
    if (length === undefined || length <= 0) continue;
    const share = play.completed ? 1 : Math.min(1, play.seconds / length);
    if ((longest.get(play.trackId)?.share ?? -1) >= share) continue;
    longest.set(play.trackId, { itemId: play.trackId, share, at: play.playedAt.getTime() });
  }
  return [...longest.values()];
}

function steersOf({ kind, name, direction, action, presses }: SteeringRecord): Steer[] {
  if (kind === 'listeners' || kind === 'explore') return [];
  const steer: Steer = { kind, name, ...(direction ? { direction } : {}), action };
  return Array.from({ length: action === 'never' ? 1 : presses }, () => steer);
}
