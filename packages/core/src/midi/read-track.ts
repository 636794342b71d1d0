import { AttuneError } from '../foundation/errors.ts';
import type { ByteReader } from '../foundation/byte-reader.ts';
import { compareNotes } from '../score/order.ts';
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
export function readTrack(reader: ByteReader, context: ReadContext): RawTrack {
  return new TrackReader(reader, context).read();
}

/** What the tracks of one file share. */
export interface ReadContext {
  readonly ticksPerQuarter: number;
  readonly budget: MidiBudget;
  readonly faults: FaultHandler;
  /** Empty before and after each track; shared because making it costs more than reading a short track. */
  readonly sounding: SoundingNotes;
}

const NO_NOTE = -1;

/** Notes begun and not ended: for each channel and pitch a queue of slots, linked through `next`. */
export class SoundingNotes {
  private readonly slots: OpenNote[] = [];
  private readonly next: number[] = [];
  /** First of the slots that are free again, linked through `next` too. */
  private free = NO_NOTE;
  /** For each channel in use, the oldest slot of each pitch, and from 128 on the newest. */
  private readonly queues: (Int32Array | undefined)[] = [];

  add(channel: number, note: OpenNote): void {
    const queue = (this.queues[channel] ??= new Int32Array(256).fill(NO_NOTE));
    let slot = this.free;
    if (slot === NO_NOTE) slot = this.slots.length;
    else this.free = this.next[slot]!;
    this.slots[slot] = note;
    this.next[slot] = NO_NOTE;
    const { pitch } = note;
    if (queue[pitch] === NO_NOTE) queue[pitch] = slot;
    else this.next[queue[128 + pitch]!] = slot;
    queue[128 + pitch] = slot;
  }

  /** False where no note of that channel and pitch sounds. */
  endOldest(channel: number, pitch: number, tick: number): boolean {
    const queue = this.queues[channel];
    const slot = queue?.[pitch] ?? NO_NOTE;
    if (slot === NO_NOTE) return false;
    const note = this.slots[slot]!;
    note.duration = tick - note.start;
    queue![pitch] = this.next[slot]!;
    this.next[slot] = this.free;
    this.free = slot;
    return true;
  }

  /** Ends everything; returns how many notes were still sounding. */
  endAll(tick: number): number {
    let count = 0;
    for (let channel = 0; channel < this.queues.length; channel++) {
      if (!this.queues[channel]) continue;
      for (let pitch = 0; pitch < 128; pitch++) while (this.endOldest(channel, pitch, tick)) count++;
    }
    return count;
  }
}

class TrackReader {
  private tick = 0;
  private lastTick = 0;
  private status = 0;
  private ended = false;
  private port = 0;
  private name: string | undefined;
  private instrumentName: string | undefined;

  /** Program of each channel, where it was set. */
  private readonly programs: (number | undefined)[] = [];
  /** The part that a channel's next note goes to, until its program or the port changes. */
  private current: (RawPart | undefined)[] = [];
  private readonly parts = new Map<number, RawPart>();
  /** Parts with a chord that is not in order of pitch. */
  private readonly unsorted = new Set<RawPart>();
  private readonly channels = new Map<number, RawChannel>();
  private readonly tempos: RawTempo[] = [];
  private readonly meters: MeterEvent[] = [];
  private readonly keys: KeyEvent[] = [];
  private readonly texts: TextEvent[] = [];

  private readonly reader: ByteReader;
  private readonly ticksPerQuarter: number;
  private readonly budget: MidiBudget;
  private readonly faults: FaultHandler;
  private readonly sounding: SoundingNotes;

  constructor(reader: ByteReader, { ticksPerQuarter, budget, faults, sounding }: ReadContext) {
    this.reader = reader;
    this.ticksPerQuarter = ticksPerQuarter;
    this.budget = budget;
    this.faults = faults;
    this.sounding = sounding;
  }

  read(): RawTrack {
    const offset = this.reader.offset;
    try {
      this.readEvents();
    } catch (error) {
      if (!(error instanceof AttuneError) || error.code !== 'midi/malformed') throw error;
      this.faults.handle(error, 'The rest of this track was left out.');
    }
    const unended = this.sounding.endAll(this.tick);
    if (unended > 0) {
      this.lastTick = this.tick;
      this.faults.note(offset, `${unended} notes never end; they were ended with their track.`);
    }
    for (const { notes } of this.unsorted) notes.sort(compareNotes);
    return {
      offset,
      name: this.name,
      instrumentName: this.instrumentName,
      parts: [...this.parts.values()],
      channels: [...this.channels.values()],
      tempos: this.tempos,
      meters: this.meters,
      keys: this.keys,
      texts: this.texts,
      endTick: this.tick,
      lastTick: this.lastTick,
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
        this.addChange(at);
        this.channelOf(channel).controls.push({ tick: this.tick, controller: first, value: second });
        break;
      case 0xc0:
        this.changeProgram(channel, first, at);
        break;
      case 0xe0:
        this.addChange(at);
        this.channelOf(channel).bends.push({ tick: this.tick, value: ((second << 7) | first) - 8192 });
        break;
      default: // 0xa0 and 0xd0, pressure: a Score does not hold it
    }
  }

  private startNote(channel: number, pitch: number, velocity: number, at: number): void {
    this.budget.addNote(at);
    const note = { start: this.tick, duration: 0, pitch, velocity };
    const part = (this.current[channel] ??= this.partOf(channel));
    const last = part.notes.at(-1);
    if (last?.start === note.start && last.pitch >= pitch) this.unsorted.add(part);
    part.notes.push(note);
    this.sounding.add(channel, note);
  }

  private endNote(channel: number, pitch: number): void {
    if (this.sounding.endOldest(channel, pitch, this.tick)) this.lastTick = this.tick;
  }

  /** Counts an event that the Score keeps. */
  private addChange(offset: number): void {
    this.budget.addChange(offset);
    this.lastTick = this.tick;
  }

  private changeProgram(channel: number, program: number, at: number): void {
    this.addChange(at);
    const { controls, bends, programs } = this.channelOf(channel);
    programs.push({ tick: this.tick, program, controlsBefore: controls.length, bendsBefore: bends.length });
    this.programs[channel] = program;
    this.current[channel] = undefined;
  }

  private partOf(channel: number): RawPart {
    // One drum track a channel: a kit is a program too, but a Score's drum track has only one.
    const program = channel === DRUM_CHANNEL ? UNSET_PROGRAM : (this.programs[channel] ?? UNSET_PROGRAM);
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
        this.current = [];
        return;
      case 0x51: {
        const microsecondsPerQuarter = body.uint24();
        if (microsecondsPerQuarter === 0) body.fail('A tempo is 0 microseconds a quarter.', at);
        this.addChange(at);
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
        this.addChange(at);
        this.keys.push({ tick, fifths, mode: minor === 1 ? 'minor' : 'major' });
        return;
      }
    }
    const kind = TEXT_KINDS.get(type);
    if (!kind) return;
    this.addChange(at);
    this.texts.push({ tick, kind, text: decodeText(body.bytes(body.remaining)) });
  }

  private readMeter(body: ByteReader, at: number): { numerator: number; denominator: number } {
    const numerator = body.uint8();
    const exponent = body.uint8();
    const denominator = 2 ** exponent;
    const ticks = (numerator * 4 * this.ticksPerQuarter) / denominator;
    if (numerator === 0 || exponent > 7 || ticks < 1)
      body.fail(`A meter is ${numerator}/${denominator}.`, at);
    this.addChange(at);
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
