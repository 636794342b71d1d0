'use client';
import { ChevronUp, Repeat, SkipBack } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { buttonClass, IconButton } from '@/components/ui/button.tsx';
import { Dialog } from '@/components/ui/dialog.tsx';
import { StarButtons, WordButtons } from '@/features/rating/rating-buttons.tsx';
import { strings } from '@/strings/index.ts';
import { usePlayer, usePlayerState } from './player-provider.tsx';
import { VolumeSlider } from './volume-slider.tsx';

/** On phones the bar has room for little: the rest of the player is one tap away. */
export function PlayerSheet(): ReactNode {
  const player = usePlayer();
  const { track, loop, live } = usePlayerState();
  const rated = live ? null : track;
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton className="md:hidden" label={strings.player.moreControls} onClick={() => setOpen(true)}>
        <ChevronUp size={20} aria-hidden />
      </IconButton>
      <Dialog open={open} onClose={() => setOpen(false)} title={track?.title ?? strings.player.label}>
        <StarButtons track={rated} />
        <WordButtons track={rated} />
        <div className="flex items-center gap-2">
          <IconButton
            label={strings.player.previous}
            disabled={!track}
            onClick={() => {
              void player.previous();
            }}
          >
            <SkipBack size={20} aria-hidden />
          </IconButton>
          <IconButton label={strings.player.loop} pressed={loop} onClick={() => player.setLoop(!loop)}>
            <Repeat size={20} aria-hidden />
          </IconButton>
          <VolumeSlider />
        </div>
        {track && !live ? (
          <Link href={`/track/${track.id}`} className={buttonClass()} onClick={() => setOpen(false)}>
            {strings.compose.open}
          </Link>
        ) : null}
      </Dialog>
    </>
  );
}
