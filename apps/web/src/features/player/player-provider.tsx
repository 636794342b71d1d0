'use client';
import { useMutation } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTRPC } from '@/trpc/context.ts';
import { createBrowserPlayer, exposeProbe } from './create-player.ts';
import { connectMediaSession } from './media-session.ts';
import { Player, type PlayerState } from './player.ts';

const PlayerContext = createContext<Player | null>(null);

/** Holds the one player above all pages, so that navigation never stops the sound. */
export function PlayerProvider({ children }: { children: ReactNode }): ReactNode {
  const trpc = useTRPC();
  const { mutate: record } = useMutation(trpc.play.record.mutationOptions());
  const [player] = useState(() => (typeof window === 'undefined' ? silentPlayer() : createBrowserPlayer()));
  useEffect(() => player.onListened((listened) => record(listened)), [player, record]);
  useEffect(() => connectMediaSession(player), [player]);
  useEffect(() => exposeProbe(player), [player]);

  return <PlayerContext value={player}>{children}</PlayerContext>;
}

/** Stands in while the page is rendered on the server; it is never asked to play. */
function silentPlayer(): Player {
  return new Player({
    engineFor: () => {
      throw new Error('There is no sound on the server.');
    },
    now: () => 0,
  });
}

export function usePlayer(): Player {
  const player = use(PlayerContext);
  if (!player) throw new Error('usePlayer needs a PlayerProvider above it.');
  return player;
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
};
const serverState = (): PlayerState => SERVER_STATE;
