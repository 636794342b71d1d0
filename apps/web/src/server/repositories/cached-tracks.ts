import type { TasteTrack, TrackRepository } from './types.ts';

/** After this long the catalogue is read again, should another process have changed it. */
const FRESH_MS = 10 * 60_000;

/** Tracks of which the catalogue's part is held in memory. */
export interface CachedTracks extends TrackRepository {
  /** After something changed the catalogue by another way. */
  forget(): void;
}

/**
 * Keeps what ranking and searching need of the catalogue in memory, because every request looks at all of it; a person's
 * own tracks are few and read each time. What goes through this repository is seen at once. The list of the catalogue is
 * the same object until it changes, so that what was computed of it can be kept beside it.
 */
export function cacheTracks(tracks: TrackRepository, now: () => Date): CachedTracks {
  let shared: Promise<readonly TasteTrack[]> | undefined;
  let readAt = 0;
  const forget = (): void => {
    shared = undefined;
  };
  const catalogue = (): Promise<readonly TasteTrack[]> => {
    const time = now().getTime();
    if (!shared || time - readAt > FRESH_MS) {
      readAt = time;
      const reading = tracks.listForTaste('', 'shared');
      shared = reading;
      reading.catch(() => {
        if (shared === reading) forget();
      });
    }
    return shared;
  };
  /** The catalogue is forgotten after a change, too: a read that began before it would bring back what was. */
  const changing = async <T>(isShared: boolean, change: () => Promise<T>): Promise<T> => {
    try {
      return await change();
    } finally {
      if (isShared) forget();
    }
  };
  return {
    ...tracks,
    forget,
    listForTaste: async (viewerId, scope = 'all') => {
      if (scope === 'own') return tracks.listForTaste(viewerId, 'own');
      const all = await catalogue();
      if (scope === 'shared') return all;
      const own = await tracks.listForTaste(viewerId, 'own');
      return own.length === 0 ? all : [...all, ...own];
    },
    insert: (entry) => changing(entry.track.ownerId === null, () => tracks.insert(entry)),
    remove: (id) => changing(true, () => tracks.remove(id)),
    correct: (...parts) => changing(true, () => tracks.correct(...parts)),
  };
}
