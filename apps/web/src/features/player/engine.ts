import type { TrackSummary } from '@/api/types.ts';

/** What sounds a track. One engine plays scores through a synthesiser, another plays uploaded audio. */
export interface Engine {
  /** Called inside the listener's gesture, before anything is awaited, so that the browser allows sound. */
  unlock(): void;
  /** Makes the track ready at position 0, paused. Rejects with one sentence when it cannot be loaded. */
  load(track: TrackSummary, signal: AbortSignal): Promise<{ seconds: number }>;
  /** Fetches what `load` will need, without disturbing what plays. */
  preload(track: TrackSummary): void;
  play(): Promise<void>;
  pause(): void;
  /** Stops sound at once; `load` must come next. */
  stop(): void;
  seek(seconds: number): void;
  position(): number;
  setVolume(volume: number): void;
  setLoop(loop: boolean): void;
  /** Set by the player: called when a track that does not loop has reached its end. */
  onEnded: (() => void) | null;
  /** Set by the player, where the engine may learn more of a track while it plays. */
  onChange?: ((change: EngineChange) => void) | null;
  debug(): EngineDebug;
}

/** Of a piece that is still being written. */
export interface EngineChange {
  readonly seconds?: number;
  /** The player has caught up with the writer. */
  readonly waiting?: boolean;
}

export interface EngineDebug {
  readonly contextState: string;
  /** Notes that the synthesiser has begun since the page was loaded; 0 for audio. */
  readonly scheduledNotes: number;
}
