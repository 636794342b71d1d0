import type { Page, RatingValue, TrackSummary } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { TrackFilter, TrackRecord, TrackSort } from '../repositories/types.ts';
import { findOwnTrack } from './access.ts';
import type { Deps } from './deps.ts';
import { summarise } from './summarise.ts';

export interface LibraryQuery extends Pick<TrackFilter, 'query' | 'style' | 'source' | 'take'> {
  /** 'rating': what the viewer rated, best first. */
  readonly sort: TrackSort | 'rating';
  readonly cursor?: string | null | undefined;
}

export async function listLibrary(
  deps: Pick<Deps, 'tracks' | 'ratings'>,
  actor: Actor,
  { cursor, take, sort, query, ...rest }: LibraryQuery,
): Promise<Page<TrackSummary>> {
  const offset = offsetOf(cursor);
  const text = query?.trim();
  const filter = { ...rest, query: text ? text : undefined };
  const more = take + 1; // one more tells whether there is a next page
  const tracks =
    sort === 'rating'
      ? (await listRated(deps, actor, filter)).slice(offset, offset + more)
      : await deps.tracks.list({ ...filter, sort, viewerId: actor.id, offset, take: more });
  const items = await summarise(deps, actor, tracks.slice(0, take));
  return { items, next: tracks.length > take ? String(offset + take) : null };
}

/** Between the stars: a skip says less against a track than one star, "not for me" more. */
const ORDER: Readonly<Record<Exclude<RatingValue, number>, number>> = {
  'more-like-this': 6,
  skip: 1.5,
  'not-for-me': 0,
};

async function listRated(
  deps: Pick<Deps, 'tracks' | 'ratings'>,
  actor: Actor,
  { query, style, source }: Pick<TrackFilter, 'query' | 'style' | 'source'>,
): Promise<TrackRecord[]> {
  const valueOf = (value: RatingValue): number => (typeof value === 'number' ? value : ORDER[value]);
  const ratings = [...(await deps.ratings.listOf(actor.id))].sort(
    (a, b) => valueOf(b.value) - valueOf(a.value),
  );
  const tracks = await deps.tracks.findMany(ratings.map(({ trackId }) => trackId));
  const sources = { catalogue: 'catalogue', uploads: 'upload', generated: 'generated' } as const;
  return tracks.filter(
    (track) =>
      (query === undefined || track.title.toLowerCase().includes(query.toLowerCase())) &&
      (style === undefined || track.style === style) &&
      (source === undefined ||
        (source === 'mine' ? track.ownerId === actor.id : track.source === sources[source])),
  );
}

export function offsetOf(cursor: string | null | undefined): number {
  const offset = Number(cursor ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw new DomainError('input/invalid', 'The page asked for does not exist.');
  return offset;
}

/** Removes an own track with its files, ratings and labels. */
export async function removeTrack(
  deps: Pick<Deps, 'tracks' | 'files'>,
  actor: Actor,
  { trackId }: { trackId: string },
): Promise<{ removed: true }> {
  const track = await findOwnTrack(deps, actor, trackId);
  const assets = await deps.tracks.assetsOf([track.id]);
  await deps.tracks.remove(track.id);
  await deps.files.remove(assets.map((asset) => asset.path));
  return { removed: true };
}
