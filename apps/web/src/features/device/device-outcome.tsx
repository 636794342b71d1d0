'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, Library, Play } from 'lucide-react';
import Link from 'next/link';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { Button, buttonClass } from '@/components/ui/button.tsx';
import { ErrorState } from '@/components/ui/states.tsx';
import { ComposeProgress } from '@/features/compose/compose-progress.tsx';
import { useBrowserPlayer } from '@/features/player/player-provider.tsx';
import { Legend } from '@/features/roll/legend.tsx';
import { LiveRoll } from '@/features/roll/live-roll.tsx';
import { summariseRoll } from '@/features/roll/summary.ts';
import { formatBytes } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import type { DevicePiece } from './composer-protocol.ts';
import type { DeviceComposing, DeviceState } from './use-device.ts';

const d = strings.device;

interface DeviceOutcomeProps {
  readonly device: DeviceComposing;
  readonly bars: number;
  readonly onAgain: () => void;
}

/** What comes of composing on this device: loading, bars as they are written, the piece. */
export function DeviceOutcome({ device, bars, onAgain }: DeviceOutcomeProps): ReactNode {
  const { state } = device;
  if (state.phase === 'loading') return <Loading state={state} onCancel={device.cancel} />;
  if (state.phase === 'writing') return <Writing state={state} bars={bars} onCancel={device.cancel} />;
  if (state.phase === 'cancelled') return <p role="status">{strings.compose.cancelled}</p>;
  if (state.phase === 'failed') return <ErrorState message={state.message} onRetry={onAgain} />;
  return state.phase === 'done' ? <Finished key={state.id} state={state} onAgain={onAgain} /> : null;
}

function Loading({
  state,
  onCancel,
}: {
  state: Extract<DeviceState, { phase: 'loading' }>;
  onCancel: () => void;
}): ReactNode {
  const { done, all } = state;
  const words = all > 0 ? d.loading(formatBytes(done), formatBytes(all)) : d.starting;
  return (
    <div className="flex flex-col gap-3">
      <div
        role="progressbar"
        aria-label={d.loadingLabel}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={all > 0 ? Math.round((100 * done) / all) : undefined}
        aria-valuetext={words}
        className="h-2 overflow-hidden rounded-full bg-hover"
      >
        <div className="h-full bg-accent" style={{ width: `${all > 0 ? (100 * done) / all : 0}%` }} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>{words}</p>
        <Button onClick={onCancel}>{strings.common.cancel}</Button>
      </div>
    </div>
  );
}

function Writing({
  state,
  bars,
  onCancel,
}: {
  state: Extract<DeviceState, { phase: 'writing' }>;
  bars: number;
  onCancel: () => void;
}): ReactNode {
  const { progress, seed } = state;
  const event = {
    jobId: '',
    status: 'running',
    stage: d.writing,
    done: progress?.done ?? 0,
    total: progress?.total ?? 0,
    seed,
    ...(progress ? { bars: progress.bars, preview: progress.roll } : {}),
  } as const;
  return <ComposeProgress event={event} bars={bars} onCancel={onCancel} />;
}

interface FinishedProps {
  readonly state: Extract<DeviceState, { phase: 'done' }>;
  readonly onAgain: () => void;
}

function Finished({ state: { piece, id, task, replay }, onAgain }: FinishedProps): ReactNode {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { player } = useBrowserPlayer();
  const online = useOnline();
  const [kept, setKept] = useState<TrackSummary | null>(null);
  const keeping = useMutation(
    trpc.compose.keep.mutationOptions({
      onSuccess: (track) => {
        setKept(track);
        void queries.invalidateQueries({ queryKey: trpc.library.pathKey() });
        // What plays is this piece: from now on it has a page and can be rated.
        if (player.getState().track?.id === id) player.rename(id, track);
      },
    }),
  );
  const { roll, title } = piece;
  return (
    <div className="flex flex-col gap-3">
      <p role="status">{kept ? d.kept : d.made}</p>
      <h3 className="truncate text-16 font-medium">{title}</h3>
      <div className="h-56 overflow-hidden rounded-md border border-line">
        <LiveRoll roll={roll} bars={roll.bars.length} />
      </div>
      <Legend tracks={roll.tracks} />
      <p className="text-quiet">{summariseRoll(roll)}</p>
      {keeping.isError ? (
        <p role="alert" className="text-danger">
          {d.keepFailed}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {kept ? (
          <Link href={`/track/${kept.id}`} className={buttonClass('primary')}>
            {strings.compose.open}
          </Link>
        ) : (
          <Button
            tone="primary"
            disabled={!online || keeping.isPending}
            aria-busy={keeping.isPending}
            onClick={() => keeping.mutate(wishOf(piece, task))}
          >
            <Library size={16} aria-hidden />
            {d.keep}
          </Button>
        )}
        {kept ? null : (
          <Button onClick={replay}>
            <Play size={16} aria-hidden />
            {strings.track.play}
          </Button>
        )}
        <MidiButton piece={piece} />
        <Button onClick={onAgain}>{strings.compose.again}</Button>
      </div>
      {kept ? null : <p className="text-12 text-quiet">{online ? d.loss : d.offline}</p>}
    </div>
  );
}

function MidiButton({ piece: { midi, title } }: { piece: DevicePiece }): ReactNode {
  return (
    <Button onClick={() => download(`${title}.mid`, new Blob([midi], { type: 'audio/midi' }))}>
      <Download size={16} aria-hidden />
      {d.midi}
    </Button>
  );
}

function download(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url)); // once the browser has begun to save
}

type KeepWish = Parameters<
  ReturnType<ReturnType<typeof useTRPC>['compose']['keep']['mutationOptions']>['mutationFn'] & {}
>[0];

function wishOf(
  { title, midi, seed, bars, conditioning, modelVersion, tokenizer }: DevicePiece,
  task: FinishedProps['state']['task'],
): KeepWish {
  const wish = {
    title,
    midi: base64Of(midi),
    seed,
    bars,
    conditioning,
    modelVersion,
    tokenizer,
    ...(task && { task }),
  };
  return wish as unknown as KeepWish; // the same shapes, but for what is read-only
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

function useOnline(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
}
