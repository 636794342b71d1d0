'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { PlayButton } from '@/features/player/play-button.tsx';
import { StarButtons } from '@/features/rating/rating-buttons.tsx';
import { Thumbnail } from '@/features/roll/thumbnail.tsx';
import { TrackWords } from './track-words.tsx';

interface TrackRowProps {
  readonly track: TrackSummary;
  readonly queue: readonly TrackSummary[];
  /** Under the words: reasons, badges. */
  readonly children?: ReactNode;
  /** At the end of the row: more actions. */
  readonly actions?: ReactNode;
}

/** A track in a list: play, picture, title, words, stars. */
export function TrackRow({ track, queue, children, actions }: TrackRowProps): ReactNode {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-3">
      <PlayButton track={track} queue={queue} />
      <Thumbnail notes={track.thumbnail} className="hidden h-11 w-24 shrink-0 sm:block" />
      <div className="flex min-w-0 flex-1 basis-48 flex-col">
        <Link href={`/track/${track.id}`} className="truncate text-16 font-medium hover:underline">
          {track.title}
        </Link>
        <TrackWords track={track} />
        {children}
      </div>
      <div className="flex items-center max-md:w-full max-md:justify-between">
        <StarButtons track={track} compact />
        {actions}
      </div>
    </li>
  );
}
