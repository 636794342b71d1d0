import type { ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { describeTrack, styleName } from '@/lib/describe.ts';
import { formatTime } from '@/lib/format.ts';

/** Style, words and length of a track on one quiet line. */
export function TrackWords({ track }: { track: TrackSummary }): ReactNode {
  const words = [styleName(track.style), describeTrack(track), formatTime(track.seconds)];
  return <p className="truncate text-12 text-quiet">{words.filter(Boolean).join(' · ')}</p>;
}
