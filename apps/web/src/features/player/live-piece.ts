import type { PianoRollData } from '@/api/types.ts';

/** What is written of a piece so far. */
export interface LiveNotes {
  readonly roll: PianoRollData;
  /** Seconds from the start up to which the notes are final. */
  readonly ready: number;
  /** How long the whole will be, as far as can be told. */
  readonly expected: number;
  readonly complete: boolean;
  /** Which try this is: a new number begins again from the start. */
  readonly take: number;
}

/** A piece in the air: its writer adds bars, its player waits for them. */
export class LivePiece {
  private notes: LiveNotes | null = null;
  private fault: string | null = null;
  private readonly listeners = new Set<() => void>();

  readonly get = (): LiveNotes | null => this.notes;

  /** Why it will never be complete, in one sentence; null while it may be. */
  readonly failure = (): string | null => this.fault;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly write = (notes: LiveNotes): void => {
    if (this.notes?.complete || this.fault !== null) return;
    this.notes = notes;
    this.tell();
  };

  readonly fail = (reason: string): void => {
    if (this.notes?.complete) return;
    this.fault = reason;
    this.tell();
  };

  /** Waits until something can be played. Rejects with the failure, or when the signal fires. */
  readonly begun = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.fault === null && !signal.aborted && (this.notes?.ready ?? 0) <= 0) return;
        unsubscribe();
        signal.removeEventListener('abort', look);
        if (this.fault !== null) reject(new Error(this.fault));
        else resolve();
      };
      const unsubscribe = this.subscribe(look);
      signal.addEventListener('abort', look);
      look();
    });

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
