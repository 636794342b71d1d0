'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { Skeleton } from '@/components/ui/states.tsx';
import { usePlayer, usePlayerState } from '@/features/player/player-provider.tsx';
import { usePosition } from '@/features/player/use-position.ts';
import { prepare, usePalette, useSize } from '@/features/roll/use-canvas.ts';
import { formatTime } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { loadPeaks } from './peaks.ts';

const STEP = 5;

/** The loudness of a recording over time; a slider for keys, click to seek. */
export function Waveform({
  track,
  queue,
}: {
  track: TrackSummary;
  queue?: readonly TrackSummary[];
}): ReactNode {
  const peaks = useQuery({
    queryKey: ['peaks', track.id],
    queryFn: ({ signal }) => loadPeaks(track.id, signal),
    staleTime: Infinity,
    retry: false,
  });
  const player = usePlayer();
  const state = usePlayerState();
  const current = state.track?.id === track.id;
  const heard = usePosition();
  const position = current ? heard : 0;

  const seek = (seconds: number): void => {
    const target = Math.min(Math.max(0, seconds), track.seconds);
    if (current && (state.status === 'playing' || state.status === 'paused')) player.seek(target);
    else void player.play(track, queue ?? [track]).then(() => player.seek(target));
  };
  const step = (event: KeyboardEvent): void => {
    const targets: Record<string, number> = {
      ArrowRight: position + STEP,
      ArrowUp: position + STEP,
      ArrowLeft: position - STEP,
      ArrowDown: position - STEP,
      Home: 0,
      End: track.seconds,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    seek(target);
    event.preventDefault();
  };

  if (peaks.isPending) return <Skeleton className="h-40" />;
  return (
    <figure className="flex flex-col gap-2">
      <div
        role="slider"
        tabIndex={0}
        aria-label={strings.player.position}
        aria-valuemin={0}
        aria-valuemax={Math.round(track.seconds)}
        aria-valuenow={Math.round(position)}
        aria-valuetext={strings.player.positionText(formatTime(position), formatTime(track.seconds))}
        onKeyDown={step}
        onClick={(event) => {
          const { left, width } = event.currentTarget.getBoundingClientRect();
          seek(((event.clientX - left) / width) * track.seconds);
        }}
        className="h-40 cursor-crosshair rounded-md border border-line"
      >
        {peaks.data ? <PeakCanvas peaks={peaks.data} share={position / Math.max(1, track.seconds)} /> : null}
      </div>
      <figcaption className="text-quiet">
        {peaks.isError ? strings.track.waveformFailed : strings.track.waveform}
      </figcaption>
    </figure>
  );
}

function PeakCanvas({ peaks, share }: { peaks: Float32Array; share: number }): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(holder);
  const palette = usePalette(holder);
  useEffect(() => {
    if (!canvas.current || !size || !palette) return;
    const context = prepare(canvas.current, size);
    context.clearRect(0, 0, size.width, size.height);
    const columns = Math.floor(size.width / 3);
    for (let column = 0; column < columns; column++) {
      const from = Math.floor((column / columns) * peaks.length);
      const to = Math.max(from + 1, Math.floor(((column + 1) / columns) * peaks.length));
      let peak = 0;
      for (let index = from; index < to; index++) peak = Math.max(peak, peaks[index]!);
      const height = Math.max(2, peak * (size.height - 8));
      context.fillStyle = column / columns < share ? palette.accent : palette.instruments[7]!;
      context.fillRect(column * 3, (size.height - height) / 2, 2, height);
    }
  }, [peaks, share, size, palette]);
  return (
    <div ref={holder} aria-hidden className="size-full">
      <canvas ref={canvas} className="size-full" />
    </div>
  );
}
