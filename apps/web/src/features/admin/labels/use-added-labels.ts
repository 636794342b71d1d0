'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AddedLabel } from '@/api/labelling.ts';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

const t = strings.admin.addedLabels;

/** The added labels, and adding, renaming, placing and removing them, each with a way back. */
export function useAddedLabels() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const state = useQuery(trpc.admin.labelling.queryOptions());
  // What tracks are labelled as is in many answers: all of them are asked for again.
  const refresh = async (): Promise<void> => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: trpc.admin.pathKey() }),
      queries.invalidateQueries({ queryKey: trpc.track.pathKey() }),
    ]);
  };
  const failed = (error: unknown): void => toast({ message: errorMessage(error), tone: 'error' });
  const undone = { onSuccess: refresh, onError: failed };

  const restore = useMutation(trpc.admin.restoreLabel.mutationOptions(undone));
  const changeBack = useMutation(trpc.admin.changeLabel.mutationOptions(undone));
  const removeAgain = useMutation(trpc.admin.removeLabel.mutationOptions(undone));

  const add = useMutation(
    trpc.admin.addLabel.mutationOptions({
      onSuccess: async ({ label }) => {
        toast({
          message: t.added(styleName(label)),
          action: { label: strings.common.undo, run: () => removeAgain.mutate({ name: label }) },
        });
        await refresh();
      },
    }),
  );
  const change = useMutation(trpc.admin.changeLabel.mutationOptions({ onSuccess: refresh }));
  const remove = useMutation(
    trpc.admin.removeLabel.mutationOptions({
      onSuccess: async (removed) => {
        const { name, trackIds, replacement } = removed;
        toast({
          message: t.removed(styleName(name), trackIds.length, replacement && styleName(replacement)),
          action: {
            label: strings.common.undo,
            run: () => restore.mutate({ ...removed, trackIds: [...trackIds] }),
          },
        });
        await refresh();
      },
      onError: failed,
    }),
  );

  return {
    labels: state.data?.customLabels ?? [],
    parents: state.data?.parents ?? [],
    add,
    change,
    remove,
    /** True where it was taken; else `change` holds the error. */
    changeFrom: async (before: AddedLabel, { name: to, parent }: AddedLabel): Promise<boolean> => {
      const after = await change.mutateAsync({ name: before.name, to, parent }).catch(() => undefined);
      if (!after) return false;
      toast({
        message: t.changed(styleName(after.name)),
        action: {
          label: strings.common.undo,
          run: () => changeBack.mutate({ name: after.name, to: before.name, parent: before.parent }),
        },
      });
      return true;
    },
  };
}
