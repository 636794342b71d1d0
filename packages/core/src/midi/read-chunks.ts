import { AttuneError } from '../foundation/errors.ts';
import { createByteReader } from '../foundation/byte-reader.ts';
import type { ByteReader } from '../foundation/byte-reader.ts';
import { exceed } from './limits.ts';
import type { MidiLimits } from './limits.ts';
import type { FaultHandler } from './repairs.ts';

/** What a file's division says a tick is. */
export type Division =
  | { readonly kind: 'quarter'; readonly ticksPerQuarter: number }
  /** SMPTE time code: `framesPerSecond` 24, 25, 29 (= 30000/1001) or 30. */
  | { readonly kind: 'smpte'; readonly framesPerSecond: number; readonly ticksPerFrame: number };

export interface MidiChunks {
  readonly format: 0 | 1 | 2;
  readonly division: Division;
  readonly tracks: readonly ByteReader[];
}

/** Reads the header and finds the track chunks; chunks of unknown type are skipped, as the standard asks. */
export function readChunks(bytes: Uint8Array, limits: MidiLimits, faults: FaultHandler): MidiChunks {
  if (bytes.length > limits.bytes) exceed('bytes', limits, limits.bytes);
  const reader = createByteReader(bytes, 'midi/malformed');
  if (reader.remaining < 14 || reader.latin1(4) !== 'MThd')
    reader.fail('The file does not start with a Standard MIDI File header.', 0);
  const headerLength = reader.uint32();
  if (headerLength < 6) reader.fail(`The header is ${headerLength} bytes long; it needs 6.`, 4);
  const header = reader.slice(headerLength);
  const declaredFormat = header.uint16();
  const declaredTracks = header.uint16();
  const division = readDivision(header);
  if (declaredFormat > 2) reader.fail(`Format ${declaredFormat} does not exist.`, 8);
  if (declaredTracks > limits.tracks) exceed('tracks', limits, 10);

  const tracks = findTracks(reader, limits, faults);
  const complain = (message: string, done: string): void =>
    faults.handle(new AttuneError('midi/malformed', `${message} (byte 10)`, { offset: 10 }), done);
  if (tracks.length !== declaredTracks) {
    complain(
      `The header declares ${declaredTracks} tracks and ${tracks.length} are there.`,
      'Those that are there were read.',
    );
  }
  if (declaredFormat === 0 && tracks.length > 1) {
    complain(`A format 0 file has one track, not ${tracks.length}.`, 'It was read as format 1.');
    return { format: 1, division, tracks };
  }
  return { format: declaredFormat as 0 | 1 | 2, division, tracks };
}

function findTracks(reader: ByteReader, limits: MidiLimits, faults: FaultHandler): ByteReader[] {
  const tracks: ByteReader[] = [];
  while (reader.remaining > 0) {
    const start = reader.offset;
    if (reader.remaining < 8) {
      faults.handle(
        malformed(`${reader.remaining} bytes are left, too few for a chunk.`, start),
        'They were left out.',
      );
      break;
    }
    const type = reader.latin1(4);
    let length = reader.uint32();
    if (length > reader.remaining) {
      const message = `Chunk of ${length} bytes where ${reader.remaining} are left.`;
      faults.handle(malformed(message, start), 'It was read up to the end of the file.');
      length = reader.remaining;
    }
    const body = reader.slice(length);
    if (type !== 'MTrk') continue;
    if (tracks.push(body) > limits.tracks) exceed('tracks', limits, start);
  }
  return tracks;
}

function readDivision(header: ByteReader): Division {
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

function malformed(message: string, offset: number): AttuneError {
  return new AttuneError('midi/malformed', `${message} (byte ${offset})`, { offset });
}
