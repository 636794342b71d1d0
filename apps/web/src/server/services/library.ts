import type { Page, TrackSummary } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { TrackFilter } from '../repositories/types.ts';
import { findOwnTrack } from './access.ts';
import type { Deps } from './deps.ts';
import { summarise } from './summarise.ts';

export interface LibraryQuery extends Pick<TrackFilter, 'query' | 'style' | 'source' | 'sort' | 'take'> {
  readonly cursor?: string | null | undefined;
}

export async function listLibrary(
  deps: Pick<Deps, 'tracks' | 'ratings'>,
  actor: Actor,
  { cursor, take, query, ...filter }: LibraryQuery,
): Promise<Page<TrackSummary>> {
  const offset = offsetOf(cursor);
  const text = query?.trim();
  const tracks = await deps.tracks.list({
    ...filter,
    query: text ? text : undefined,
    viewerId: actor.id,
    offset,
    take: take + 1, // one more tells whether there is a next page
  });
  const items = await summarise(deps, actor, tracks.slice(0, take));
  return { items, next: tracks.length > take ? String(offset + take) : null };
}

export function offsetOf(cursor: string | null | undefined): number {
  const offset = Number(cursor ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new DomainError('input/invalid', 'The page asked for does not exist.');
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
