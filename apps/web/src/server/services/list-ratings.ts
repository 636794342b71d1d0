import type { MyRating } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import type { Deps } from './deps.ts';
import { summaryOf } from './summarise.ts';

export async function listRatings(deps: Pick<Deps, 'tracks' | 'ratings'>, actor: Actor): Promise<MyRating[]> {
  const ratings = await deps.ratings.listOf(actor.id);
  const tracks = await deps.tracks.findMany(ratings.map((rating) => rating.trackId));
  const byId = new Map(tracks.map((track) => [track.id, track]));
  return ratings.flatMap(({ trackId, value, ratedAt }) => {
    const track = byId.get(trackId);
    return track ? [{ track: summaryOf(track, actor.id, value), value, ratedAt: ratedAt.toISOString() }] : [];
  });
}
