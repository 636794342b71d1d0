import { AudioEngine } from './audio-engine.ts';
import type { Engine } from './engine.ts';
import { LiveEngine } from './live-engine.ts';
import type { LivePiece } from './live-piece.ts';
import { Player } from './player.ts';
import { ScoreEngine } from './score-engine.ts';
import { SoundStage } from './sound-stage.ts';

const VOLUME_KEY = 'attune.volume';

/** What `window.__attunePlayer` tells; read-only, in every build, for end-to-end journeys and for support. */
export interface PlayerProbe {
  readonly contextState: string;
  readonly scheduledNotes: number;
  readonly position: number;
  readonly status: string;
  readonly trackId: string | null;
  /** Milliseconds from the press that asked for a piece to its first note; null before it sounded. */
  readonly firstSound: number | null;
}

declare global {
  interface Window {
    readonly __attunePlayer?: PlayerProbe;
  }
}

/** The player, and the pieces in the air that it can play. */
export interface BrowserPlayer {
  readonly player: Player;
  /** Lets a piece be played by `player.playLive` under the id of its track to be. */
  readonly admit: (trackId: string, piece: LivePiece) => void;
  /** The moment of the press that asks for a piece: from here the time to the first sound is measured. */
  readonly asked: () => void;
  readonly firstSound: () => number | null;
}

/** A player with its real engines, which are made when first needed. */
export function createBrowserPlayer(): BrowserPlayer {
  const stage = new SoundStage();
  const pieces = new Map<string, LivePiece>();
  let pressed: number | null = null;
  let took: number | null = null;
  const engines: { score?: Engine; audio?: Engine; live?: LiveEngine } = {};
  // A piece that is written faster than its sounds are loaded is heard as the stored track from the start.
  const heard = (): void => {
    if (pressed !== null) took = performance.now() - pressed;
    pressed = null;
  };
  const createLive = (): LiveEngine =>
    new LiveEngine({ stage, pieceOf: (trackId) => pieces.get(trackId), onFirstNote: heard });
  const player = new Player({
    engineFor: (track, live) =>
      live
        ? (engines.live ??= createLive())
        : track.kind === 'audio'
          ? (engines.audio ??= new AudioEngine())
          : (engines.score ??= new ScoreEngine(stage, heard)),
    now: () => performance.now(),
    volume: storedVolume(),
    unlock: () => void stage.unlock(),
  });
  player.subscribe(() => storeVolume(player.getState().volume));
  return {
    player,
    admit: (trackId, piece) => {
      pieces.clear(); // one at a time is in the air
      pieces.set(trackId, piece);
    },
    asked: () => {
      [pressed, took] = [performance.now(), null];
      (engines.live ??= createLive()).warm();
    },
    firstSound: () => took,
  };
}

/** Puts the probe on the window; returns the way to take it off. */
export function exposeProbe({ player, firstSound }: BrowserPlayer): () => void {
  Object.defineProperty(window, '__attunePlayer', {
    configurable: true,
    get: (): PlayerProbe => ({
      ...player.debug(),
      position: player.position(),
      status: player.getState().status,
      trackId: player.getState().track?.id ?? null,
      firstSound: firstSound(),
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
