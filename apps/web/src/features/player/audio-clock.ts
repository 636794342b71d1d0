/** The part of an AudioContext that tells the time. */
export interface TimeSource {
  readonly currentTime: number;
  readonly outputLatency?: number;
}

/**
 * Position in a piece by the clock of the sound itself. The sequencer's own estimate follows the page's clock and
 * drifts away from what is heard when the machine is busy.
 */
export class AudioClock {
  private position = 0;
  private since: number | null = null;

  /** Sets the position, and keeps running or standing. */
  set(position: number, source: TimeSource): void {
    this.position = position;
    if (this.since !== null) this.since = source.currentTime;
  }

  run(source: TimeSource): void {
    this.since ??= source.currentTime;
  }

  stand(source: TimeSource): void {
    this.position = this.elapsed(source);
    this.since = null;
  }

  get running(): boolean {
    return this.since !== null;
  }

  /** Seconds into the piece that are heard now; what is still on its way to the ear does not count. */
  read(source: TimeSource): number {
    const late = this.since === null ? 0 : (source.outputLatency ?? 0);
    return Math.max(0, this.elapsed(source) - late);
  }

  private elapsed(source: TimeSource): number {
    return this.since === null ? this.position : this.position + source.currentTime - this.since;
  }
}
