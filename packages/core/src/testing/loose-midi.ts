import { ascii, quantity } from './midi-bytes.ts';

/** A MIDI file taken apart so that every part of it can be made to lie; `null` is never a number, it says "as it should be". */
export interface LooseFile {
  readonly format: number;
  readonly division: number;
  readonly headerLength: number;
  readonly declaredTracks: number | null;
  readonly chunks: readonly LooseChunk[];
  /** Whether a RIFF wrapper goes around it. */
  readonly isWrapped: boolean;
}

export interface LooseChunk {
  /** Four bytes. */
  readonly type: readonly number[];
  readonly declaredLength: number | null;
  readonly events: readonly LooseEvent[];
}

/** The bytes of one event; any of the lists may be empty. */
export interface LooseEvent {
  readonly delta: readonly number[];
  /** Status byte and meta type; empty under running status. */
  readonly head: readonly number[];
  /** Length of the body as a variable-length quantity; empty for channel events. */
  readonly length: readonly number[];
  readonly body: readonly number[];
}

/** Takes a sound file apart, by division instead of shifts and without the library's reader. */
export function takeApart(bytes: Uint8Array): LooseFile {
  const wrapped = bytes[0] === 0x52; // R of RIFF
  const file = wrapped ? bytes.subarray(20) : bytes;
  const number = (at: number, count: number): number =>
    file.subarray(at, at + count).reduce((sum, byte) => sum * 256 + byte, 0);
  const headerLength = number(4, 4);
  const chunks: LooseChunk[] = [];
  for (let at = 8 + headerLength; at < file.length; at += 8 + number(at + 4, 4)) {
    const type = [...file.subarray(at, at + 4)];
    const body = file.subarray(at + 8, at + 8 + number(at + 4, 4));
    const isTrack = String.fromCharCode(...type) === 'MTrk';
    chunks.push({ type, declaredLength: null, events: isTrack ? takeEvents(body) : [opaque(body)] });
  }
  return {
    format: number(8, 2),
    division: number(12, 2),
    headerLength,
    declaredTracks: null,
    chunks,
    isWrapped: wrapped,
  };
}

export function putTogether(file: LooseFile): Uint8Array {
  const chunks = file.chunks.map(({ type, declaredLength, events }) => {
    const body = events.flatMap(({ delta, head, length, body: rest }) => [
      ...delta,
      ...head,
      ...length,
      ...rest,
    ]);
    return [...type, ...uint32(declaredLength ?? body.length), ...body];
  });
  const tracks = file.chunks.filter(({ type }) => String.fromCharCode(...type) === 'MTrk').length;
  const header = [
    ...ascii('MThd'),
    ...uint32(file.headerLength),
    ...uint16(file.format),
    ...uint16(file.declaredTracks ?? tracks),
    ...uint16(file.division),
    ...Array.from({ length: Math.min(64, Math.max(0, file.headerLength - 6)) }, () => 0),
  ];
  const plain = [header, ...chunks].flat();
  return Uint8Array.from(file.isWrapped ? wrap(plain) : plain);
}

function wrap(bytes: readonly number[]): number[] {
  const little = (value: number): number[] => uint32(value).reverse();
  return [
    ...ascii('RIFF'),
    ...little(bytes.length + 12),
    ...ascii('RMIDdata'),
    ...little(bytes.length),
    ...bytes,
  ];
}

function opaque(body: Uint8Array): LooseEvent {
  return { delta: [], head: [], length: [], body: [...body] };
}

function takeEvents(body: Uint8Array): LooseEvent[] {
  const events: LooseEvent[] = [];
  let status = 0;
  for (let at = 0; at < body.length;) {
    const delta = takeQuantity(body, at);
    at += delta.length;
    const head: number[] = [];
    if (body[at]! >= 0x80) head.push(body[at++]!);
    status = head[0] ?? status;
    let length: number[] = [];
    let size = status >= 0xc0 && status < 0xe0 ? 1 : 2;
    if (status >= 0xf0) {
      if (status === 0xff) head.push(body[at++]!);
      length = takeQuantity(body, at);
      at += length.length;
      size = length.reduce((sum, byte) => sum * 128 + (byte % 128), 0);
    }
    events.push({ delta, head, length, body: [...body.subarray(at, at + size)] });
    at += size;
  }
  return events;
}

function takeQuantity(bytes: Uint8Array, start: number): number[] {
  let end = start;
  while (bytes[end]! >= 0x80) end++;
  return [...bytes.subarray(start, end + 1)];
}

/** An event with sound delta time and body length. */
export function looseEvent(delta: number, head: readonly number[], body: readonly number[]): LooseEvent {
  const hasLength = head[0]! >= 0xf0;
  return { delta: quantity(delta), head, length: hasLength ? quantity(body.length) : [], body };
}

function uint32(value: number): number[] {
  return [...uint16(Math.floor(value / 65536) % 65536), ...uint16(value % 65536)];
}

function uint16(value: number): number[] {
  return [Math.floor(value / 256) % 256, value % 256];
}
