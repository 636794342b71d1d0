import type { ReactNode } from 'react';
import type { FoundTrack } from '@/api/search.ts';
import { TrackRow } from '@/components/ui/track-row.tsx';
import { formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';

/** What was found, best first, with how well it fits. */
export function FoundList({
  found,
  busy = false,
}: {
  found: readonly FoundTrack[];
  busy?: boolean;
}): ReactNode {
  const queue = found.map(({ track }) => track);
  return (
    <ol aria-label={strings.search.results} aria-busy={busy} className="border-t border-line">
      {found.map(({ track, score, facts }) => (
        <TrackRow
          key={track.id}
          track={track}
          queue={queue}
          actions={
            <span className="w-16 text-right text-12 text-quiet tabular-nums">
              {strings.search.fits(formatPercent(score))}
            </span>
          }
        >
          {facts.length > 0 ? <p className="truncate text-12 text-quiet">{facts.join(' · ')}</p> : null}
        </TrackRow>
      ))}
    </ol>
  );
}
