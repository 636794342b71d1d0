import type { RatingValue, TrackSummary } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { instrumentName } from '../../lib/instruments.ts';
import { keyLabel } from '../music/words.ts';
import type { TrackRecord } from '../repositories/types.ts';
import type { Deps } from './deps.ts';

export function summaryOf(track: TrackRecord, viewerId: string, myRating: RatingValue | null): TrackSummary {
  return {
    id: track.id,
    title: track.title,
    kind: track.kind,
    source: track.source,
    style: track.style,
    seconds: track.seconds,
    tempo: track.tempo,
    key: keyLabel(track.tonic, track.mode),
    instruments: track.instruments.map(instrumentName),
    mine: track.ownerId === viewerId,
    myRating,
    thumbnail: track.thumbnail,
    createdAt: track.createdAt.toISOString(),
  };
}

/** Summaries with the viewer's own ratings, in the same order. */
export async function summarise(
  deps: Pick<Deps, 'ratings'>,
  actor: Actor,
  tracks: readonly TrackRecord[],
): Promise<TrackSummary[]> {
  const ratings = new Map(
    (await deps.ratings.listOf(actor.id)).map((rating) => [rating.trackId, rating.value]),
  );
  return tracks.map((track) => summaryOf(track, actor.id, ratings.get(track.id) ?? null));
}
