import { createRng } from '@attune/core';
import { chooseToRate } from '@attune/recommend';
import type { TrackSummary } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import type { Deps } from './deps.ts';
import { candidatesOf, loadListener } from './listener.ts';
import { summarise } from './summarise.ts';

/** Tracks worth rating next: likely liked or uncertain, and unlike each other; none that was rated. */
export async function chooseQueue(
  deps: Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'moods' | 'now'>,
  actor: Actor,
  { take }: { take: number },
): Promise<TrackSummary[]> {
  const listener = await loadListener(deps, actor.id);
  const { taste, posterior } = listener;
  const items = candidatesOf(listener, createRng(taste.ratings.length).fork(actor.id));
  const tracks = await deps.tracks.findMany(chooseToRate(taste, posterior, items, take));
  return summarise(deps, actor, tracks);
}
