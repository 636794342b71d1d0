import type { RatingEffect, RatingValue, TrackSummary } from '@/api/types.ts';

/** What can be taken back: the track and what was said about it before. */
export interface RatingStep {
  readonly track: TrackSummary;
  readonly value: RatingValue;
  readonly previous: RatingValue | null;
}

export interface LastEffect {
  readonly track: TrackSummary;
  readonly effect: RatingEffect;
}

/**
 * What the listener said during this visit, before and after the server heard it. Lists keep the rating they were
 * fetched with; this store speaks over them, so that one gesture shows everywhere at once.
 */
export class RatingStore {
  private readonly values = new Map<string, RatingValue | null>();
  private readonly steps: RatingStep[] = [];
  private readonly listeners = new Set<() => void>();
  private effect: LastEffect | null = null;
  private revision = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Changes with every change of the store. */
  readonly getRevision = (): number => this.revision;
  readonly getEffect = (): LastEffect | null => this.effect;

  valueOf(track: TrackSummary): RatingValue | null {
    const said = this.values.get(track.id);
    return said === undefined ? track.myRating : said;
  }

  /** Notes a rating as if it had been accepted, and remembers how to take it back. */
  rate(track: TrackSummary, value: RatingValue): RatingStep {
    const step: RatingStep = { track, value, previous: this.valueOf(track) };
    this.steps.push(step);
    this.put(track.id, value);
    return step;
  }

  /** The step that an undo would take back. */
  latest(): RatingStep | null {
    return this.steps.at(-1) ?? null;
  }

  /** The latest step, of one track or of all, removed from the history; its rating goes back. */
  takeBack(trackId?: string): RatingStep | null {
    const index = this.steps.findLastIndex((step) => trackId === undefined || step.track.id === trackId);
    const [step] = index < 0 ? [] : this.steps.splice(index, 1);
    if (!step) return null;
    this.put(step.track.id, step.previous);
    return step;
  }

  /** A step the server refused: its rating goes back and it cannot be undone any more. */
  refuse(step: RatingStep): void {
    const index = this.steps.lastIndexOf(step);
    if (index >= 0) this.steps.splice(index, 1);
    if (this.values.get(step.track.id) === step.value) this.put(step.track.id, step.previous);
  }

  setEffect(effect: LastEffect | null): void {
    this.effect = effect;
    this.changed();
  }

  clear(): void {
    this.values.clear();
    this.steps.length = 0;
    this.effect = null;
    this.changed();
  }

  private put(trackId: string, value: RatingValue | null): void {
    this.values.set(trackId, value);
    this.changed();
  }

  private changed(): void {
    this.revision += 1;
    for (const listener of this.listeners) listener();
  }
}
