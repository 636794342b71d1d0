'use client';
import { useQuery } from '@tanstack/react-query';
import { RefreshCw, Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { ErrorState } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { ComposeProgress } from './compose-progress.tsx';
import { ComposeResult } from './compose-result.tsx';
import { useCompose } from './use-compose.ts';

const BARS = 16;

/** One button: a piece for this listener's taste, or for one of their moods. */
export function ComposeForMe({ mood }: { readonly mood: string | null }): ReactNode {
  const trpc = useTRPC();
  const options = useQuery(trpc.compose.options.queryOptions());
  const { state, start, cancel } = useCompose();
  const working = state.phase === 'working';
  const unavailable = options.data?.available === false;
  const compose = (): void => start({ mode: 'taste', bars: BARS, ...(mood === null ? {} : { mood }) }, BARS);

  return (
    <section
      aria-label={strings.forYou.compose}
      className="flex flex-col gap-4 rounded-md border border-line bg-panel p-4"
    >
      {unavailable ? (
        <div>
          <p className="font-medium">{strings.compose.unavailable}</p>
          <p className="text-quiet">{options.data?.reason ?? strings.compose.unavailableHint}</p>
        </div>
      ) : state.phase === 'done' ? null : (
        <Button
          tone="primary"
          className="self-start"
          disabled={working}
          aria-busy={working}
          onClick={compose}
        >
          <Sparkles size={20} aria-hidden />
          {working ? strings.forYou.composing : strings.forYou.compose}
        </Button>
      )}
      {state.phase === 'working' ? (
        <ComposeProgress event={state.event} bars={BARS} onCancel={cancel} />
      ) : null}
      {state.phase === 'cancelled' ? <p role="status">{strings.compose.cancelled}</p> : null}
      {state.phase === 'failed' ? <ErrorState message={state.message} onRetry={compose} /> : null}
      {state.phase === 'done' ? (
        <ComposeResult trackId={state.trackId}>
          <Button tone="primary" onClick={compose}>
            <RefreshCw size={16} aria-hidden />
            {strings.compose.again}
          </Button>
        </ComposeResult>
      ) : null}
    </section>
  );
}
