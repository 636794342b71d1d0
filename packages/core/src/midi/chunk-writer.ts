import { AttuneError } from '../foundation/errors.ts';
import type { ByteWriter } from '../foundation/byte-writer.ts';
import { END_OF_TRACK, META } from './midi-track.ts';
import { MAX_QUANTITY } from './read-events.ts';

/** Writes one chunk's events with their delta times; calls come in order of tick. */
export class ChunkWriter {
  private tick = 0;
  private status = 0;
  private readonly writer: ByteWriter;

  constructor(writer: ByteWriter) {
    this.writer = writer;
  }

  message(tick: number, status: number, first: number, second?: number): void {
    this.delta(tick);
    if (status !== this.status) this.writer.uint8(status); // else running status
    this.status = status;
    this.writer.uint8(first);
    if (second !== undefined) this.writer.uint8(second);
  }

  meta(tick: number, type: number, body: ArrayLike<number>): void {
    this.delta(tick);
    this.writer.uint8(META);
    this.writer.uint8(type);
    this.body(body);
  }

  /** `status`: 0xf0 or 0xf7. */
  sysex(tick: number, status: number, body: ArrayLike<number>): void {
    this.delta(tick);
    this.writer.uint8(status);
    this.body(body);
  }

  /** End of track, at the last event's tick. */
  end(): void {
    this.meta(this.tick, END_OF_TRACK, []);
  }

  private body(body: ArrayLike<number>): void {
    this.writer.variableLength(body.length);
    this.writer.bytes(body);
    this.status = 0; // a meta or sysex event ends running status
  }

  private delta(tick: number): void {
    const delta = tick - this.tick;
    if (delta > MAX_QUANTITY)
      throw new AttuneError('score/invalid', `Tick ${tick} follows ${this.tick} too late for a MIDI file.`, {
        tick,
      });
    this.writer.variableLength(delta);
    this.tick = tick;
  }
}

/** Writes a chunk whose length is known only afterwards. */
export function writeChunk(writer: ByteWriter, type: string, write: () => void): void {
  writer.latin1(type);
  const lengthAt = writer.length;
  writer.uint32(0);
  write();
  writer.setUint32(lengthAt, writer.length - lengthAt - 4);
}
