'use client';
import { useEffect, useState } from 'react';
import { usePlayer, usePlayerState } from './player-provider.tsx';

/** The position in seconds, about `perSecond` times a second while playing. For drawing use `player.position()`. */
export function usePosition(perSecond = 4): number {
  const player = usePlayer();
  const { status, track } = usePlayerState();
  const [position, setPosition] = useState(0);

  useEffect(() => {
    const read = (): void => setPosition(player.position());
    read();
    const unsubscribe = player.subscribe(read);
    const timer = status === 'playing' ? setInterval(read, 1000 / perSecond) : undefined;
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, [player, status, track, perSecond]);

  return position;
}
