import { AttuneError } from '../foundation/errors.ts';
import { createByteWriter } from '../foundation/byte-writer.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { DEFAULT_MIDI_LIMITS, MidiBudget } from './limits.ts';
import { bodyOf, END_OF_TRACK, META, ROW } from './midi-track.ts';
import type { MidiTrack } from './midi-track.ts';
import { readTrack } from './read-track.ts';
import { STRICT } from './repairs.ts';

/** One event of a track as a plain object; `tick` from the start of the track, `channel` 0–15, data 0–127. */
export type MidiEvent =
  | NoteEvent
  | {
      readonly kind: 'polyPressure';
      readonly tick: number;
      readonly channel: number;
      readonly pitch: number;
      readonly pressure: number;
    }
  | {
      readonly kind: 'control';
      readonly tick: number;
      readonly channel: number;
      readonly controller: number;
      readonly value: number;
    }
  | { readonly kind: 'program'; readonly tick: number; readonly channel: number; readonly program: number }
  | {
      readonly kind: 'channelPressure';
      readonly tick: number;
      readonly channel: number;
      readonly pressure: number;
    }
  /** −8192 … 8191; 0 is no bend. */
  | { readonly kind: 'bend'; readonly tick: number; readonly channel: number; readonly value: number }
  /** `type` 0–127; `decodeMeta` says what it means. The end of track is type 0x2f. */
  | { readonly kind: 'meta'; readonly tick: number; readonly type: number; readonly bytes: Uint8Array }
  /**
   * System exclusive, bytes as they stand in the file: after `status` 0xf0 a message that usually ends in 0xf7;
   * after 0xf7 the next packet of a split message, or any bytes to be sent (escape).
   */
  | {
      readonly kind: 'sysex';
      readonly tick: number;
      readonly status: 0xf0 | 0xf7;
      readonly bytes: Uint8Array;
    };

/** A `noteOn` of velocity 0 ends a note; it is kept as it stands. */
export interface NoteEvent {
  readonly kind: 'noteOff' | 'noteOn';
  readonly tick: number;
  readonly channel: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** The events of a track in order, the end of track last. `bytes` are views of what was read. */
export function* midiEvents(track: MidiTrack): Generator<MidiEvent, void, void> {
  let tick = 0;
  for (let row = 0; row < track.count * ROW; row += ROW) {
    tick += track.rows[row]!;
    yield eventOf(track, row, tick);
  }
}

/**
 * A track of these events, which stand in order of tick; an end of track is added at the last tick where
 * there is none.
 * @throws AttuneError `argument/invalid`: a value out of range, ticks that go back or are more than 2²⁸ − 1
 *   apart, or anything behind the end of track; the place names the event.
 */
export function createMidiTrack(events: Iterable<MidiEvent>): MidiTrack {
  const writer = createByteWriter(1024);
  const chunk = new ChunkWriter(writer);
  let index = 0;
  let tick = 0;
  let hasEnded = false;
  for (const event of events) {
    if (hasEnded) refuse('An event follows the end of the track.', index);
    if (!(Number.isSafeInteger(event.tick) && event.tick >= tick))
      refuse(`Tick ${event.tick} cannot follow tick ${tick}.`, index);
    if (event.tick - tick > 0xfffffff) refuse(`Tick ${event.tick} lies too far behind tick ${tick}.`, index);
    tick = event.tick;
    writeEvent(chunk, event, index);
    hasEnded = event.kind === 'meta' && event.type === END_OF_TRACK;
    index++;
  }
  if (!hasEnded) chunk.end();
  const bytes = writer.toBytes();
  const limits = { ...DEFAULT_MIDI_LIMITS, events: Infinity };
  return readTrack(bytes, 0, bytes.length, { budget: new MidiBudget(limits), faults: STRICT });
}

function eventOf(track: MidiTrack, row: number, tick: number): MidiEvent {
  const message = track.rows[row + 1]!;
  const place = track.rows[row + 2]!;
  const status = message & 0xff;
  const channel = message & 0x0f;
  const first = (message >>> 8) & 0x7f;
  const second = message >>> 16;
  switch (status & 0xf0) {
    case 0x80:
      return { kind: 'noteOff', tick, channel, pitch: first, velocity: second };
    case 0x90:
      return { kind: 'noteOn', tick, channel, pitch: first, velocity: second };
    case 0xa0:
      return { kind: 'polyPressure', tick, channel, pitch: first, pressure: second };
    case 0xb0:
      return { kind: 'control', tick, channel, controller: first, value: second };
    case 0xc0:
      return { kind: 'program', tick, channel, program: first };
    case 0xd0:
      return { kind: 'channelPressure', tick, channel, pressure: first };
    case 0xe0:
      return { kind: 'bend', tick, channel, value: ((second << 7) | first) - 8192 };
  }
  const bytes = bodyOf(track.bytes, status, place);
  if (status === META) return { kind: 'meta', tick, type: first, bytes };
  return { kind: 'sysex', tick, status: status === 0xf0 ? 0xf0 : 0xf7, bytes };
}

function writeEvent(chunk: ChunkWriter, event: MidiEvent, index: number): void {
  const data = (value: number, max = 127): number => {
    if (Number.isInteger(value) && value >= 0 && value <= max) return value;
    return refuse(`${value} is no number from 0 to ${max}, as a ${event.kind} event needs.`, index);
  };
  switch (event.kind) {
    case 'noteOff':
      return chunk.message(
        event.tick,
        0x80 | data(event.channel, 15),
        data(event.pitch),
        data(event.velocity),
      );
    case 'noteOn':
      return chunk.message(
        event.tick,
        0x90 | data(event.channel, 15),
        data(event.pitch),
        data(event.velocity),
      );
    case 'polyPressure':
      return chunk.message(
        event.tick,
        0xa0 | data(event.channel, 15),
        data(event.pitch),
        data(event.pressure),
      );
    case 'control':
      return chunk.message(
        event.tick,
        0xb0 | data(event.channel, 15),
        data(event.controller),
        data(event.value),
      );
    case 'program':
      return chunk.message(event.tick, 0xc0 | data(event.channel, 15), data(event.program));
    case 'channelPressure':
      return chunk.message(event.tick, 0xd0 | data(event.channel, 15), data(event.pressure));
    case 'bend': {
      const value = data(event.value + 8192, 16383);
      return chunk.message(event.tick, 0xe0 | data(event.channel, 15), value & 0x7f, value >>> 7);
    }
    case 'meta':
      return chunk.meta(event.tick, data(event.type), event.bytes);
    case 'sysex':
      if (event.status !== 0xf0 && event.status !== 0xf7)
        refuse(`${String(event.status)} starts no sysex.`, index);
      return chunk.sysex(event.tick, event.status, event.bytes);
  }
}

function refuse(message: string, index: number): never {
  throw new AttuneError('argument/invalid', message, { event: index });
}
