import type { TrackSummary } from '@/api/types.ts';

/** What Discover shows: the track in the player while it waits to be rated, else the first that waits. */
export function nextTrack(
  waiting: readonly TrackSummary[],
  inPlayer: TrackSummary | null,
): TrackSummary | null {
  return waiting.find((track) => track.id === inPlayer?.id) ?? waiting[0] ?? null;
}
