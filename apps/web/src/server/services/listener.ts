import { STYLE_SPACE, STYLES } from '@attune/core/style';
import type { Item, Posterior, Steer, Taste } from '@attune/recommend';
import { createFeatureMap, inferPosterior } from '@attune/recommend';
import type { SteeringRecord, TasteTrack } from '../repositories/types.ts';
import type { Deps } from './deps.ts';

/** A listener's taste beside everything it can be asked about. */
export interface Listener {
  readonly taste: Taste;
  readonly posterior: Posterior;
  readonly tracks: readonly TasteTrack[];
  readonly items: readonly Item[];
  readonly steering: readonly SteeringRecord[];
}

/** "Never" of a quality counts as this many presses of "less". */
const NEVER_AS_LESS = 4;

/** Deviations between the middle of a taste slider and its ends. */
export const SLIDER_REACH = 2;

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'now'>;

/**
 * Computes the taste afresh from what was said, so that undoing and erasing leave no trace. `before`: the listener a
 * moment ago, whose tracks are used again.
 */
export async function loadListener(deps: Needs, userId: string, before?: Listener): Promise<Listener> {
  const [tracks, ratings, plays, steering, corrections, factors] = await Promise.all([
    before?.tracks ?? deps.tracks.listForTaste(userId),
    deps.ratings.listOf(userId),
    deps.listeners.plays(userId),
    deps.listeners.steering(userId),
    deps.listeners.corrections(userId),
    deps.factors(),
  ]);
  const known = tracks.filter((track) => track.vector?.space === STYLE_SPACE.version);
  const seconds = new Map(known.map((track) => [track.id, track.seconds]));
  const taste: Taste = {
    version: 1,
    ratings: ratings.map(({ trackId, value, ratedAt }) => ({ itemId: trackId, verdict: value, at: ratedAt.getTime() })),
    plays: longestPlays(plays, seconds),
    steers: steering.flatMap(steersOf),
    // A slider's ends are two deviations from the middle.
    corrections: corrections.map(({ dimension, value }) => ({ dimension, value: value * SLIDER_REACH })),
  };
  const listening = steering.find(({ kind }) => kind === 'listeners');
  const useFactors = listening === undefined || listening.action === 'more';
  return { ...rebuild(taste, known, useFactors ? factors : undefined, deps.now()), steering };
}

export function rebuild(
  taste: Taste,
  tracks: readonly TasteTrack[],
  factors: Awaited<ReturnType<Deps['factors']>>,
  now: Date,
): Omit<Listener, 'steering'> {
  const items = tracks.map(itemOf);
  const byId = new Map(items.map((item) => [item.id, item]));
  const map = createFeatureMap(STYLE_SPACE, STYLES, factors);
  const posterior = inferPosterior(taste, map, (id) => byId.get(id), now.getTime());
  return { taste, posterior, tracks, items };
}

export function itemOf(track: TasteTrack): Item {
  const vector = track.vector;
  if (!vector) throw new Error(`Track ${track.id} has no style vector.`);
  return { id: track.id, vector, style: track.style, instruments: track.instruments };
}

function longestPlays(
  plays: readonly { trackId: string; seconds: number; completed: boolean; playedAt: Date }[],
  seconds: ReadonlyMap<string, number>,
): Taste['plays'] {
  const longest = new Map<string, Taste['plays'][number]>();
  for (const play of plays) {
    const length = seconds.get(play.trackId);
    if (length === undefined || length <= 0) continue;
    const share = play.completed ? 1 : Math.min(1, play.seconds / length);
    if ((longest.get(play.trackId)?.share ?? -1) >= share) continue;
    longest.set(play.trackId, { itemId: play.trackId, share, at: play.playedAt.getTime() });
  }
  return [...longest.values()];
}

function steersOf({ kind, name, direction, action, presses }: SteeringRecord): Steer[] {
  if (kind === 'listeners' || kind === 'explore') return [];
  // Styles and instruments can be ruled out; a musical quality cannot, so "never" is the strongest "less".
  const ruledOut = action === 'never' && kind === 'feature';
  const steer: Steer = { kind, name, ...(direction ? { direction } : {}), action: ruledOut ? 'less' : action };
  return Array.from({ length: ruledOut ? NEVER_AS_LESS : presses }, () => steer);
}
