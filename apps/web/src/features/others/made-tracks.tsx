'use client';
import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Skeleton } from '@/components/ui/states.tsx';
import { TrackRow } from '@/components/ui/track-row.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';

/** The tracks that a model has just made, to be heard and rated. They are in the library already. */
export function MadeTracks({ ids }: { ids: readonly string[] }): ReactNode {
  const trpc = useTRPC();
  const details = useQueries({ queries: ids.map((id) => trpc.track.get.queryOptions({ id })) });
  const tracks = details.flatMap(({ data }) => (data ? [data.summary] : []));
  return (
    <>
      <p role="status">{strings.others.done(ids.length)}</p>
      <ul aria-label={strings.others.results} className="border-t border-line">
        {details.map(({ data }, i) =>
          data ? (
            <TrackRow key={ids[i]} track={data.summary} queue={tracks} />
          ) : (
            <Skeleton key={ids[i]} className="h-16" />
          ),
        )}
      </ul>
    </>
  );
}
