import { AttuneError } from '../foundation/errors.ts';
import type { Second } from '../foundation/units.ts';

/** Most that one file may hold; above it reading stops with `midi/limit`. */
export interface MidiLimits {
  readonly bytes: number;
  /** Track chunks in the file, and tracks of the Score. */
  readonly tracks: number;
  /** Events of any kind. */
  readonly events: number;
  readonly notes: number;
  /** Events besides notes that the Score keeps: controls, bends, tempos, meters, keys, texts. */
  readonly changes: number;
  /** Length in seconds, to the last event. */
  readonly duration: Second;
}

/** Far above any piece of music, and low enough that a file at every limit needs less than 256 MB. */
export const DEFAULT_MIDI_LIMITS: MidiLimits = {
  bytes: 20_000_000,
  tracks: 1024,
  events: 5_000_000,
  notes: 1_000_000,
  changes: 1_000_000,
  duration: 6 * 3600,
};

export function exceed(limit: keyof MidiLimits, limits: MidiLimits, offset: number): never {
  const unit = limit === 'duration' ? 'seconds' : limit;
  throw new AttuneError('midi/limit', `The file has more than ${limits[limit]} ${unit} (byte ${offset}).`, {
    limit,
    offset,
  });
}

/** Counts against the limits across all tracks of a file. */
export class MidiBudget {
  private events = 0;
  private notes = 0;
  private changes = 0;
  readonly limits: MidiLimits;

  constructor(limits: MidiLimits) {
    this.limits = limits;
  }

  /** Events that may still come. */
  get eventsLeft(): number {
    return Math.max(0, Math.floor(this.limits.events) - this.events);
  }

  addEvents(count: number): void {
    this.events += count;
  }

  addNote(offset: number): void {
    if (++this.notes > this.limits.notes) exceed('notes', this.limits, offset);
  }

  addChange(offset: number): void {
    if (++this.changes > this.limits.changes) exceed('changes', this.limits, offset);
  }
}
