'use client';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { AdminClassification } from '@/api/types.ts';
import { Button, IconButton } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/states.tsx';
import { TrackWords } from '@/components/ui/track-words.tsx';
import { PlayButton } from '@/features/player/play-button.tsx';
import { PianoRoll } from '@/features/roll/piano-roll.tsx';
import { ClassificationBars } from '@/features/track/classifications.tsx';
import { Waveform } from '@/features/track/waveform.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { keyOfLabel } from './label-keys.ts';
import { AddedLabels } from './labels/added-labels.tsx';
import { LabelPicker } from './label-picker.tsx';

interface LabelPanelProps {
  readonly row: AdminClassification;
  readonly labels: readonly string[];
  /** null takes the label back. */
  readonly onLabel: (label: string | null, how?: { readonly typed: boolean }) => void;
  readonly onMove: (by: number) => void;
}

const t = strings.admin;

/** The chosen track: heard, seen, what the models say, and a button with a key for every label. */
export function LabelPanel({ row, labels, onLabel, onMove }: LabelPanelProps): ReactNode {
  const { track, classification, others, correctedLabel } = row;
  return (
    <aside
      aria-label={t.correct(track.title)}
      className="flex flex-col gap-4 lg:sticky lg:top-4 lg:self-start"
    >
      <div className="flex items-center gap-3">
        <PlayButton track={track} tone="filled" />
        <div className="min-w-0 flex-1">
          <Link href={`/track/${track.id}`} className="block truncate text-16 font-medium hover:underline">
            {track.title}
          </Link>
          <TrackWords track={track} />
        </div>
        <IconButton label={t.previousRow} hotkey="↑" onClick={() => onMove(-1)}>
          <ArrowUp size={20} aria-hidden />
        </IconButton>
        <IconButton label={t.nextRow} hotkey="↓" onClick={() => onMove(1)}>
          <ArrowDown size={20} aria-hidden />
        </IconButton>
      </div>
      <div role="group" aria-label={t.labels(track.title)} className="grid grid-cols-2 gap-1">
        {labels.map((label, index) => (
          <button
            key={label}
            type="button"
            aria-pressed={correctedLabel === label}
            onClick={() => onLabel(label)}
            className="flex min-h-11 items-center justify-between gap-2 rounded-md border border-line px-3 text-left hover:bg-hover aria-pressed:border-accent aria-pressed:bg-tint"
          >
            <span className="truncate">{styleName(label)}</span>
            <kbd className="font-mono text-12 text-quiet" aria-hidden>
              {keyOfLabel(index)}
            </kbd>
          </button>
        ))}
      </div>
      <LabelPicker labels={labels} onLabel={(label) => onLabel(label, { typed: true })} />
      <AddedLabels />
      {correctedLabel ? (
        <Button tone="ghost" className="self-start" onClick={() => onLabel(null)}>
          {t.uncorrect}
        </Button>
      ) : null}
      <p className="text-12 text-quiet">{t.choose}</p>
      <ClassificationBars classification={classification} />
      {others
        .filter((other) => other.model !== classification.model)
        .map((other) => (
          <ClassificationBars key={other.model} classification={other} />
        ))}
      <Picture row={row} />
    </aside>
  );
}

function Picture({ row: { track } }: { row: AdminClassification }): ReactNode {
  const trpc = useTRPC();
  const detail = useQuery(trpc.track.get.queryOptions({ id: track.id }));
  if (!detail.data) return <Skeleton className="h-40" />;
  return detail.data.roll ? (
    <PianoRoll key={track.id} roll={detail.data.roll} track={track} className="h-40" />
  ) : (
    <Waveform track={track} />
  );
}
