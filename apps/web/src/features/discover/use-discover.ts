'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { RatingValue, TrackSummary } from '@/api/types.ts';
import { usePlayer, usePlayerState } from '@/features/player/player-provider.tsx';
import { useRating } from '@/features/rating/rating-provider.tsx';
import { useTRPC } from '@/trpc/context.ts';
import { nextTrack } from './queue.ts';

const TAKE = 12;

/** The rating queue: what is on, what comes, and going on. */
export function useDiscover() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const player = usePlayer();
  const playing = usePlayerState();
  const { rate, undo, store } = useRating();
  const revision = useSyncExternalStore(store.subscribe, store.getRevision, () => 0);
  const [passed, setPassed] = useState<ReadonlySet<string>>(new Set());

  const options = trpc.discover.queue.queryOptions({ take: TAKE }, { staleTime: Infinity });
  const queue = useQuery(options);
  const tracks = queue.data;

  const waiting = useMemo(
    () => tracks?.filter((track) => store.valueOf(track) === null && !passed.has(track.id)) ?? [],
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the store changes with its revision
    [tracks, passed, store, revision],
  );
  const current = nextTrack(waiting, playing.track);

  // More is fetched before the queue runs out, and put behind what is still waiting.
  const short = tracks !== undefined && tracks.length > 0 && waiting.length < 3;
  const { refetch, isFetching } = queue;
  const [exhausted, setExhausted] = useState<number | null>(null);
  const rated = tracks ? tracks.length - waiting.length : 0;
  useEffect(() => {
    if (!short || isFetching || exhausted === rated) return;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- remembers for what state more was asked
    setExhausted(rated);
    void refetch();
  }, [short, isFetching, exhausted, rated, refetch]);

  useEffect(() => {
    if (current) player.cue(current, waiting);
  }, [player, current, waiting]);

  // The next track's notes are fetched while this one plays.
  const following = waiting.find((track) => track.id !== current?.id);
  useEffect(() => {
    if (following) void queries.prefetchQuery(trpc.track.get.queryOptions({ id: following.id }));
  }, [queries, trpc, following]);

  const goOn = useCallback(
    (from: TrackSummary) => {
      const rest = waiting.filter((track) => track.id !== from.id);
      const next = rest[0];
      const { track, status } = player.getState();
      const wasOn =
        track?.id === from.id && (status === 'playing' || status === 'loading' || status === 'ended');
      if (next && wasOn) void player.play(next, rest);
      else if (next && (track === null || track.id === from.id)) player.recue(next, rest);
    },
    [player, waiting],
  );

  const rateAndGoOn = useCallback(
    (value: RatingValue) => {
      if (!current) return;
      rate(current, value);
      goOn(current);
    },
    [current, rate, goOn],
  );
  const pass = useCallback(() => {
    if (!current) return;
    setPassed((before) => new Set(before).add(current.id));
    goOn(current);
  }, [current, goOn]);

  return { queue, current, waiting, rateAndGoOn, pass, undo };
}
