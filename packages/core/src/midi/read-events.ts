import { AttuneError } from '../foundation/errors.ts';
import { exceed } from './limits.ts';
import type { MidiBudget } from './limits.ts';
import { END_OF_TRACK, META, NO_BODY, ROW } from './midi-track.ts';
import type { FaultHandler } from './repairs.ts';

/** What the tracks of one file share while their events are read. */
export interface ReadEventsContext {
  readonly budget: MidiBudget;
  readonly faults: FaultHandler;
}

/** Longest delta time and body length that a file can state: four bytes of seven bits. */
export const MAX_QUANTITY = 0xfffffff;

/** Most events that a chunk of `length` bytes can hold: each takes two bytes, and an end may be added. */
export function mostEvents(length: number, budget: MidiBudget): number {
  return Math.min(length >>> 1, Math.ceil(budget.limits.events)) + 2;
}

/**
 * The grammar of a track chunk (MIDI 1.0, RP-001), the only place that knows it: reads the events in bytes
 * `start` to `end` as rows (see `MidiTrack`), in time linear in the bytes. Running status goes on after meta
 * and sysex events, for many writers rely on that.
 *
 * The last row is always the end of track; where a lenient read has to add it, it stands at the time that
 * reading had come to.
 */
export class EventReader {
  private at: number;
  /** Numbers of `rows` that hold events. */
  private filled = 0;
  private status = 0;
  /** Ticks since the last event that was kept: those of messages left out go to the next one. */
  private wait = 0;
  private hasEnded = false;
  private isOver = false;
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly budget: MidiBudget;
  private readonly faults: FaultHandler;

  constructor(bytes: Uint8Array, start: number, end: number, { budget, faults }: ReadEventsContext) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.budget = budget;
    this.faults = faults;
  }

  /** Fills `rows` with the next events, as many as it holds; returns their number, 0 after the last. */
  next(rows: Int32Array): number {
    this.filled = 0;
    if (!this.isOver) {
      try {
        this.read(rows);
      } catch (error) {
        if (!(error instanceof AttuneError) || error.code !== 'midi/malformed') throw error;
        this.faults.handle(error, 'The rest of this track was left out.');
        this.isOver = true;
      }
      this.budget.addEvents(this.filled / ROW);
    }
    if (this.isOver && !this.hasEnded && this.filled < rows.length) this.addEnd(rows);
    return this.filled / ROW;
  }

  /** Locals instead of fields for what changes with each event: this loop takes most of the time. */
  private read(rows: Int32Array): void {
    const { bytes, end, budget } = this;
    const allowed = ROW * budget.eventsLeft;
    const room = Math.min(rows.length, allowed);
    let { at, status, wait } = this;
    let row = 0;
    try {
      while (at < end && row < room) {
        if (this.hasEnded) fail('Bytes follow the end of the track.', at);
        let delta = bytes[at]!;
        if (delta < 0x80) at++;
        else {
          delta = this.quantity(at);
          at = this.at;
        }
        if (wait + delta > MAX_QUANTITY)
          fail('Events left out leave a gap that no delta time can state.', at);
        wait += delta;
        if (at >= end) lack(1, at, end);
        const first = bytes[at]!;
        if (first >= 0x80) {
          if (first >= 0xf0) {
            at = this.readSystemEvent(rows, row, at);
            rows[row] = wait;
            row += ROW;
            wait = 0;
            continue;
          }
          status = first;
          at++;
        } else if (status === 0) fail(`Data byte ${first} stands where a status byte is needed.`, at);
        const size = (status & 0xe0) === 0xc0 ? 1 : 2; // program change and channel pressure have one
        if (at + size > end) lack(size, at, end);
        const one = bytes[at]!;
        const two = size === 2 ? bytes[at + 1]! : 0;
        if ((one | two) < 0x80) {
          rows[row] = wait;
          rows[row + 1] = status | (one << 8) | (two << 16);
          rows[row + 2] = at;
          row += ROW;
          wait = 0;
        } else this.leaveOut(one, two, at);
        at += size;
      }
    } finally {
      this.filled = row;
      this.wait = wait;
    }
    this.at = at;
    this.status = status;
    if (at >= end) this.close();
    else if (row >= allowed) exceed('events', budget.limits, at);
  }

  private close(): void {
    this.isOver = true;
    if (this.hasEnded) return;
    const error = malformed('The track has no end-of-track event.', this.end);
    this.faults.handle(error, 'It was ended there.');
  }

  private addEnd(rows: Int32Array): void {
    rows[this.filled] = this.wait;
    rows[this.filled + 1] = META | (END_OF_TRACK << 8);
    rows[this.filled + 2] = NO_BODY;
    this.filled += ROW;
    this.hasEnded = true;
  }

  /** System exclusive, escapes and meta events, without their time; returns where the next event starts. */
  private readSystemEvent(rows: Int32Array, row: number, place: number): number {
    const { bytes, end } = this;
    const status = bytes[place]!;
    let message = status;
    let lengthAt = place + 1;
    if (status === META) {
      if (lengthAt >= end) lack(1, lengthAt, end);
      const type = bytes[lengthAt]!;
      if (type > 0x7f) fail(`Meta event type ${type} is above 127.`, lengthAt);
      message |= type << 8;
      lengthAt++;
    } else if (status !== 0xf0 && status !== 0xf7)
      fail(`Status byte ${status} has no place in a file.`, place);
    const length = this.quantity(lengthAt);
    if (length > end - this.at) lack(length, this.at, end);
    rows[row + 1] = message;
    rows[row + 2] = place;
    if (message === (META | (END_OF_TRACK << 8))) this.hasEnded = true;
    return this.at + length;
  }

  /** The variable-length quantity at `start`; `this.at` is then behind it. */
  private quantity(start: number): number {
    const { bytes, end } = this;
    let value = 0;
    for (let at = start; at < start + 4; at++) {
      if (at >= end) lack(1, at, end);
      const byte = bytes[at]!;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) {
        this.at = at + 1;
        return value;
      }
    }
    return fail('A variable-length quantity has more than four bytes.', start);
  }

  /** A writer's value out of range is likelier than a lost byte, so the lenient reader stays in step. */
  private leaveOut(first: number, second: number, at: number): void {
    const message = `Data bytes ${first} and ${second} of a channel message must be below 128.`;
    this.faults.handle(malformed(message, at), 'The message was left out.');
  }
}

function lack(count: number, at: number, end: number): never {
  return fail(`${count} bytes are wanted and ${end - at} are left.`, at);
}

function fail(message: string, offset: number): never {
  throw malformed(message, offset);
}

export function malformed(message: string, offset: number): AttuneError {
  return new AttuneError('midi/malformed', `${message} (byte ${offset})`, { offset });
}
