'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect, type ReactNode } from 'react';
import type { TrackDetail } from '@/api/types.ts';
import { buttonClass } from '@/components/ui/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '@/components/ui/states.tsx';
import { TrackWords } from '@/components/ui/track-words.tsx';
import { GoOn } from '@/features/compose/go-on.tsx';
import { PlayButton } from '@/features/player/play-button.tsx';
import { StarButtons, WordButtons } from '@/features/rating/rating-buttons.tsx';
import { PianoRoll } from '@/features/roll/piano-roll.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorCode, errorMessage } from '@/trpc/error-message.ts';
import { Classifications } from './classifications.tsx';
import { Downloads } from './downloads.tsx';
import { Facts } from './facts.tsx';
import { ProvenanceView } from './provenance.tsx';
import { SimilarTracks } from './similar-tracks.tsx';
import { Waveform } from './waveform.tsx';

/** Everything about one track. */
export function TrackPage({ id }: { id: string }): ReactNode {
  const trpc = useTRPC();
  const detail = useQuery(trpc.track.get.queryOptions({ id }));
  const title = detail.data?.summary.title;
  useEffect(() => {
    if (title) document.title = `${title} · ${strings.app.name}`;
  }, [title]);

  if (detail.isPending) return <TrackSkeleton />;
  if (detail.isError) {
    const missing = ['track/not-found', 'access/denied'].includes(errorCode(detail.error) ?? '');
    return missing ? (
      <>
        <h1 className="sr-only">{strings.track.facts}</h1>
        <EmptyState title={strings.track.notFound}>
          <Link href="/library" className={buttonClass('primary')}>
            {strings.track.toLibrary}
          </Link>
        </EmptyState>
      </>
    ) : (
      <ErrorState message={errorMessage(detail.error)} onRetry={() => void detail.refetch()} />
    );
  }
  return <TrackView detail={detail.data} />;
}

function TrackView({ detail }: { detail: TrackDetail }): ReactNode {
  const { summary, roll, provenance } = detail;
  return (
    <article className="flex flex-col gap-4">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <PlayButton track={summary} tone="filled" />
        <div className="min-w-0 flex-1 basis-60">
          <h1 className="text-28 wrap-anywhere">{summary.title}</h1>
          <TrackWords track={summary} />
        </div>
        <StarButtons track={summary} />
      </header>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <WordButtons track={summary} />
      </div>
      {roll ? (
        <PianoRoll roll={roll} track={summary} className="h-72 md:h-96" />
      ) : (
        <Waveform track={summary} />
      )}
      {roll ? (
        <section className="flex flex-col gap-3">
          <h2 className="text-20">{strings.track.goOn}</h2>
          <GoOn trackId={summary.id} />
        </section>
      ) : null}
      <div className="mt-4 grid grid-cols-1 gap-8 md:grid-cols-2">
        <Facts detail={detail} />
        <Classifications detail={detail} />
        {provenance ? <ProvenanceView provenance={provenance} /> : null}
        <Downloads track={summary} />
      </div>
      <div className="mt-4">
        <SimilarTracks id={summary.id} />
      </div>
    </article>
  );
}

function TrackSkeleton(): ReactNode {
  return (
    <div className="flex flex-col gap-6">
      <p role="status" className="sr-only">
        {strings.common.loading}
      </p>
      <div className="flex items-center gap-4">
        <Skeleton className="size-11 rounded-full" />
        <div className="flex flex-1 flex-col gap-1">
          <Skeleton className="h-9 w-80 max-w-full" />
          <Skeleton className="h-4 w-64 max-w-full" />
        </div>
      </div>
      <Skeleton className="h-72 md:h-96" />
      <Skeleton className="h-11" />
      <div className="grid grid-cols-1 gap-8 md:grid-cols-2">
        <Skeleton className="h-56" />
        <Skeleton className="h-56" />
      </div>
    </div>
  );
}
