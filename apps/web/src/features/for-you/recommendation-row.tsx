'use client';
import type { ReactNode } from 'react';
import type { Recommendation, TrackSummary } from '@/api/types.ts';
import { TrackRow } from '@/components/ui/track-row.tsx';
import { strings } from '@/strings/index.ts';
import { ReasonChips } from './reason-chips.tsx';

interface RecommendationRowProps {
  readonly item: Recommendation;
  readonly queue: readonly TrackSummary[];
  /** Asks the list to stay as it is while a menu is open. */
  readonly onHold: (hold: boolean) => void;
}

export function RecommendationRow({ item, queue, onHold }: RecommendationRowProps): ReactNode {
  const { track, score, deviation, reasons } = item;
  const expected = strings.forYou.expected(score.toFixed(1), deviation.toFixed(1));
  return (
    <TrackRow
      track={track}
      queue={queue}
      actions={
        <span className="w-20 text-right text-12 text-quiet" title={expected}>
          <span aria-hidden>{strings.forYou.expectedShort(score.toFixed(1))}</span>
          <span className="sr-only">{expected}</span>
        </span>
      }
    >
      <ReasonChips reasons={reasons} onOpenChange={onHold} />
    </TrackRow>
  );
}
