import type { TrackSummary } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import type { Engine, EngineDebug } from './engine.ts';

/** Plays uploaded audio through an audio element that streams it. */
export class AudioEngine implements Engine {
  onEnded: (() => void) | null = null;
  private readonly element: HTMLAudioElement;

  constructor() {
    this.element = new Audio();
    this.element.preload = 'auto';
    this.element.addEventListener('ended', () => this.onEnded?.());
  }

  unlock(): void {
    // An element may play inside a gesture without preparation.
  }

  load(track: TrackSummary, signal: AbortSignal): Promise<{ seconds: number }> {
    const { element } = this;
    return new Promise((resolve, reject) => {
      const finished = new AbortController();
      const settle = (act: () => void) => () => {
        finished.abort();
        act();
      };
      const options = { signal: finished.signal };
      element.addEventListener(
        'loadedmetadata',
        settle(() =>
          resolve({ seconds: Number.isFinite(element.duration) ? element.duration : track.seconds }),
        ),
        options,
      );
      element.addEventListener(
        'error',
        settle(() => reject(new Error(strings.player.errors.notFound))),
        options,
      );
      signal.addEventListener(
        'abort',
        settle(() => resolve({ seconds: track.seconds })),
        options,
      );
      element.src = `/api/tracks/${track.id}/audio`;
      element.load();
    });
  }

  preload(): void {
    // Streaming starts fast enough; fetching whole recordings ahead would waste the listener's data.
  }

  play(): Promise<void> {
    return this.element.play();
  }

  pause(): void {
    this.element.pause();
  }

  stop(): void {
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.load();
  }

  seek(seconds: number): void {
    this.element.currentTime = seconds;
  }

  position(): number {
    return this.element.currentTime;
  }

  setVolume(volume: number): void {
    this.element.volume = volume * volume;
  }

  setLoop(loop: boolean): void {
    this.element.loop = loop;
  }

  debug(): EngineDebug {
    return { contextState: this.element.paused ? 'suspended' : 'running', scheduledNotes: 0 };
  }
}
