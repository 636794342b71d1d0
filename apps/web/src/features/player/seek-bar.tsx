'use client';
import type { CSSProperties, ReactNode } from 'react';
import { formatTime } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { usePlayer, usePlayerState } from './player-provider.tsx';
import { usePosition } from './use-position.ts';

const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 5,
  ArrowUp: 5,
  ArrowLeft: -5,
  ArrowDown: -5,
  PageUp: 30,
  PageDown: -30,
};

/** A slider along the top edge of the player: time in seconds, arrow keys move it by five. */
export function SeekBar(): ReactNode {
  const player = usePlayer();
  const { seconds, track, status } = usePlayerState();
  const position = usePosition();
  const share = seconds > 0 ? Math.min(1, position / seconds) : 0;
  const ready = status === 'playing' || status === 'paused';
  return (
    <div className="absolute inset-x-0 -top-2 flex h-4 items-center">
      <input
        type="range"
        min={0}
        max={Math.max(1, seconds)}
        step="any"
        value={position}
        disabled={!track || !ready}
        aria-label={strings.player.position}
        aria-valuetext={strings.player.positionText(formatTime(position), formatTime(seconds))}
        onChange={(event) => player.seek(Number(event.target.value))}
        onKeyDown={(event) => {
          const by = KEY_STEPS[event.key];
          if (by === undefined) return;
          event.preventDefault();
          player.seekBy(by);
        }}
        style={{ '--share': ready ? `calc(8px + ${share} * (100% - 16px))` : '0px' } as CSSProperties}
        className="seek h-4 w-full"
      />
      {track ? (
        <span
          className="pointer-events-none absolute top-4 right-4 font-mono text-12 text-quiet tabular-nums max-md:hidden"
          aria-hidden
        >
          {formatTime(position)} / {formatTime(seconds)}
        </span>
      ) : null}
    </div>
  );
}
