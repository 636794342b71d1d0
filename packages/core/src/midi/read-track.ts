import { ROW } from './midi-track.ts';
import type { MidiTrack } from './midi-track.ts';
import { EventReader, mostEvents } from './read-events.ts';
import type { ReadEventsContext } from './read-events.ts';

/** All events of the chunk in bytes `start` to `end`; the track points into `bytes`. */
export function readTrack(
  bytes: Uint8Array,
  start: number,
  end: number,
  context: ReadEventsContext,
): MidiTrack {
  const rows = new Int32Array(ROW * mostEvents(end - start, context.budget));
  const count = new EventReader(bytes, start, end, context).next(rows);
  return { count, rows: rows.slice(0, count * ROW), bytes };
}
