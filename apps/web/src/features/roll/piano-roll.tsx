'use client';
import { clsx } from 'clsx';
import { Maximize2, ScanLine, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useId, useMemo, type ReactNode } from 'react';
import type { PianoRollData, TrackSummary } from '@/api/types.ts';
import { IconButton } from '@/components/ui/button.tsx';
import { usePlayer, usePlayerState } from '@/features/player/player-provider.tsx';
import { usePosition } from '@/features/player/use-position.ts';
import { strings } from '@/strings/index.ts';
import { Legend } from './legend.tsx';
import { Minimap } from './minimap.tsx';
import { NotesTable } from './notes-table.tsx';
import { RollCanvas } from './roll-canvas.tsx';
import { RollSurface } from './roll-surface.tsx';
import { summariseRoll } from './summary.ts';
import { useRollView, type RollView } from './use-roll-view.ts';

interface PianoRollProps {
  readonly roll: PianoRollData;
  readonly track: TrackSummary;
  readonly queue?: readonly TrackSummary[];
  /** Height of the drawing, as a class. */
  readonly className?: string;
}

const ZOOM_STEP = 1.5;

/** The picture of a track's music, tied to the player: playhead, seek, zoom, pan, overview, words, table. */
export function PianoRoll({ roll, track, queue, className = 'h-80' }: PianoRollProps): ReactNode {
  const player = usePlayer();
  const state = usePlayerState();
  const current = state.track?.id === track.id;
  const playing = current && state.status === 'playing';
  const heard = usePosition();
  const position = current ? heard : 0;
  const view = useRollView(roll.seconds, false);
  const summary = useMemo(() => summariseRoll(roll), [roll]);
  const summaryId = useId();
  const { following, follow } = view;

  const onFrame = useCallback(
    (at: number) => {
      if (following) follow(at);
    },
    [following, follow],
  );
  const seek = (seconds: number): void => {
    const loaded = current && (state.status === 'playing' || state.status === 'paused');
    if (loaded) player.seek(seconds);
    else void player.play(track, queue ?? [track]).then(() => player.seek(seconds));
  };

  return (
    <figure aria-label={strings.roll.label(track.title)} className="flex flex-col gap-2">
      <div className={clsx('overflow-hidden rounded-md border border-line', className)}>
        <RollSurface roll={roll} view={view} position={position} onSeek={seek}>
          <RollCanvas
            roll={roll}
            view={view.view}
            position={current ? position : null}
            livePosition={playing ? player.position : null}
            onFrame={onFrame}
          />
        </RollSurface>
      </div>
      {view.view.span < roll.seconds ? (
        <Minimap roll={roll} view={view.view} position={current ? position : null} onShow={view.showFrom} />
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Legend tracks={roll.tracks} />
        <RollTools view={view} />
      </div>
      <figcaption id={summaryId} className="text-quiet">
        {summary}
      </figcaption>
      <NotesTable roll={roll} title={track.title} />
    </figure>
  );
}

function RollTools({ view }: { view: RollView }): ReactNode {
  return (
    <div className="flex">
      <IconButton label={strings.roll.zoomOut} onClick={() => view.zoom(ZOOM_STEP)}>
        <ZoomOut size={20} aria-hidden />
      </IconButton>
      <IconButton label={strings.roll.zoomIn} onClick={() => view.zoom(1 / ZOOM_STEP)}>
        <ZoomIn size={20} aria-hidden />
      </IconButton>
      <IconButton label={strings.roll.fit} onClick={view.showAll}>
        <Maximize2 size={20} aria-hidden />
      </IconButton>
      <IconButton
        label={strings.roll.follow}
        pressed={view.following}
        onClick={() => view.setFollowing(!view.following)}
      >
        <ScanLine size={20} aria-hidden />
      </IconButton>
    </div>
  );
}
