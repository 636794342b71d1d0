import { AttuneError } from '../foundation/errors.ts';
import type { ByteReader } from '../foundation/byte-reader.ts';
import { compareNotes, isSorted } from '../score/order.ts';
import type { KeyEvent, MeterEvent, TextEvent } from '../score/score.ts';
import type { MidiBudget } from './limits.ts';
import { UNSET_PROGRAM } from './raw-track.ts';
import type { OpenNote, RawChannel, RawPart, RawTempo, RawTrack } from './raw-track.ts';
import type { FaultHandler } from './repairs.ts';
import { decodeText } from './text.ts';

/** MIDI channel 10, counted from 0, plays drums in General MIDI. */
export const DRUM_CHANNEL = 9;

/**
 * Reads the events of one track chunk and pairs its notes, in time linear in the bytes. A note-off ends the
 * oldest sounding note of its channel and pitch; one without a note is ignored; a note without an end
 * lasts to the end of the track.
 */
export function readTrack(
  reader: ByteReader,
  ticksPerQuarter: number,
  budget: MidiBudget,
  faults: FaultHandler,
): RawTrack {
  return new TrackReader(reader, ticksPerQuarter, budget, faults).read();
}

const NO_NOTE = -1;

class TrackReader {
  private tick = 0;
  private status = 0;
  private ended = false;
  private port = 0;
  private name: string | undefined;
  private instrumentName: string | undefined;

  /** Sounding notes: a queue for each channel × 128 + pitch, linked through `nextSounding`. */
  private readonly sounding: OpenNote[] = [];
  private readonly nextSounding: number[] = [];
  private readonly oldest = new Int32Array(16 * 128).fill(NO_NOTE);
  private readonly newest = new Int32Array(16 * 128).fill(NO_NOTE);

  private readonly programs = new Int16Array(16).fill(UNSET_PROGRAM);
  /** The part that a channel's next note goes to, until its program or the port changes. */
  private readonly current: (RawPart | undefined)[] = new Array<RawPart | undefined>(16).fill(undefined);
  private readonly parts = new Map<number, RawPart>();
  private readonly channels = new Map<number, RawChannel>();
  private readonly tempos: RawTempo[] = [];
  private readonly meters: MeterEvent[] = [];
  private readonly keys: KeyEvent[] = [];
  private readonly texts: TextEvent[] = [];

  private readonly reader: ByteReader;
  private readonly ticksPerQuarter: number;
  private readonly budget: MidiBudget;
  private readonly faults: FaultHandler;

  constructor(reader: ByteReader, ticksPerQuarter: number, budget: MidiBudget, faults: FaultHandler) {
    this.reader = reader;
    this.ticksPerQuarter = ticksPerQuarter;
    this.budget = budget;
    this.faults = faults;
  }

  read(): RawTrack {
    const offset = this.reader.offset;
    try {
      this.readEvents();
    } catch (error) {
      if (!(error instanceof AttuneError) || error.code !== 'midi/malformed') throw error;
      this.faults.handle(error, 'The rest of this track was left out.');
    }
    this.closeNotes(offset);
    const parts = [...this.parts.values()];
    for (const { notes } of parts) if (!isSorted(notes, compareNotes)) notes.sort(compareNotes);
    return {
      offset,
      name: this.name,
      instrumentName: this.instrumentName,
      parts,
      channels: [...this.channels.values()],
      tempos: this.tempos,
      meters: this.meters,
      keys: this.keys,
      texts: this.texts,
      endTick: this.tick,
    };
  }

  private readEvents(): void {
    const { reader } = this;
    while (reader.offset < reader.end) {
      if (this.ended) reader.fail('Bytes follow the end of the track.');
      this.budget.addEvent(reader.offset);
      this.tick += reader.variableLength();
      const first = reader.peek();
      if (first >= 0xf0) {
        this.readSystemEvent(); // running status goes on after it: many writers rely on that
        continue;
      }
      if (first >= 0x80) {
        this.status = first;
        reader.skip(1);
      } else if (this.status === 0) reader.fail(`Data byte ${first} stands where a status byte is needed.`);
      this.readChannelEvent(this.status);
    }
    if (this.ended) return;
    const error = new AttuneError(
      'midi/malformed',
      `The track has no end-of-track event. (byte ${reader.end})`,
      { offset: reader.end },
    );
    this.faults.handle(error, 'It was ended there.');
  }

  private readChannelEvent(status: number): void {
    const { reader } = this;
    const at = reader.offset;
    const channel = status & 0x0f;
    const kind = status & 0xf0;
    const first = reader.uint8();
    const second = kind === 0xc0 || kind === 0xd0 ? 0 : reader.uint8();
    if (first > 0x7f || second > 0x7f) {
      // A writer's value out of range is likelier than a lost byte, so the lenient reader stays in step.
      const message = `Data bytes ${first} and ${second} of a channel message must be below 128. (byte ${at})`;
      this.faults.handle(
        new AttuneError('midi/malformed', message, { offset: at }),
        'The message was left out.',
      );
      return;
    }
    switch (kind) {
      case 0x80:
        this.endNote(channel, first);
        break;
      case 0x90:
        if (second === 0) this.endNote(channel, first);
        else this.startNote(channel, first, second, at);
        break;
      case 0xb0:
        this.budget.addChange(at);
        this.channelOf(channel).controls.push({ tick: this.tick, controller: first, value: second });
        break;
      case 0xc0:
        this.changeProgram(channel, first, at);
        break;
      case 0xe0:
        this.budget.addChange(at);
        this.channelOf(channel).bends.push({ tick: this.tick, value: ((second << 7) | first) - 8192 });
        break;
      default: // 0xa0 and 0xd0, pressure: a Score does not hold it
    }
  }

  private startNote(channel: number, pitch: number, velocity: number, at: number): void {
    this.budget.addNote(at);
    const note = { start: this.tick, duration: 0, pitch, velocity };
    (this.current[channel] ??= this.partOf(channel)).notes.push(note);
    const index = this.sounding.push(note) - 1;
    this.nextSounding.push(NO_NOTE);
    const queue = channel * 128 + pitch;
    if (this.oldest[queue] === NO_NOTE) this.oldest[queue] = index;
    else this.nextSounding[this.newest[queue]!] = index;
    this.newest[queue] = index;
  }

  private endNote(channel: number, pitch: number): void {
    const queue = channel * 128 + pitch;
    const index = this.oldest[queue]!;
    if (index === NO_NOTE) return;
    const note = this.sounding[index]!;
    note.duration = this.tick - note.start;
    this.oldest[queue] = this.nextSounding[index]!;
  }

  private closeNotes(offset: number): void {
    let count = 0;
    for (let index of this.oldest) {
      for (; index !== NO_NOTE; index = this.nextSounding[index]!) {
        const note = this.sounding[index]!;
        note.duration = this.tick - note.start;
        count++;
      }
    }
    if (count > 0) this.faults.note(offset, `${count} notes never end; they were ended with their track.`);
  }

  private changeProgram(channel: number, program: number, at: number): void {
    this.budget.addChange(at);
    const { controls, bends, programs } = this.channelOf(channel);
    programs.push({ tick: this.tick, program, controlsBefore: controls.length, bendsBefore: bends.length });
    this.programs[channel] = program;
    this.current[channel] = undefined;
  }

  private partOf(channel: number): RawPart {
    // One drum track a channel: a kit is a program too, but a Score's drum track has only one.
    const program = channel === DRUM_CHANNEL ? UNSET_PROGRAM : this.programs[channel]!;
    const key = ((this.port << 4) | channel) * 256 + program + 1;
    let part = this.parts.get(key);
    if (!part) this.parts.set(key, (part = { port: this.port, channel, program, notes: [] }));
    return part;
  }

  private channelOf(channel: number): RawChannel {
    const key = (this.port << 4) | channel;
    let found = this.channels.get(key);
    if (!found)
      this.channels.set(key, (found = { port: this.port, channel, controls: [], bends: [], programs: [] }));
    return found;
  }

  /** System exclusive, escapes and meta events. */
  private readSystemEvent(): void {
    const { reader } = this;
    const at = reader.offset;
    const status = reader.uint8();
    if (status === 0xf0 || status === 0xf7) {
      reader.skip(reader.variableLength());
      return;
    }
    if (status !== 0xff) reader.fail(`Status byte ${status} has no place in a file.`, at);
    const type = reader.uint8();
    if (type > 0x7f) reader.fail(`Meta event type ${type} is above 127.`, at + 1);
    const body = reader.slice(reader.variableLength());
    if (type === END_OF_TRACK) {
      this.ended = true;
      return;
    }
    try {
      this.readMeta(type, body, at);
    } catch (error) {
      if (!(error instanceof AttuneError) || error.code !== 'midi/malformed') throw error;
      this.faults.handle(error, 'This event was left out.');
    }
  }

  /** Longer bodies than the standard's are allowed, as it asks; what is unknown is skipped. */
  private readMeta(type: number, body: ByteReader, at: number): void {
    const { tick } = this;
    switch (type) {
      case 0x03:
        this.name ??= decodeText(body.bytes(body.remaining));
        return;
      case 0x04:
        this.instrumentName ??= decodeText(body.bytes(body.remaining));
        return;
      case 0x21:
        this.port = body.uint8() & 0x7f;
        this.current.fill(undefined);
        return;
      case 0x51: {
        const microsecondsPerQuarter = body.uint24();
        if (microsecondsPerQuarter === 0) body.fail('A tempo is 0 microseconds a quarter.', at);
        this.budget.addChange(at);
        this.tempos.push({ tick, microsecondsPerQuarter });
        return;
      }
      case 0x58:
        this.meters.push({ tick, ...this.readMeter(body, at) });
        return;
      case 0x59: {
        const fifths = body.int8();
        const minor = body.uint8();
        if (fifths < -7 || fifths > 7 || minor > 1)
          body.fail(`A key has ${fifths} sharps and mode ${minor}.`, at);
        this.budget.addChange(at);
        this.keys.push({ tick, fifths, mode: minor === 1 ? 'minor' : 'major' });
        return;
      }
    }
    const kind = TEXT_KINDS.get(type);
    if (!kind) return;
    this.budget.addChange(at);
    this.texts.push({ tick, kind, text: decodeText(body.bytes(body.remaining)) });
  }

  private readMeter(body: ByteReader, at: number): { numerator: number; denominator: number } {
    const numerator = body.uint8();
    const exponent = body.uint8();
    const denominator = 2 ** exponent;
    const ticks = (numerator * 4 * this.ticksPerQuarter) / denominator;
    if (numerator === 0 || exponent > 7 || ticks < 1)
      body.fail(`A meter is ${numerator}/${denominator}.`, at);
    this.budget.addChange(at);
    return { numerator, denominator };
  }
}

const END_OF_TRACK = 0x2f;

/** Meta event types whose text a Score keeps. */
const TEXT_KINDS: ReadonlyMap<number, TextEvent['kind']> = new Map([
  [0x01, 'text'],
  [0x02, 'copyright'],
  [0x05, 'lyric'],
  [0x06, 'marker'],
  [0x07, 'cue'],
]);
