import { createRng } from '@attune/core';
import type { Reason as TasteReason } from '@attune/recommend';
import { recommendAcross } from '@attune/recommend';
import type { Reason, Recommendation } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import type { Deps } from './deps.ts';
import { reasonOf } from './explain.ts';
import type { Listener } from './listener.ts';
import { candidatesOf, loadListener } from './listener.ts';
import { summarise } from './summarise.ts';
import { facetOfMood, moodsOf } from './tastes.ts';

const EXPLORATION = { never: 0, less: 0.1, standard: 0.2, more: 0.4 } as const;

/**
 * The best unrated tracks for one of the listener's moods, or for all of them by turns, with reasons. The same ratings give the
 * same list.
 */
export async function recommendTracks(
  deps: Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'moods' | 'now'>,
  actor: Actor,
  { take, mood }: { take: number; mood?: string | undefined },
): Promise<Recommendation[]> {
  const listener = await loadListener(deps, actor.id);
  const { taste } = listener;
  const now = deps.now();
  const tastes = moodsOf(listener, now);
  const facets = mood === undefined ? tastes.facets : [facetOfMood(listener, mood, now)];
  // Drawn from the number of ratings: a page that is loaded again looks the same until something was said.
  const rng = createRng(taste.ratings.length).fork(actor.id);
  const candidates = facets.map(({ posterior }, f) =>
    candidatesOf({ ...listener, posterior }, rng.fork(`shortlist ${f}`)),
  );
  const ranked = recommendAcross(taste, { facets }, [...new Set(candidates.flat())], {
    take,
    rng,
    exploration: explorationOf(listener),
  });
  const tracks = await deps.tracks.findMany(ranked.map(({ itemId }) => itemId));
  const summaries = new Map((await summarise(deps, actor, tracks)).map((summary) => [summary.id, summary]));
  const named = ranked.flatMap(({ reasons }) =>
    reasons.flatMap((reason) => ('itemId' in reason ? [reason.itemId] : [])),
  );
  const titles = new Map((await deps.tracks.findMany(named)).map((track) => [track.id, track.title]));
  return ranked.flatMap(({ itemId, mean, deviation, reasons }) => {
    const track = summaries.get(itemId);
    if (!track) return [];
    return [{ track, score: starsOf(mean), deviation: 2 * deviation, reasons: wordsOf(reasons, titles) }];
  });
}

/** Share of the places that go to something new; a pressed reason changes it. */
export function explorationOf({ steering }: Pick<Listener, 'steering'>): number {
  return EXPLORATION[steering.find(({ kind }) => kind === 'explore')?.action ?? 'standard'];
}

/** Liking −1 … 1 as stars 1 … 5. */
export function starsOf(liking: number): number {
  return Math.max(1, Math.min(5, 3 + 2 * liking));
}

export function wordsOf(reasons: readonly TasteReason[], titles: ReadonlyMap<string, string>): Reason[] {
  return reasons.flatMap((reason) => reasonOf(reason, (id) => titles.get(id)) ?? []);
}
