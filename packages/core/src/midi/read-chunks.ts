import { createByteReader } from '../foundation/byte-reader.ts';
import type { ByteReader } from '../foundation/byte-reader.ts';
import { exceed } from './limits.ts';
import type { MidiLimits } from './limits.ts';
import { malformed } from './read-events.ts';
import type { FaultHandler } from './repairs.ts';

/** What a file's division says a tick is. */
export type MidiDivision =
  | { readonly kind: 'quarter'; readonly ticksPerQuarter: number }
  /** SMPTE time code: `framesPerSecond` 24, 25, 29 (= 30000/1001) or 30. */
  | { readonly kind: 'smpte'; readonly framesPerSecond: number; readonly ticksPerFrame: number };

/** Where a chunk's body lies in the file. */
export interface ChunkPlace {
  /** The four characters of its type as one big-endian number. */
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export interface MidiChunks {
  readonly format: 0 | 1 | 2;
  readonly division: MidiDivision;
  /** Bytes of the header behind the six that the standard knows. */
  readonly headerRest: Uint8Array;
  /** Track chunks and others, in the order of the file. */
  readonly chunks: readonly ChunkPlace[];
  readonly trackCount: number;
}

const HEADER_CHUNK = 0x4d546864; // MThd
export const TRACK_CHUNK = 0x4d54726b; // MTrk
const RIFF = 0x52494646;
const RMID = 0x524d4944;
const RIFF_DATA = 0x64617461; // data

/** Reads the header and finds the chunks; a RIFF wrapper (RMID, RP-029) is looked through. */
export function readChunks(bytes: Uint8Array, limits: MidiLimits, faults: FaultHandler): MidiChunks {
  if (bytes.length > limits.bytes) exceed('bytes', limits, limits.bytes);
  const reader = unwrap(createByteReader(bytes, 'midi/malformed'), faults);
  const headerAt = reader.offset;
  if (reader.remaining < 14 || reader.uint32() !== HEADER_CHUNK)
    reader.fail('The file does not start with a Standard MIDI File header.', headerAt);
  const headerLength = reader.uint32();
  if (headerLength < 6) reader.fail(`The header is ${headerLength} bytes long; it needs 6.`, headerAt + 4);
  const header = reader.slice(headerLength);
  const declaredFormat = header.uint16();
  const declaredTracks = header.uint16();
  const division = readDivision(header);
  if (declaredFormat > 2) reader.fail(`Format ${declaredFormat} does not exist.`, headerAt + 8);
  if (declaredTracks > limits.tracks) exceed('tracks', limits, headerAt + 10);

  const chunks = findChunks(reader, limits, faults);
  let trackCount = 0;
  for (const chunk of chunks) if (chunk.type === TRACK_CHUNK) trackCount++;
  if (trackCount !== declaredTracks) {
    const message = `The header declares ${declaredTracks} tracks and ${trackCount} are there.`;
    faults.handle(malformed(message, headerAt + 10), 'Those that are there were read.');
  }
  let format = declaredFormat as 0 | 1 | 2;
  if (format === 0 && trackCount > 1) {
    const message = `A format 0 file has one track, not ${trackCount}.`;
    faults.handle(malformed(message, headerAt + 10), 'It was read as format 1.');
    format = 1;
  }
  return { format, division, headerRest: header.bytes(header.remaining), chunks, trackCount };
}

/** The `data` chunk of a RIFF file of kind RMID; any other file as it is. Sizes there are little-endian. */
function unwrap(reader: ByteReader, faults: FaultHandler): ByteReader {
  if (reader.remaining < 12 || reader.uint32() !== RIFF) {
    reader.seek(0);
    return reader;
  }
  reader.skip(4);
  if (reader.uint32() !== RMID) reader.fail('The file does not start with a Standard MIDI File header.', 0);
  while (reader.remaining >= 8) {
    const at = reader.offset;
    const type = reader.uint32();
    let length = reader.uint32LE();
    if (length > reader.remaining) {
      const message = `Chunk of ${length} bytes where ${reader.remaining} are left.`;
      faults.handle(malformed(message, at), 'It was read up to the end of the file.');
      length = reader.remaining;
    }
    if (type === RIFF_DATA) return reader.slice(length);
    reader.skip(Math.min(length + (length & 1), reader.remaining)); // chunks start at even offsets
  }
  return reader.fail('The RIFF file has no chunk with MIDI data.');
}

function findChunks(reader: ByteReader, limits: MidiLimits, faults: FaultHandler): ChunkPlace[] {
  const chunks: ChunkPlace[] = [];
  while (reader.remaining > 0) {
    const at = reader.offset;
    if (reader.remaining < 8) {
      const message = `${reader.remaining} bytes are left, too few for a chunk.`;
      faults.handle(malformed(message, at), 'They were left out.');
      break;
    }
    const type = reader.uint32();
    let length = reader.uint32();
    if (length > reader.remaining) {
      const message = `Chunk of ${length} bytes where ${reader.remaining} are left.`;
      faults.handle(malformed(message, at), 'It was read up to the end of the file.');
      length = reader.remaining;
    }
    const start = reader.offset;
    reader.skip(length);
    if (chunks.push({ type, start, end: start + length }) > limits.tracks) exceed('tracks', limits, at);
  }
  return chunks;
}

function readDivision(header: ByteReader): MidiDivision {
  const at = header.offset;
  const division = header.uint16();
  if (division < 0x8000) {
    if (division === 0) header.fail('The division is 0 ticks a quarter.', at);
    return { kind: 'quarter', ticksPerQuarter: division };
  }
  const framesPerSecond = 256 - (division >>> 8);
  const ticksPerFrame = division & 0xff;
  if (![24, 25, 29, 30].includes(framesPerSecond) || ticksPerFrame === 0) {
    header.fail(`${framesPerSecond} frames of ${ticksPerFrame} ticks is no SMPTE division.`, at);
  }
  return { kind: 'smpte', framesPerSecond, ticksPerFrame };
}
