'use client';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ComposeEvent } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { Legend } from '@/features/roll/legend.tsx';
import { LiveRoll } from '@/features/roll/live-roll.tsx';
import { strings } from '@/strings/index.ts';
import { composeShare, composeWords } from './compose-state.ts';

interface ComposeProgressProps {
  readonly event: ComposeEvent | null;
  readonly bars: number;
  readonly onCancel: () => void;
}

/** Composing is watched: bars appear as they are written, with words, a bar of progress and a way out. */
export function ComposeProgress({ event, bars, onCancel }: ComposeProgressProps): ReactNode {
  const share = composeShare(event);
  const words = composeWords(event, bars);
  return (
    <div className="flex flex-col gap-3">
      <div className="h-56 overflow-hidden rounded-md border border-line">
        {event?.preview ? <LiveRoll roll={event.preview} bars={bars} /> : null}
      </div>
      <div className="min-h-5">{event?.preview ? <Legend tracks={event.preview.tracks} /> : null}</div>
      <div
        role="progressbar"
        aria-label={strings.compose.progressLabel}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuetext={words}
        className="h-2 overflow-hidden rounded-full bg-hover"
      >
        <div className="h-full bg-accent" style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>{words}</p>
        <Button onClick={onCancel} disabled={!event}>
          <X size={16} aria-hidden />
          {strings.compose.cancel}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {spoken(event)}
      </p>
    </div>
  );
}

/** Said aloud only when the stage or the try changes, not with every bar. */
function spoken(event: ComposeEvent | null): string {
  if (!event) return strings.compose.starting;
  if (event.status === 'queued') return strings.compose.queued;
  return event.candidate === undefined
    ? event.stage
    : `${event.stage}, ${strings.compose.candidate(event.candidate)}`;
}
