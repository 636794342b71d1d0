'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { TrackRow } from '@/components/ui/track-row.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

const TAKE = 6;

export function SimilarTracks({ id }: { id: string }): ReactNode {
  const trpc = useTRPC();
  const similar = useQuery(trpc.track.similar.queryOptions({ id, take: TAKE }));
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-20">{strings.track.similar}</h2>
      {similar.isPending ? (
        <SkeletonList count={3} className="h-16" />
      ) : similar.isError ? (
        <ErrorState message={errorMessage(similar.error)} onRetry={() => void similar.refetch()} />
      ) : similar.data.length === 0 ? (
        <p className="text-quiet">{strings.track.noSimilar}</p>
      ) : (
        <ul className="border-t border-line">
          {similar.data.map((track) => (
            <TrackRow key={track.id} track={track} queue={similar.data} />
          ))}
        </ul>
      )}
    </section>
  );
}
