'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import type { inferRouterInputs } from '@trpc/server';
import { useCallback, useState } from 'react';
import type { ComposeEvent } from '@/api/types.ts';
import type { AppRouter } from '@/server/routers/app.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

export type SampleWish = inferRouterInputs<AppRouter>['compose']['sample'];

/** Where a wish to another kind of model stands. */
export type SamplingState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'working'; readonly event: ComposeEvent | null }
  | { readonly phase: 'done'; readonly trackIds: readonly string[] }
  | { readonly phase: 'cancelled' }
  | { readonly phase: 'failed'; readonly message: string };

export interface Sampling {
  readonly state: SamplingState;
  readonly start: (wish: SampleWish) => void;
  readonly cancel: () => void;
}

/** One job of another kind of model, from the asking to its tracks. */
export function useSampling(): Sampling {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const [event, setEvent] = useState<ComposeEvent | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const fail = (error: unknown): void => setFailure(errorMessage(error));
  const starting = useMutation(
    trpc.compose.sample.mutationOptions({ onSuccess: (job) => setJobId(job.jobId), onError: fail }),
  );
  const cancelling = useMutation(trpc.compose.cancel.mutationOptions({ onError: fail }));
  const ended = event !== null && event.status !== 'queued' && event.status !== 'running';
  useSubscription(
    trpc.compose.progress.subscriptionOptions(
      { jobId: jobId ?? '' },
      {
        enabled: jobId !== null && !ended,
        onData: ({ data }) => {
          setEvent(data);
          if (data.status === 'done') void queries.invalidateQueries({ queryKey: trpc.library.pathKey() });
        },
        onError: fail,
      },
    ),
  );
  const { mutate: send, isPending } = starting;
  const start = useCallback(
    (wish: SampleWish) => {
      setJobId(null);
      setEvent(null);
      setFailure(null);
      send(wish);
    },
    [send],
  );
  const { mutate: sendCancel } = cancelling;
  const cancel = useCallback(() => {
    if (jobId) sendCancel({ jobId });
  }, [jobId, sendCancel]);
  return { state: stateOf(event, failure, isPending || jobId !== null), start, cancel };
}

function stateOf(event: ComposeEvent | null, failure: string | null, asked: boolean): SamplingState {
  if (event?.status === 'done')
    return { phase: 'done', trackIds: event.trackIds ?? (event.trackId ? [event.trackId] : []) };
  if (event?.status === 'cancelled') return { phase: 'cancelled' };
  if (event?.status === 'failed') return { phase: 'failed', message: event.error ?? strings.others.failed };
  if (failure) return { phase: 'failed', message: failure };
  return asked ? { phase: 'working', event } : { phase: 'idle' };
}
