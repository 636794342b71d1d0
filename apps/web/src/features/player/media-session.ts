import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import type { Player } from './player.ts';

/** Media keys, lock screens and headsets drive the player, and see what plays. Returns the way to disconnect. */
export function connectMediaSession(player: Player): () => void {
  if (!('mediaSession' in navigator)) return () => undefined;
  const session = navigator.mediaSession;
  const actions: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => void player.toggle(),
    pause: () => player.pause(),
    stop: () => player.pause(),
    previoustrack: () => void player.previous(),
    nexttrack: () => void player.next(),
    seekbackward: (details) => player.seekBy(-(details.seekOffset ?? 5)),
    seekforward: (details) => player.seekBy(details.seekOffset ?? 5),
    seekto: (details) => {
      if (details.seekTime !== undefined) player.seek(details.seekTime);
    },
  };
  for (const [action, handler] of Object.entries(actions))
    setHandler(session, action as MediaSessionAction, handler);

  const show = (): void => {
    const { track, status, seconds } = player.getState();
    session.playbackState = status === 'playing' ? 'playing' : track ? 'paused' : 'none';
    session.metadata = track
      ? new MediaMetadata({ title: track.title, artist: styleName(track.style), album: strings.app.name })
      : null;
    if (track && seconds > 0) {
      session.setPositionState({
        duration: seconds,
        position: Math.min(player.position(), seconds),
        playbackRate: 1,
      });
    }
  };
  const unsubscribe = player.subscribe(show);
  return () => {
    unsubscribe();
    for (const action of Object.keys(actions)) setHandler(session, action as MediaSessionAction, null);
  };
}

function setHandler(
  session: MediaSession,
  action: MediaSessionAction,
  handler: MediaSessionActionHandler | null,
): void {
  try {
    session.setActionHandler(action, handler);
  } catch {
    // A browser that does not know an action refuses it; the others still work.
  }
}
