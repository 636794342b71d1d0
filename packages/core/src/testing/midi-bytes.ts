/** Standard MIDI Files put together byte by byte, for tests: nothing of the library's own writer is used. */

type Bytes = readonly number[];

/** A header chunk and the given chunks. `division` is the raw 16-bit field. */
export function midiFile(
  format: number,
  division: number,
  chunks: readonly Bytes[],
  declaredTracks = chunks.length,
): Uint8Array {
  const header = [
    ...ascii('MThd'),
    0,
    0,
    0,
    6,
    ...uint16(format),
    ...uint16(declaredTracks),
    ...uint16(division),
  ];
  const file = new Uint8Array(header.length + chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  file.set(header);
  let at = header.length;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

/** A track chunk of raw event bytes; `declaredLength` may lie. */
export function trackChunk(events: Bytes, declaredLength = events.length): number[] {
  return [...ascii('MTrk'), ...uint16(declaredLength >>> 16), ...uint16(declaredLength & 0xffff)].concat(
    events,
  );
}

/** A track chunk of events followed by the end-of-track event. */
export function midiTrack(...events: readonly Bytes[]): number[] {
  return trackChunk(events.flat().concat(END_OF_TRACK));
}

/** Delta 0, end of track. */
export const END_OF_TRACK: Bytes = [0, 0xff, 0x2f, 0];

/** Variable-length quantity, written by division instead of shifts. */
export function quantity(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift(128 + (rest % 128));
  return digits;
}

/** A note-on `delta` ticks after the event before. */
export function noteOn(delta: number, pitch: number, velocity = 64, channel = 0): number[] {
  return [...quantity(delta), 0x90 + channel, pitch, velocity];
}

/** A note-off `delta` ticks after the event before. */
export function noteOff(delta: number, pitch: number, channel = 0): number[] {
  return [...quantity(delta), 0x80 + channel, pitch, 0];
}

/** A program change `delta` ticks after the event before. */
export function programChange(delta: number, program: number, channel = 0): number[] {
  return [...quantity(delta), 0xc0 + channel, program];
}

/** A control change `delta` ticks after the event before. */
export function controlChange(delta: number, controller: number, value: number, channel = 0): number[] {
  return [...quantity(delta), 0xb0 + channel, controller, value];
}

/** A meta event `delta` ticks after the event before. */
export function metaEvent(delta: number, type: number, body: Bytes): number[] {
  return [...quantity(delta), 0xff, type, ...quantity(body.length)].concat(body);
}

/** Set-tempo event. */
export function tempoEvent(delta: number, microsecondsPerQuarter: number): number[] {
  const high = Math.floor(microsecondsPerQuarter / 65536);
  return metaEvent(delta, 0x51, [high, ...uint16(microsecondsPerQuarter % 65536)]);
}

/** The character codes of a text. */
export function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function uint16(value: number): [number, number] {
  return [Math.floor(value / 256) % 256, value % 256];
}
