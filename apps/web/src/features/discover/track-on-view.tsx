'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { lazy, Suspense, type ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { ErrorState, Skeleton } from '@/components/ui/states.tsx';
import { TrackWords } from '@/components/ui/track-words.tsx';
import { PlayButton } from '@/features/player/play-button.tsx';
import { PianoRoll } from '@/features/roll/piano-roll.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

/** Few tracks are recordings: its code comes with the first. */
const Waveform = lazy(async () => ({ default: (await import('@/features/track/waveform.tsx')).Waveform }));

const PICTURE = 'h-56 md:h-72';

interface TrackOnViewProps {
  readonly track: TrackSummary;
  readonly queue: readonly TrackSummary[];
}

/** The track to be rated: what it is, and what can be said about it at once. */
export function TrackTitle({
  track,
  queue,
  children,
}: TrackOnViewProps & { children: ReactNode }): ReactNode {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <PlayButton track={track} queue={queue} tone="filled" />
      <div className="min-w-0 flex-1 basis-48">
        <h2 className="truncate text-20">
          <Link href={`/track/${track.id}`} className="hover:underline">
            {track.title}
          </Link>
        </h2>
        <TrackWords track={track} />
      </div>
      {children}
    </div>
  );
}

/** Its notes, or the loudness of a recording. */
export function TrackPicture({ track, queue }: TrackOnViewProps): ReactNode {
  const trpc = useTRPC();
  const detail = useQuery(trpc.track.get.queryOptions({ id: track.id }));
  if (detail.isPending) return <PictureSkeleton />;
  if (detail.isError)
    return <ErrorState message={errorMessage(detail.error)} onRetry={() => void detail.refetch()} />;
  return detail.data.roll ? (
    <PianoRoll key={track.id} roll={detail.data.roll} track={track} queue={queue} className={PICTURE} />
  ) : (
    <Suspense fallback={<Skeleton className="h-40" />}>
      <Waveform key={track.id} track={track} queue={queue} />
    </Suspense>
  );
}

function PictureSkeleton(): ReactNode {
  return (
    <div className="flex flex-col gap-2">
      <Skeleton className={PICTURE} />
      <Skeleton className="h-10" />
      <Skeleton className="h-11" />
      <Skeleton className="h-5" />
      <Skeleton className="h-11 w-32" />
    </div>
  );
}

export function TrackOnViewSkeleton(): ReactNode {
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="sr-only">
        {strings.common.loading}
      </p>
      <div className="flex items-center gap-4">
        <Skeleton className="size-11 rounded-full" />
        <div className="flex flex-1 flex-col gap-1">
          <Skeleton className="h-6 w-64 max-w-full" />
          <Skeleton className="h-4 w-80 max-w-full" />
        </div>
      </div>
      <Skeleton className="h-11" />
      <PictureSkeleton />
    </div>
  );
}
