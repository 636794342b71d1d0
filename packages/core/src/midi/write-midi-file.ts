import { AttuneError } from '../foundation/errors.ts';
import { createByteWriter } from '../foundation/byte-writer.ts';
import type { ByteWriter } from '../foundation/byte-writer.ts';
import { ChunkWriter, writeChunk } from './chunk-writer.ts';
import type { MidiFile } from './midi-file.ts';
import { bodyOf, END_OF_TRACK, META, ROW } from './midi-track.ts';
import type { MidiTrack } from './midi-track.ts';
import { MAX_QUANTITY } from './read-events.ts';
import type { MidiDivision } from './read-chunks.ts';

/**
 * Writes every event of the file, with running status and in the fewest bytes.
 *
 * @throws AttuneError `argument/invalid`: format 0 with more than one track, a division or chunk type that no
 *   file can state, or rows that are not those of a track (`readMidiFile` and `createMidiTrack` make sound ones).
 */
export function writeMidiFile(file: MidiFile): Uint8Array<ArrayBuffer> {
  if (file.format === 0 && file.tracks.length > 1)
    throw new AttuneError('argument/invalid', `A format 0 file has one track, not ${file.tracks.length}.`);
  const writer = createByteWriter(4096);
  writer.latin1('MThd');
  writer.uint32(6 + file.headerRest.length);
  writer.uint16(file.format);
  writer.uint16(file.tracks.length);
  writer.uint16(divisionField(file.division));
  writer.bytes(file.headerRest);
  let other = 0;
  for (let index = 0; index <= file.tracks.length; index++) {
    for (; file.otherChunks[other] && file.otherChunks[other]!.tracksBefore <= index; other++)
      writeOther(writer, file.otherChunks[other]!.type, file.otherChunks[other]!.bytes);
    const track = file.tracks[index];
    if (track)
      writeChunk(writer, 'MTrk', () => {
        writeTrack(writer, track, index);
      });
  }
  for (; other < file.otherChunks.length; other++)
    writeOther(writer, file.otherChunks[other]!.type, file.otherChunks[other]!.bytes);
  return writer.toBytes();
}

function writeOther(writer: ByteWriter, type: string, bytes: Uint8Array): void {
  if (type.length !== 4 || type === 'MTrk')
    throw new AttuneError('argument/invalid', `"${type}" is no type of a chunk beside tracks.`, { type });
  writeChunk(writer, type, () => {
    writer.bytes(bytes);
  });
}

function divisionField(division: MidiDivision): number {
  if (division.kind === 'smpte') {
    const { framesPerSecond, ticksPerFrame } = division;
    if (
      [24, 25, 29, 30].includes(framesPerSecond) &&
      Number.isInteger(ticksPerFrame) &&
      ticksPerFrame > 0 &&
      ticksPerFrame < 256
    )
      return ((256 - framesPerSecond) << 8) | ticksPerFrame;
    throw new AttuneError(
      'argument/invalid',
      `${framesPerSecond} frames of ${ticksPerFrame} ticks is no SMPTE division.`,
    );
  }
  const { ticksPerQuarter } = division;
  if (Number.isInteger(ticksPerQuarter) && ticksPerQuarter > 0 && ticksPerQuarter < 0x8000)
    return ticksPerQuarter;
  throw new AttuneError('argument/invalid', `A file cannot state ${ticksPerQuarter} ticks a quarter.`);
}

function writeTrack(writer: ByteWriter, { rows, count, bytes }: MidiTrack, index: number): void {
  const chunk = new ChunkWriter(writer);
  let tick = 0;
  for (let row = 0; row < count * ROW; row += ROW) {
    tick += rows[row]!;
    const message = rows[row + 1]!;
    const status = message & 0xff;
    const first = (message >>> 8) & 0xff;
    const isEnd = status === META && first === END_OF_TRACK;
    if (isEnd !== (row === (count - 1) * ROW) || !isSound(rows[row]!, message)) refuse(index, row / ROW);
    if (status < 0xf0)
      chunk.message(tick, status, first, (status & 0xe0) === 0xc0 ? undefined : message >>> 16);
    else if (status === META) chunk.meta(tick, first, bodyOf(bytes, status, rows[row + 2]!));
    else chunk.sysex(tick, status, bodyOf(bytes, status, rows[row + 2]!));
  }
  if (count === 0) refuse(index, 0);
}

/** Whether a delta time and message can stand in a file. */
function isSound(delta: number, message: number): boolean {
  const status = message & 0xff;
  const isStatus = status >= 0x80 && (status <= 0xf0 || status === 0xf7 || status === META);
  return (
    delta >= 0 &&
    delta <= MAX_QUANTITY &&
    isStatus &&
    message >= 0 &&
    (message & 0x808000) === 0 &&
    message < 0x800000
  );
}

function refuse(track: number, event: number): never {
  throw new AttuneError(
    'argument/invalid',
    `Event ${event} of track ${track} is none that a file can hold.`,
    {
      track,
      event,
    },
  );
}
