import Link from 'next/link';
import type { ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { TrackWords } from '@/components/ui/track-words.tsx';
import { Thumbnail } from '@/features/roll/thumbnail.tsx';
import { strings } from '@/strings/index.ts';

export function UpNext({ tracks }: { tracks: readonly TrackSummary[] }): ReactNode {
  if (tracks.length === 0) return null;
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <h2 className="text-16">{strings.discover.upNext}</h2>
      <ul className="flex flex-col">
        {tracks.map((track) => (
          <li key={track.id}>
            <Link
              href={`/track/${track.id}`}
              className="flex items-center gap-3 rounded-md p-1 hover:bg-hover"
            >
              <Thumbnail notes={track.thumbnail} className="h-9 w-16 shrink-0" />
              <div className="min-w-0">
                <p className="truncate font-medium">{track.title}</p>
                <TrackWords track={track} />
              </div>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
