'use client';
import { Repeat, SkipBack, SkipForward } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button.tsx';
import { StarButtons } from '@/features/rating/rating-buttons.tsx';
import { Thumbnail } from '@/features/roll/thumbnail.tsx';
import { describeTrack, styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { MoreLikeThis } from './more-like-this.tsx';
import { PlayButton } from './play-button.tsx';
import { PlayerSheet } from './player-sheet.tsx';
import { usePlayer, usePlayerState } from './player-provider.tsx';
import type { PlayerState } from './player.ts';
import { SeekBar } from './seek-bar.tsx';
import { VolumeSlider } from './volume-slider.tsx';

/** The one player, at the bottom of every page. */
export function PlayerBar(): ReactNode {
  const player = usePlayer();
  const state = usePlayerState();
  const { track, loop } = state;
  const rated = state.live ? null : track;
  return (
    <section
      aria-label={strings.player.label}
      className="fixed inset-x-0 bottom-(--nav-height) z-30 h-(--player-height) border-t border-line bg-paper"
    >
      <SeekBar />
      <div className="grid h-full grid-cols-[1fr_auto] items-center gap-4 px-4 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
        <NowPlaying state={state} />
        <div className="flex items-center gap-1">
          <IconButton
            className="max-md:hidden"
            label={strings.player.previous}
            hotkey="Shift ←"
            disabled={!track}
            onClick={() => void player.previous()}
          >
            <SkipBack size={20} aria-hidden />
          </IconButton>
          <PlayButton />
          <IconButton
            label={strings.player.next}
            hotkey="Shift →"
            disabled={!player.hasNext()}
            onClick={() => void player.next()}
          >
            <SkipForward size={20} aria-hidden />
          </IconButton>
          <PlayerSheet />
        </div>
        <div className="hidden items-center justify-end gap-1 md:flex">
          <StarButtons track={rated} compact />
          <MoreLikeThis track={rated} />
          <IconButton label={strings.player.loop} pressed={loop} onClick={() => player.setLoop(!loop)}>
            <Repeat size={20} aria-hidden />
          </IconButton>
          <VolumeSlider />
        </div>
      </div>
    </section>
  );
}

function NowPlaying({ state }: { state: PlayerState }): ReactNode {
  const { track, status, error, live, waiting } = state;
  if (!track) {
    return (
      <div className="min-w-0">
        <p className="truncate font-medium">{strings.player.nothing}</p>
        <p className="truncate text-12 text-quiet">{strings.player.nothingHint}</p>
      </div>
    );
  }
  const loading =
    status === 'loading' ? strings.player.loading(track.title) : waiting ? strings.compose.waiting : '';
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Thumbnail notes={track.thumbnail} className="hidden h-10 w-16 shrink-0 sm:block" />
      <div className="min-w-0">
        {live ? (
          <p className="truncate font-medium">{track.title}</p>
        ) : (
          <Link href={`/track/${track.id}`} className="block truncate font-medium hover:underline">
            {track.title}
          </Link>
        )}
        <p className="truncate text-12 text-quiet">
          {error ? (
            <span role="alert" className="text-danger">
              {error}
            </span>
          ) : (
            (waiting || live
              ? [waiting ? strings.compose.waiting : strings.compose.listening]
              : [styleName(track.style), describeTrack(track)]
            )
              .filter(Boolean)
              .join(' · ')
          )}
        </p>
        <p role="status" className="sr-only">
          {loading}
        </p>
      </div>
    </div>
  );
}
