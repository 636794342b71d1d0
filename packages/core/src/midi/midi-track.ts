/**
 * The events of one track chunk, losslessly and without an object for each: `midiEvents` gives them as plain
 * objects, `createMidiTrack` makes a track of such objects. Immutable.
 */
export interface MidiTrack {
  /** Number of events, the end-of-track event included: there is always one, and it comes last. */
  readonly count: number;
  /**
   * [count × 3], `ROW` numbers an event: ticks since the event before; `status | first << 8 | second << 16`
   * (for a meta event, first is its type); where in `bytes` the event stands after its delta time and any
   * status byte of a channel event, or `NO_BODY`.
   */
  readonly rows: Int32Array;
  /** What the rows point into: the whole file that was read. Meta and sysex bodies lie here. */
  readonly bytes: Uint8Array;
}

/** Numbers an event takes in `MidiTrack.rows`. */
export const ROW = 3;
/** Place of an end-of-track event that a lenient read added. */
export const NO_BODY = -1;

export const META = 0xff;
export const END_OF_TRACK = 0x2f;

/** Start and end of the body of the meta or sysex event that stands at `place`; its length was checked when read. */
export function bodyStart(bytes: Uint8Array, status: number, place: number): number {
  let at = place + (status === META ? 2 : 1);
  while (bytes[at++]! >= 0x80);
  return at;
}

export function bodyLength(bytes: Uint8Array, status: number, place: number): number {
  let at = place + (status === META ? 2 : 1);
  let length = 0;
  for (;;) {
    const byte = bytes[at++]!;
    length = (length << 7) | (byte & 0x7f);
    if (byte < 0x80) return length;
  }
}

/** A view of the body of a meta or sysex event; empty for an added end of track. */
export function bodyOf(bytes: Uint8Array, status: number, place: number): Uint8Array {
  if (place === NO_BODY) return new Uint8Array(0);
  const start = bodyStart(bytes, status, place);
  return bytes.subarray(start, start + bodyLength(bytes, status, place));
}
