'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Reason, SteerAction } from '@/api/types.ts';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { effectWords } from '@/features/rating/rating-words.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

/** More, less or never of a reason; the list is fetched again and its rows move in place. */
export function useSteer(): { steer: (reason: Reason, action: SteerAction) => void; busy: boolean } {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const { mutate, isPending } = useMutation(
    trpc.recommend.steer.mutationOptions({
      onSuccess: (effect, { reason, action }) => {
        toast({ message: strings.forYou.steered[action](reason.label), detail: effectWords(effect) });
        void queries.invalidateQueries({ queryKey: trpc.recommend.pathKey() });
        void queries.invalidateQueries({ queryKey: trpc.taste.pathKey() });
        if (reason.kind === 'listeners')
          void queries.invalidateQueries({ queryKey: trpc.viewer.sharing.queryKey() });
      },
      onError: (error) => toast({ message: errorMessage(error), tone: 'error' }),
    }),
  );
  return { steer: (reason, action) => mutate({ reason: { ...reason }, action }), busy: isPending };
}
