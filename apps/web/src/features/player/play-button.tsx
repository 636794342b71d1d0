'use client';
import { clsx } from 'clsx';
import { LoaderCircle, Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { usePlayer, usePlayerState } from './player-provider.tsx';

interface PlayButtonProps {
  /** The track it plays; without one, whatever is in the player. */
  readonly track?: TrackSummary;
  readonly queue?: readonly TrackSummary[];
  readonly tone?: 'filled' | 'plain';
}

/** Plays or pauses a track, and shows which of the two it would do. */
export function PlayButton({ track, queue, tone = track ? 'plain' : 'filled' }: PlayButtonProps): ReactNode {
  const player = usePlayer();
  const state = usePlayerState();
  const target = track ?? state.track;
  const current = target !== null && state.track?.id === target.id;
  const playing = current && state.status === 'playing';
  const loading = current && state.status === 'loading';
  const { play, pause, playTrack, pauseTrack } = strings.player;
  const label = track ? (playing ? pauseTrack : playTrack)(track.title) : playing ? pause : play;
  const Icon = loading ? LoaderCircle : playing ? Pause : Play;

  return (
    <button
      type="button"
      aria-label={label}
      aria-busy={loading}
      title={track ? label : `${label} (Space)`}
      disabled={!target}
      onClick={() => {
        if (current || !track) void player.toggle();
        else void player.play(track, queue ?? [track]);
      }}
      className={clsx(
        'inline-flex size-11 shrink-0 items-center justify-center rounded-full border disabled:opacity-50',
        tone === 'filled'
          ? 'border-accent bg-accent text-on-accent hover:opacity-90'
          : 'border-edge bg-paper text-ink hover:bg-hover',
      )}
    >
      <Icon
        size={20}
        aria-hidden
        fill={loading ? 'none' : 'currentColor'}
        className={loading ? 'animate-spin' : undefined}
      />
    </button>
  );
}
