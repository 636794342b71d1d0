'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { inferRouterInputs } from '@trpc/server';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ComposeEvent } from '@/api/types.ts';
import { useBrowserPlayer } from '@/features/player/player-provider.tsx';
import type { AppRouter } from '@/server/routers/app.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC, useTRPCClient } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { composeState, type ComposeState } from './compose-state.ts';
import { Listening, prepareListening, writtenOf } from './listen.ts';

export type ComposeRequest = inferRouterInputs<AppRouter>['compose']['start'];

export interface Composing {
  readonly state: ComposeState;
  readonly start: (request: ComposeRequest, bars: number) => void;
  readonly cancel: () => void;
  readonly dismiss: () => void;
}

/** What is under way for one press; kept outside of the page, so that a piece that plays plays on without it. */
interface Errand {
  jobId: string | null;
  readonly bars: number;
  readonly listens: boolean;
  listening: Listening | null;
  unsubscribe: () => void;
}

/** One composing job from the asking to the finished piece: heard while it is written, or once it is done. */
export function useCompose(): Composing {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const browser = useBrowserPlayer();
  const errand = useRef<Errand | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const [event, setEvent] = useState<ComposeEvent | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const finish = useCallback(
    async (done: ComposeEvent, { listening }: Errand) => {
      void queries.invalidateQueries({ queryKey: trpc.library.pathKey() });
      void queries.invalidateQueries({ queryKey: trpc.compose.jobs.queryKey() });
      if (!done.trackId) return;
      const { roll, summary } = await queries.fetchQuery(trpc.track.get.queryOptions({ id: done.trackId }));
      if (listening && roll) listening.complete(roll, summary);
      else await browser.player.play(summary);
    },
    [queries, trpc, browser],
  );

  const follow = useCallback(
    (jobId: string, own: Errand) => {
      own.jobId = jobId;
      if (own.listens) own.listening = new Listening(browser, jobId);
      const subscription = client.compose.progress.subscribe(
        { jobId },
        {
          onData: ({ data }) => {
            // An event without a picture leaves the last one standing.
            if (errand.current === own) setEvent((before) => ({ ...data, ...carried(before, data) }));
            const written = writtenOf(data, own.bars);
            if (written) own.listening?.write(written);
            if (isUnderWay(data)) return;
            subscription.unsubscribe();
            if (data.status === 'done')
              void finish(data, own).catch((error: unknown) => setFailure(errorMessage(error)));
            else own.listening?.fail(data.error ?? strings.compose.cancelled);
          },
          onError: (error) => {
            own.listening?.fail(strings.compose.failed);
            if (errand.current === own) setFailure(errorMessage(error));
          },
        },
      );
      own.unsubscribe = () => subscription.unsubscribe();
    },
    [client, browser, finish],
  );

  const starting = useMutation(trpc.compose.start.mutationOptions());
  const cancelling = useMutation(
    trpc.compose.cancel.mutationOptions({ onError: (error) => setFailure(errorMessage(error)) }),
  );
  const dismiss = useCallback(() => {
    errand.current = null;
    setJobId(null);
    setEvent(null);
    setFailure(null);
  }, []);
  const { mutateAsync: send, isPending } = starting;
  const start = useCallback(
    (request: ComposeRequest, bars: number) => {
      dismiss();
      const listens = request.mode === 'controls' && request.listen === true;
      const own: Errand = { jobId: null, bars, listens, listening: null, unsubscribe: () => undefined };
      errand.current = own;
      if (request.mode === 'controls' && listens)
        prepareListening(browser, request.conditioning.instruments ?? []);
      send(request).then(
        (job) => {
          if (errand.current === own) setJobId(job.jobId);
          follow(job.jobId, own);
        },
        (error: unknown) => errand.current === own && setFailure(errorMessage(error)),
      );
    },
    [dismiss, send, follow, browser],
  );
  const { mutate: sendCancel } = cancelling;
  const cancel = useCallback(() => {
    if (jobId) sendCancel({ jobId });
  }, [jobId, sendCancel]);

  // A page that is left lets go of its job, unless it is being heard.
  useEffect(
    () => () => {
      const own = errand.current;
      if (own && !own.listening) own.unsubscribe();
      errand.current = null;
    },
    [],
  );

  return {
    state: composeState({ asked: isPending || jobId !== null, event, failure }),
    start,
    cancel,
    dismiss,
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
