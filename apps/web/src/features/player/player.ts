import type { TrackSummary } from '@/api/types.ts';
import type { Engine, EngineDebug } from './engine.ts';

export type PlayerStatus = 'idle' | 'loading' | 'playing' | 'paused' | 'ended' | 'error';

export interface PlayerState {
  readonly track: TrackSummary | null;
  /** The list the track was started from; previous and next walk along it. */
  readonly queue: readonly TrackSummary[];
  readonly status: PlayerStatus;
  readonly seconds: number;
  readonly loop: boolean;
  /** 0 … 1. */
  readonly volume: number;
  readonly error: string | null;
  /** The track is being written: it has no page and cannot be rated yet. */
  readonly live: boolean;
  /** Playing, but the next bar is not written yet. */
  readonly waiting: boolean;
}

/** How long a track was really heard; told once for each time it was started. */
export interface Listened {
  readonly trackId: string;
  readonly seconds: number;
  readonly completed: boolean;
}

export interface PlayerOptions {
  /** `live`: the track is still being written. */
  readonly engineFor: (track: TrackSummary, live?: boolean) => Engine;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly volume?: number;
  /** Makes the browser ready for sound, inside a gesture. */
  readonly unlock?: () => void;
}

/** Going back within this many seconds of the start means the track before; later it means the start. */
const RESTART_AFTER = 3;

const INITIAL: PlayerState = {
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

/**
 * The one player of the app: a store of what plays, around engines that sound it. Framework-free; the interface
 * subscribes. The position is asked for, not stored, so that playing does not re-render anything.
 */
export class Player {
  private state: PlayerState;
  private engine: Engine | null = null;
  private loading: AbortController | null = null;
  private heard = 0;
  private heardSince: number | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly witnesses = new Set<(listened: Listened) => void>();
  private readonly options: PlayerOptions;

  constructor(options: PlayerOptions) {
    this.options = options;
    this.state = { ...INITIAL, volume: options.volume ?? INITIAL.volume };
  }

  readonly getState = (): PlayerState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Tells how long each track was heard, when it is left. */
  readonly onListened = (witness: (listened: Listened) => void): (() => void) => {
    this.witnesses.add(witness);
    return () => this.witnesses.delete(witness);
  };

  /** Starts a track from its beginning, or only carries on when it is the one already loaded. */
  readonly play = async (track: TrackSummary, queue: readonly TrackSummary[] = [track]): Promise<void> => {
    if (
      this.state.track?.id === track.id &&
      (this.state.status === 'paused' || this.state.status === 'playing')
    ) {
      this.set({ queue });
      if (this.state.status === 'paused') await this.resume();
      return;
    }
    await this.start(track, queue);
  };

  /** Starts a track that is still being written. */
  readonly playLive = (track: TrackSummary): Promise<void> => this.start(track, [track], true);

  /** The track that plays is written and stored: from here on it is one like any other. Playing goes on. */
  readonly adopt = (track: TrackSummary): void => {
    this.rename(track.id, track);
  };

  /** The same for a track that got its id only when it was stored. */
  readonly rename = (id: string, track: TrackSummary): void => {
    if (this.state.track?.id === id) this.set({ track, queue: [track], live: false });
  };

  /** The track in the air will not be finished: where it plays, it falls silent. */
  readonly withdraw = (trackId: string): void => {
    if (this.state.live && this.state.track?.id === trackId) this.clear();
  };

  /** Called in the gesture that asks for music which is not there yet. */
  readonly unlock = (): void => this.options.unlock?.();

  /** Shows a track in the player without sounding it. */
  readonly cue = (track: TrackSummary, queue: readonly TrackSummary[] = [track]): void => {
    if (this.state.track) return;
    this.set({ track, queue, status: 'idle', seconds: track.seconds });
  };

  /** Like `cue`, in place of a track that is not sounding. */
  readonly recue = (track: TrackSummary, queue: readonly TrackSummary[] = [track]): void => {
    this.leave(false);
    this.set({
      track,
      queue,
      status: 'idle',
      seconds: track.seconds,
      error: null,
      live: false,
      waiting: false,
    });
  };

  readonly toggle = async (): Promise<void> => {
    const { status, track, queue } = this.state;
    if (!track || status === 'loading') return;
    if (status === 'playing') this.pause();
    else if (status === 'paused') await this.resume();
    else await this.start(track, queue, this.state.live);
  };

  readonly pause = (): void => {
    if (this.state.status !== 'playing') return;
    this.engine?.pause();
    this.stopListening();
    this.set({ status: 'paused' });
  };

  readonly seek = (seconds: number): void => {
    const { status, seconds: end } = this.state;
    if (status !== 'playing' && status !== 'paused') return;
    this.engine?.seek(Math.min(Math.max(0, seconds), Math.max(0, end - 0.05)));
    this.emit();
  };

  readonly seekBy = (seconds: number): void => this.seek(this.position() + seconds);

  readonly next = async (): Promise<void> => {
    const track = this.neighbour(1);
    if (track) await this.start(track, this.state.queue);
  };

  readonly previous = async (): Promise<void> => {
    const before = this.neighbour(-1);
    if (this.position() > RESTART_AFTER || !before) this.seek(0);
    else await this.start(before, this.state.queue);
  };

  readonly hasNext = (): boolean => this.neighbour(1) !== null;

  readonly setLoop = (loop: boolean): void => {
    this.engine?.setLoop(loop);
    this.set({ loop });
  };

  readonly setVolume = (volume: number): void => {
    const kept = Math.min(1, Math.max(0, volume));
    this.engine?.setVolume(kept);
    this.set({ volume: kept });
  };

  /** Seconds from the start of the track. */
  readonly position = (): number => {
    if (this.state.status === 'ended') return this.state.seconds;
    if (this.state.status !== 'playing' && this.state.status !== 'paused') return 0;
    return Math.min(this.engine?.position() ?? 0, this.state.seconds);
  };

  readonly debug = (): EngineDebug => this.engine?.debug() ?? { contextState: 'none', scheduledNotes: 0 };

  /** Silence and an empty player: after the account was erased or changed. */
  readonly clear = (): void => {
    this.leave(false);
    this.set({ ...INITIAL, volume: this.state.volume });
  };

  private async start(track: TrackSummary, queue: readonly TrackSummary[], live = false): Promise<void> {
    this.leave(false);
    const engine = this.options.engineFor(track, live);
    engine.unlock();
    this.engine = engine;
    engine.onEnded = () => void this.ended();
    engine.onChange = (change) => this.set(change);
    const loading = new AbortController();
    this.loading = loading;
    this.set({ track, queue, status: 'loading', seconds: track.seconds, error: null, live, waiting: false });
    try {
      const { seconds } = await engine.load(track, loading.signal);
      if (loading.signal.aborted) return;
      engine.setVolume(this.state.volume);
      engine.setLoop(this.state.loop);
      await engine.play();
      if (loading.signal.aborted) return;
      this.heard = 0;
      this.heardSince = this.options.now();
      // Of a track in the air more may be known by now than when it was loaded.
      this.set({ status: 'playing', seconds: live ? Math.max(seconds, this.state.seconds) : seconds });
      const next = this.neighbour(1);
      if (next) this.options.engineFor(next).preload(next);
    } catch (error) {
      if (loading.signal.aborted) return;
      this.set({ status: 'error', error: error instanceof Error ? error.message : String(error) });
    }
  }

  private async resume(): Promise<void> {
    this.engine?.unlock();
    await this.engine?.play();
    this.heardSince = this.options.now();
    this.set({ status: 'playing' });
  }

  private async ended(): Promise<void> {
    if (this.state.status !== 'playing') return;
    this.leave(true);
    this.set({ status: 'ended' });
    const next = this.neighbour(1);
    if (next) await this.start(next, this.state.queue);
  }

  private leave(completed: boolean): void {
    this.loading?.abort();
    this.loading = null;
    this.stopListening();
    const { track } = this.state;
    if (track && this.heard > 0 && !this.state.live) {
      const listened: Listened = { trackId: track.id, seconds: this.heard, completed };
      for (const witness of this.witnesses) witness(listened);
    }
    this.heard = 0;
    if (this.engine) {
      this.engine.onEnded = null;
      this.engine.onChange = null;
      this.engine.stop();
    }
  }

  private stopListening(): void {
    if (this.heardSince === null) return;
    this.heard += (this.options.now() - this.heardSince) / 1000;
    this.heardSince = null;
  }

  private neighbour(step: 1 | -1): TrackSummary | null {
    const { queue, track } = this.state;
    const index = queue.findIndex((item) => item.id === track?.id);
    return index < 0 ? null : (queue[index + step] ?? null);
  }

  private set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    this.emit();
  }

  private emit(): void {
    for (const listener of this.listeners) listener();
  }
}
