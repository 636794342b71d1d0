import type { RollNote, RollTrack } from '@/api/types.ts';
import type { LiveNotes } from './live-piece.ts';

/** A note to be sounded: when it begins and ends, in seconds of the piece, and on which channel. */
export interface DueNote {
  readonly channel: number;
  readonly start: number;
  readonly end: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** Number of the drum kit among instruments. */
const DRUMS = 128;
const DRUM_CHANNEL = 9;
const CHANNELS = 16;

/** General MIDI program 0–127 of a part, or 128 for drums. */
export function instrumentOf({ program, isDrum }: RollTrack): number {
  return isDrum ? DRUMS : program;
}

/**
 * Which notes of a piece in the air are due, and where to wait. Knows no sound and no clock: positions in seconds go
 * in, notes come out, each once.
 */
export class LiveSchedule {
  private readonly channels = new Map<string, number>();
  private notes: LiveNotes | null = null;
  private given = 0;

  /** Takes what is written by now. Returns true where a new try has begun: everything starts again. */
  write(notes: LiveNotes): boolean {
    const again = this.notes !== null && notes.take !== this.notes.take;
    this.notes = notes;
    if (again) this.given = 0;
    return again;
  }

  /** From here on notes are due again, after a jump. */
  jump(position: number): void {
    this.given = position;
  }

  /** Notes that begin before `until` and were not given out yet, as far as the piece is written. */
  due(until: number): DueNote[] {
    const { notes } = this;
    if (!notes) return [];
    const [from, to] = [this.given, notes.complete ? until : Math.min(until, notes.ready)];
    if (to <= from) return [];
    this.given = to;
    return this.parts().flatMap(({ track, channel }) =>
      track.notes.filter(([start]) => start >= from && start < to).map((note) => dueOf(note, channel)),
    );
  }

  /** Where playing has to wait for the writer: the end of what is written; undefined once all is there. */
  get barrier(): number | undefined {
    return this.notes?.complete ? undefined : (this.notes?.ready ?? 0);
  }

  /** Where the piece is over; undefined while it is being written. */
  get end(): number | undefined {
    return this.notes?.complete ? this.notes.roll.seconds : undefined;
  }

  /** Channel and instrument of every part there is so far; a part keeps its channel when others join. */
  parts(): { track: RollTrack; channel: number }[] {
    const seen = new Map<string, number>();
    return (this.notes?.roll.tracks ?? []).map((track) => {
      const instrument = instrumentOf(track);
      const copy = seen.get(String(instrument)) ?? 0;
      seen.set(String(instrument), copy + 1);
      return { track, channel: this.channelOf(`${instrument}/${copy}`, track.isDrum) };
    });
  }

  /** Fifteen parts have a channel of their own; more share. */
  private channelOf(name: string, isDrum: boolean): number {
    if (isDrum) return DRUM_CHANNEL;
    const known = this.channels.get(name);
    if (known !== undefined) return known;
    const place = this.channels.size % (CHANNELS - 1);
    const channel = place < DRUM_CHANNEL ? place : place + 1;
    this.channels.set(name, channel);
    return channel;
  }
}

function dueOf([start, duration, pitch, velocity]: RollNote, channel: number): DueNote {
  return { channel, start, end: start + duration, pitch, velocity };
}
