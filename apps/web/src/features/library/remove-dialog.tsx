'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { Dialog } from '@/components/ui/dialog.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { usePlayer } from '@/features/player/player-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

/** Asks before a track of one's own is deleted. */
export function RemoveDialog({
  track,
  onClose,
}: {
  track: TrackSummary | null;
  onClose: () => void;
}): ReactNode {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const player = usePlayer();
  const { toast } = useFeedback();
  const remove = useMutation(
    trpc.library.remove.mutationOptions({
      onSuccess: () => {
        if (!track) return;
        if (player.getState().track?.id === track.id) player.clear();
        toast({ message: strings.library.removed(track.title) });
        void queries.invalidateQueries();
        onClose();
      },
      onError: (error) => {
        toast({ message: errorMessage(error), tone: 'error' });
        onClose();
      },
    }),
  );
  return (
    <Dialog open={track !== null} onClose={onClose} title={strings.library.removeTitle}>
      <p>{track ? strings.library.removeText(track.title) : null}</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{strings.common.cancel}</Button>
        <Button
          tone="danger"
          disabled={remove.isPending}
          onClick={() => track && remove.mutate({ trackId: track.id })}
        >
          {strings.library.removeConfirm}
        </Button>
      </div>
    </Dialog>
  );
}
