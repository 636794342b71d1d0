'use client';
import { useMutation } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTRPC } from '@/trpc/context.ts';
import { createBrowserPlayer, exposeProbe, type BrowserPlayer } from './create-player.ts';
import { connectMediaSession } from './media-session.ts';
import { Player, type PlayerState } from './player.ts';

const PlayerContext = createContext<BrowserPlayer | null>(null);

/** Holds the one player above all pages, so that navigation never stops the sound. */
export function PlayerProvider({ children }: { children: ReactNode }): ReactNode {
  const trpc = useTRPC();
  const { mutate: record } = useMutation(trpc.play.record.mutationOptions());
  const [browser] = useState(() => (typeof window === 'undefined' ? silentPlayer() : createBrowserPlayer()));
  const { player } = browser;
  useEffect(() => player.onListened((listened) => record(listened)), [player, record]);
  useEffect(() => connectMediaSession(player), [player]);
  useEffect(() => exposeProbe(browser), [browser]);

  return <PlayerContext value={browser}>{children}</PlayerContext>;
}

/** Stands in while the page is rendered on the server; it is never asked to play. */
function silentPlayer(): BrowserPlayer {
  const player = new Player({
    engineFor: () => {
      throw new Error('There is no sound on the server.');
    },
    now: () => 0,
  });
  return { player, admit: () => undefined, asked: () => undefined, firstSound: () => null };
}

/** The player together with what plays pieces in the air. */
export function useBrowserPlayer(): BrowserPlayer {
  const browser = use(PlayerContext);
  if (!browser) throw new Error('The player needs a PlayerProvider above it.');
  return browser;
}

export function usePlayer(): Player {
  return useBrowserPlayer().player;
}

export function usePlayerState(): PlayerState {
  const player = usePlayer();
  return useSyncExternalStore(player.subscribe, player.getState, serverState);
}

const SERVER_STATE: PlayerState = {
  track: null,
  queue: [],
  status: 'idle',
  seconds: 0,
  loop: false,
  volume: 0.8,
  error: null,
  live: false,
  waiting: false,
};
const serverState = (): PlayerState => SERVER_STATE;
