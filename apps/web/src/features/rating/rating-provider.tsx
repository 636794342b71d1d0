'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  use,
  useCallback,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { RatingEffect, RatingValue, TrackSummary } from '@/api/types.ts';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { ratingDone, effectWords } from './rating-words.ts';
import { RatingStore, type LastEffect } from './rating-store.ts';

export interface Rating {
  readonly rate: (track: TrackSummary, value: RatingValue) => void;
  /** Takes back the latest rating, of one track or of all. */
  readonly undo: (trackId?: string) => void;
  readonly store: RatingStore;
}

const RatingContext = createContext<Rating | null>(null);

/** Rating is one gesture: shown at once, sent in order, undoable for ten seconds, its effect told when known. */
export function RatingProvider({ children }: { children: ReactNode }): ReactNode {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const [store] = useState(() => new RatingStore());
  const { mutateAsync: send } = useMutation(trpc.rating.set.mutationOptions());
  const { mutateAsync: sendUndo } = useMutation(trpc.rating.undo.mutationOptions());
  const tail = useRef<Promise<void>>(Promise.resolve());

  /** One after the other, so that an undo never overtakes its rating. */
  const inOrder = useCallback((work: () => Promise<void>) => {
    tail.current = tail.current.then(work);
  }, []);

  const settle = useCallback(
    (track: TrackSummary, effect: RatingEffect) => {
      store.setEffect({ track, effect });
      for (const key of [trpc.recommend, trpc.taste, trpc.rating, trpc.viewer]) {
        void queries.invalidateQueries({ queryKey: key.pathKey() });
      }
    },
    [store, queries, trpc],
  );

  const undo = useCallback(
    (trackId?: string) => {
      const step = store.takeBack(trackId);
      if (!step) {
        toast({ message: strings.rating.nothingToUndo });
        return;
      }
      const message = strings.rating.undone(step.track.title);
      toast({ message });
      inOrder(async () => {
        try {
          const effect = await sendUndo({ trackId: step.track.id });
          settle(step.track, effect);
          toast({ message, detail: effectWords(effect) });
        } catch {
          store.rate(step.track, step.value);
          toast({ message: strings.rating.failed, tone: 'error' });
        }
      });
    },
    [store, toast, inOrder, settle, sendUndo],
  );

  const rate = useCallback(
    (track: TrackSummary, value: RatingValue) => {
      const step = store.rate(track, value);
      const done = {
        message: ratingDone(track, value),
        action: { label: strings.common.undo, run: () => undo(track.id) },
      };
      toast(done);
      inOrder(async () => {
        try {
          const effect = await send({ trackId: track.id, value });
          settle(track, effect);
          // The effect joins the toast that is up, unless something newer was said meanwhile.
          if (store.latest() === step) toast({ ...done, detail: effectWords(effect) });
        } catch {
          store.refuse(step);
          toast({ message: strings.rating.failed, tone: 'error' });
        }
      });
    },
    [store, toast, undo, inOrder, settle, send],
  );

  const rating = useMemo(() => ({ rate, undo, store }), [rate, undo, store]);
  return <RatingContext value={rating}>{children}</RatingContext>;
}

export function useRating(): Rating {
  const rating = use(RatingContext);
  if (!rating) throw new Error('useRating needs a RatingProvider above it.');
  return rating;
}

/** What the listener said about a track, as of now. */
export function useMyRating(track: TrackSummary | null): RatingValue | null {
  const { store } = useRating();
  useSyncExternalStore(store.subscribe, store.getRevision, () => 0);
  return track ? store.valueOf(track) : null;
}

export function useLastEffect(): LastEffect | null {
  const { store } = useRating();
  return useSyncExternalStore(store.subscribe, store.getEffect, () => null);
}
