'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PressedChip, TasteDimension, TasteView } from '@/api/types.ts';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { useRating } from '@/features/rating/rating-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { leanWords } from './taste-words.ts';

/** Corrections, taking pressed reasons back, and the reset; all answer with the new taste, which is shown at once. */
export function useCorrectTaste() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const { store } = useRating();

  const show = (taste: TasteView): void => {
    queries.setQueryData(trpc.taste.get.queryKey(), taste);
    void queries.invalidateQueries({ queryKey: trpc.recommend.pathKey() });
  };
  const onError = (error: unknown): void => toast({ message: errorMessage(error), tone: 'error' });
  const correction = useMutation(trpc.taste.correct.mutationOptions({ onSuccess: show, onError }));
  const resetting = useMutation(trpc.taste.reset.mutationOptions({ onSuccess: show, onError }));

  const undoing = useMutation(trpc.taste.undoSteering.mutationOptions({ onSuccess: show, onError }));

  return {
    busy: correction.isPending || resetting.isPending || undoing.isPending,
    takeBack: ({ kind, name, direction, label, action }: PressedChip): void => {
      undoing.mutate(
        { kind, name, direction },
        {
          onSuccess: () =>
            toast({ message: strings.taste.chips.takenBack(strings.forYou.steered[action](label)) }),
        },
      );
    },
    correct: (dimension: TasteDimension, value: number | null): void => {
      correction.mutate({ dimension: dimension.name, value });
      if (value !== null) toast({ message: strings.taste.correctedNow(leanWords(dimension, value)) });
    },
    reset: (after: () => void): void => {
      resetting.mutate(undefined, {
        onSuccess: () => {
          store.clear();
          toast({ message: strings.taste.resetDone });
          void queries.invalidateQueries();
        },
        onSettled: after,
      });
    },
  };
}
