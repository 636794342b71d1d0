import { AudioEngine } from './audio-engine.ts';
import type { Engine } from './engine.ts';
import { Player } from './player.ts';
import { ScoreEngine } from './score-engine.ts';

const VOLUME_KEY = 'attune.volume';

/** What `window.__attunePlayer` tells; read-only, in every build, for end-to-end journeys and for support. */
export interface PlayerProbe {
  readonly contextState: string;
  readonly scheduledNotes: number;
  readonly position: number;
  readonly status: string;
  readonly trackId: string | null;
}

declare global {
  interface Window {
    readonly __attunePlayer?: PlayerProbe;
  }
}

/** A player with its real engines, which are made when first needed. */
export function createBrowserPlayer(): Player {
  const engines: { score?: Engine; audio?: Engine } = {};
  const player = new Player({
    engineFor: (track) =>
      track.kind === 'audio' ? (engines.audio ??= new AudioEngine()) : (engines.score ??= new ScoreEngine()),
    now: () => performance.now(),
    volume: storedVolume(),
  });
  player.subscribe(() => storeVolume(player.getState().volume));
  return player;
}

/** Puts the probe on the window; returns the way to take it off. */
export function exposeProbe(player: Player): () => void {
  Object.defineProperty(window, '__attunePlayer', {
    configurable: true,
    get: (): PlayerProbe => ({
      ...player.debug(),
      position: player.position(),
      status: player.getState().status,
      trackId: player.getState().track?.id ?? null,
    }),
  });
  return () => {
    delete (window as { __attunePlayer?: PlayerProbe }).__attunePlayer;
  };
}

function storedVolume(): number {
  const stored = Number(localStorage.getItem(VOLUME_KEY) ?? '0.8');
  return stored >= 0 && stored <= 1 ? stored : 0.8;
}

function storeVolume(volume: number): void {
  localStorage.setItem(VOLUME_KEY, String(volume));
}
