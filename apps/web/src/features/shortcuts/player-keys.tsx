'use client';
import { createContext, lazy, Suspense, use, useCallback, useState, type ReactNode } from 'react';
import { usePlayer } from '@/features/player/player-provider.tsx';
import { useRating } from '@/features/rating/rating-provider.tsx';
import { starsOf } from './keymap.ts';
import { useKeys } from './shortcuts-provider.tsx';

/** Its code comes when it is asked for. */
const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx'));
const SEEK_STEP = 5;
const SheetContext = createContext<() => void>(() => undefined);

/** Opens the list of keys. */
export const useShortcutSheet = (): (() => void) => use(SheetContext);

/** The keys that work on every page: they drive the player and rate what plays. */
export function PlayerKeys({ children }: { children: ReactNode }): ReactNode {
  const player = usePlayer();
  const { rate, undo } = useRating();
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(false);
  const show = useCallback(() => {
    setAsked(true);
    setOpen(true);
  }, []);

  useKeys(
    ({ command }) => {
      if (!command) return false;
      const { track: current, live } = player.getState();
      const track = live ? null : current;
      const stars = starsOf(command);
      if (command === 'toggle') void player.toggle();
      else if (command === 'seek-back') player.seekBy(-SEEK_STEP);
      else if (command === 'seek-forward') player.seekBy(SEEK_STEP);
      else if (command === 'previous') void player.previous();
      else if (command === 'next') void player.next();
      else if (command === 'undo') undo();
      else if (command === 'help') show();
      else if (!track) return false;
      else if (stars) rate(track, stars);
      else if (command === 'skip' || command === 'not-for-me' || command === 'more-like-this')
        rate(track, command);
      return true;
    },
    { fallback: true },
  );

  return (
    <SheetContext value={show}>
      {children}
      {asked ? (
        <Suspense>
          <ShortcutSheet open={open} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </SheetContext>
  );
}
