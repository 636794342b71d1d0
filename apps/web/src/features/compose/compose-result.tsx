'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/ui/button.tsx';
import { ErrorState, Skeleton } from '@/components/ui/states.tsx';
import { TrackWords } from '@/components/ui/track-words.tsx';
import { ReasonChips } from '@/features/for-you/reason-chips.tsx';
import { PlayButton } from '@/features/player/play-button.tsx';
import { StarButtons } from '@/features/rating/rating-buttons.tsx';
import { PianoRoll } from '@/features/roll/piano-roll.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

interface ComposeResultProps {
  readonly trackId: string;
  /** What follows from the result. */
  readonly children?: ReactNode;
}

/** The finished piece: heard, seen, rated, explained, and gone on from. */
export function ComposeResult({ trackId, children }: ComposeResultProps): ReactNode {
  const trpc = useTRPC();
  const detail = useQuery(trpc.track.get.queryOptions({ id: trackId }));
  if (detail.isPending) return <Skeleton className="h-96" />;
  if (detail.isError)
    return <ErrorState message={errorMessage(detail.error)} onRetry={() => void detail.refetch()} />;
  const { summary, roll, provenance } = detail.data;
  return (
    <div className="flex flex-col gap-3">
      <p role="status" className="sr-only">
        {strings.compose.done}
      </p>
      <div className="flex flex-wrap items-center gap-4">
        <PlayButton track={summary} tone="filled" />
        <div className="min-w-0 flex-1">
          <h3 className="truncate text-16 font-medium">{summary.title}</h3>
          <TrackWords track={summary} />
        </div>
        <StarButtons track={summary} />
      </div>
      {provenance ? <ReasonChips reasons={provenance.reasons} /> : null}
      {roll ? <PianoRoll roll={roll} track={summary} className="h-56" /> : null}
      <div className="flex flex-wrap gap-2">
        {children}
        <Link href={`/track/${trackId}`} className={buttonClass()}>
          {strings.compose.open}
        </Link>
      </div>
    </div>
  );
}
