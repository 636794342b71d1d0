'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import type { inferRouterInputs } from '@trpc/server';
import { useCallback, useState } from 'react';
import type { ComposeEvent } from '@/api/types.ts';
import { usePlayer } from '@/features/player/player-provider.tsx';
import type { AppRouter } from '@/server/routers/app.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { composeState, type ComposeState } from './compose-state.ts';

export type ComposeRequest = inferRouterInputs<AppRouter>['compose']['start'];

export interface Composing {
  readonly state: ComposeState;
  readonly start: (request: ComposeRequest) => void;
  readonly cancel: () => void;
  readonly dismiss: () => void;
  /** What was asked for last. */
  readonly request: ComposeRequest | null;
}

/** One composing job from the asking to the finished piece, which starts to play. */
export function useCompose(): Composing {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const player = usePlayer();
  const [jobId, setJobId] = useState<string | null>(null);
  const [request, setRequest] = useState<ComposeRequest | null>(null);
  const [event, setEvent] = useState<ComposeEvent | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const starting = useMutation(
    trpc.compose.start.mutationOptions({
      onSuccess: (job) => setJobId(job.jobId),
      onError: (error) => setFailure(errorMessage(error)),
    }),
  );
  const cancelling = useMutation(
    trpc.compose.cancel.mutationOptions({ onError: (error) => setFailure(errorMessage(error)) }),
  );

  const finish = useCallback(
    async (done: ComposeEvent) => {
      void queries.invalidateQueries({ queryKey: trpc.library.pathKey() });
      void queries.invalidateQueries({ queryKey: trpc.compose.jobs.queryKey() });
      if (!done.trackId) return;
      const detail = await queries.fetchQuery(trpc.track.get.queryOptions({ id: done.trackId }));
      await player.play(detail.summary);
    },
    [queries, trpc, player],
  );

  const ended = event !== null && !isUnderWay(event);
  useSubscription(
    trpc.compose.progress.subscriptionOptions(
      { jobId: jobId ?? '' },
      {
        enabled: jobId !== null && !ended,
        onData: ({ data }) => {
          // An event without a picture leaves the last one standing.
          setEvent((before) => ({ ...data, ...carried(before, data) }));
          if (data.status === 'done') void finish(data);
        },
        onError: (error) => setFailure(errorMessage(error)),
      },
    ),
  );

  const dismiss = useCallback(() => {
    setJobId(null);
    setEvent(null);
    setFailure(null);
  }, []);
  const { mutate: send, isPending } = starting;
  const start = useCallback(
    (next: ComposeRequest) => {
      dismiss();
      setRequest(next);
      send(next);
    },
    [dismiss, send],
  );
  const cancel = useCallback(() => {
    if (jobId) cancelling.mutate({ jobId });
  }, [jobId, cancelling]);

  return {
    state: composeState({ asked: isPending || jobId !== null, event, failure }),
    start,
    cancel,
    dismiss,
    request,
  };
}

function isUnderWay(event: ComposeEvent): boolean {
  return event.status === 'queued' || event.status === 'running';
}

function carried(before: ComposeEvent | null, now: ComposeEvent): Partial<ComposeEvent> {
  if (!before || before.jobId !== now.jobId) return {};
  return {
    ...(now.preview === undefined && before.preview ? { preview: before.preview } : {}),
    ...(now.bars === undefined && before.bars !== undefined ? { bars: before.bars } : {}),
    ...(now.seed === undefined && before.seed !== undefined ? { seed: before.seed } : {}),
  };
}
