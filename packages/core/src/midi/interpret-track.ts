import type { KeyEvent, MeterEvent, TempoEvent, TextEvent } from '../score/score.ts';
import { KeyedList } from './keyed-list.ts';
import type { MidiBudget } from './limits.ts';
import { bodyLength, bodyStart, END_OF_TRACK, META, ROW } from './midi-track.ts';
import { META_TEXTS } from './midi-meta.ts';
import { DRUM_CHANNEL, UNSET_PROGRAM } from './raw-track.ts';
import type { RawChannel, RawPart, RawTrack } from './raw-track.ts';
import { malformed } from './read-events.ts';
import type { FaultHandler } from './repairs.ts';
import { sortChords } from './sort-chords.ts';
import type { SoundingNotes } from './sounding-notes.ts';
import { decodeText } from './text.ts';

/** What the tracks of one file share. */
export interface InterpretContext {
  readonly ticksPerQuarter: number;
  readonly budget: MidiBudget;
  readonly faults: FaultHandler;
  readonly sounding: SoundingNotes;
}

/**
 * Finds what the events of one track say to a Score and pairs its notes, in linear time. A note-off ends the
 * oldest sounding note of its channel and pitch; one without a note is ignored; a note without an end lasts to
 * the end of the track.
 */
export class TrackInterpreter {
  private tick = 0;
  private lastTick = 0;
  private port = 0;
  private name: string | undefined;
  private instrumentName: string | undefined;

  /** Program of each channel, where it was set. */
  private readonly programs: (number | undefined)[] = [];
  private readonly parts = new KeyedList<RawPart>();
  /** The part that a channel's next note goes to, until its program or the port changes. */
  private current: (RawPart | undefined)[] = [];
  private readonly channels = new KeyedList<RawChannel>();
  /** What the channels of the present port have said. */
  private currentChannels: (RawChannel | undefined)[] = [];
  private readonly tempos: TempoEvent[] = [];
  private readonly meters: MeterEvent[] = [];
  private readonly keys: KeyEvent[] = [];
  private readonly texts: TextEvent[] = [];

  private readonly bytes: Uint8Array;
  private readonly ticksPerQuarter: number;
  private readonly budget: MidiBudget;
  private readonly faults: FaultHandler;
  private readonly sounding: SoundingNotes;

  /** `bytes`: what the rows point into. */
  constructor(bytes: Uint8Array, { ticksPerQuarter, budget, faults, sounding }: InterpretContext) {
    this.bytes = bytes;
    this.ticksPerQuarter = ticksPerQuarter;
    this.budget = budget;
    this.faults = faults;
    this.sounding = sounding;
  }

  /**
   * Takes the next `count` events of the track as rows (see `MidiTrack`). Locals instead of fields for what
   * changes with each event: this loop takes most of the time.
   */
  take(rows: Int32Array, count: number): void {
    const { sounding, budget } = this;
    const end = count * ROW;
    let { tick } = this;
    let lastEnd = 0;
    let part: RawPart | undefined;
    let partChannel = -1;
    for (let row = 0; row < end; row += ROW) {
      tick += rows[row]!;
      const message = rows[row + 1]!;
      const status = message & 0xf0;
      if (status === 0x90 && message > 0xffff) {
        budget.addNote(rows[row + 2]!);
        const channel = message & 0x0f;
        if (channel !== partChannel || part === undefined) {
          part = this.current[channel] ??= this.partOf(channel);
          partChannel = channel;
        }
        const pitch = (message >>> 8) & 0x7f;
        const note = { start: tick, duration: 0, pitch, velocity: message >>> 16 };
        if (part.lastStart === tick && part.lastPitch >= pitch) part.isOrdered = false;
        part.lastStart = tick;
        part.lastPitch = pitch;
        part.notes.push(note);
        sounding.add((channel << 7) | pitch, note);
      } else if (status <= 0x90) {
        if (sounding.endOldest(((message & 0x0f) << 7) | ((message >>> 8) & 0x7f), tick)) lastEnd = tick;
      } else {
        this.tick = tick;
        this.readOther(message, rows[row + 2]!);
        partChannel = -1; // its program or port may have changed
      }
    }
    this.tick = tick;
    if (lastEnd > this.lastTick) this.lastTick = lastEnd;
  }

  /** What was said; `offset`: the byte at which the chunk's events start. */
  finish(offset: number): RawTrack {
    const unended = this.sounding.endAll(this.tick);
    if (unended > 0) {
      this.lastTick = this.tick;
      this.faults.note(offset, `${unended} notes never end; they were ended with their track.`);
    }
    for (const part of this.parts.items) if (!part.isOrdered) sortChords(part.notes);
    return {
      offset,
      name: this.name,
      instrumentName: this.instrumentName,
      parts: this.parts.items,
      channels: this.channels.items,
      tempos: this.tempos,
      meters: this.meters,
      keys: this.keys,
      texts: this.texts,
      endTick: this.tick,
      lastTick: this.lastTick,
    };
  }

  private readOther(message: number, place: number): void {
    const channel = message & 0x0f;
    const first = (message >>> 8) & 0x7f;
    const second = message >>> 16;
    switch (message & 0xf0) {
      case 0xb0:
        this.addChange(place);
        this.channelOf(channel).controls.push({ tick: this.tick, controller: first, value: second });
        break;
      case 0xc0:
        this.changeProgram(channel, first, place);
        break;
      case 0xe0:
        this.addChange(place);
        this.channelOf(channel).bends.push({ tick: this.tick, value: ((second << 7) | first) - 8192 });
        break;
      case 0xf0:
        if (channel === 0x0f && first !== END_OF_TRACK) this.readMeta(first, place);
        break;
      default: // 0xa0 and 0xd0, pressure: a Score does not hold it
    }
  }

  /** Counts an event that the Score keeps. */
  private addChange(place: number): void {
    this.budget.addChange(place);
    this.lastTick = this.tick;
  }

  private changeProgram(channel: number, program: number, place: number): void {
    this.addChange(place);
    const { controls, bends, programs } = this.channelOf(channel);
    programs.push({ tick: this.tick, program, controlsBefore: controls.length, bendsBefore: bends.length });
    this.programs[channel] = program;
    this.current[channel] = undefined;
  }

  private partOf(channel: number): RawPart {
    // One drum track a channel: a kit is a program too, but a Score's drum track has only one.
    const program = channel === DRUM_CHANNEL ? UNSET_PROGRAM : (this.programs[channel] ?? UNSET_PROGRAM);
    const key = ((this.port << 4) | channel) * 256 + program + 1;
    return this.parts.find(key) ?? this.parts.add(key, createPart(this.port, channel, program));
  }

  private channelOf(channel: number): RawChannel {
    return (this.currentChannels[channel] ??= this.findChannel(channel));
  }

  private findChannel(channel: number): RawChannel {
    const { port, channels } = this;
    const key = (port << 4) | channel;
    return channels.find(key) ?? channels.add(key, { port, channel, controls: [], bends: [], programs: [] });
  }

  /** Longer bodies than the standard's are allowed, as it asks; what is unknown is skipped. */
  private readMeta(type: number, place: number): void {
    const { bytes } = this;
    const length = bodyLength(bytes, META, place);
    const at = bodyStart(bytes, META, place);
    switch (type) {
      case META_TEXTS.trackName:
        this.name ??= decodeText(bytes, at, length);
        return;
      case META_TEXTS.instrumentName:
        this.instrumentName ??= decodeText(bytes, at, length);
        return;
      case META_TEXTS.text:
      case META_TEXTS.copyright:
      case META_TEXTS.lyric:
      case META_TEXTS.marker:
      case META_TEXTS.cue:
        this.addChange(place);
        this.texts.push({ tick: this.tick, kind: SCORE_TEXTS[type], text: decodeText(bytes, at, length) });
        return;
      case 0x21:
        if (length < 1) return this.leaveOut('A port event is empty.', place);
        this.port = bytes[at]! & 0x7f;
        this.current = [];
        this.currentChannels = [];
        return;
      case 0x51:
        return this.readTempo(at, length, place);
      case 0x58:
        return this.readMeter(at, length, place);
      case 0x59:
        return this.readKey(at, length, place);
      default:
    }
  }

  private readTempo(at: number, length: number, place: number): void {
    const { bytes } = this;
    if (length < 3) return this.leaveOut(`A tempo event has ${length} bytes; it needs 3.`, place);
    const microsecondsPerQuarter = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    if (microsecondsPerQuarter === 0) return this.leaveOut('A tempo is 0 microseconds a quarter.', place);
    this.addChange(place);
    this.tempos.push({ tick: this.tick, bpm: 60_000_000 / microsecondsPerQuarter });
  }

  private readMeter(at: number, length: number, place: number): void {
    const { bytes } = this;
    if (length < 2) return this.leaveOut(`A meter event has ${length} bytes; it needs 2.`, place);
    const numerator = bytes[at]!;
    const exponent = bytes[at + 1]!;
    const denominator = 2 ** exponent;
    const ticksPerBar = (numerator * 4 * this.ticksPerQuarter) / denominator;
    if (numerator === 0 || exponent > 7 || ticksPerBar < 1)
      return this.leaveOut(`A meter is ${numerator}/${denominator}.`, place);
    this.addChange(place);
    this.meters.push({ tick: this.tick, numerator, denominator });
  }

  private readKey(at: number, length: number, place: number): void {
    const { bytes } = this;
    if (length < 2) return this.leaveOut(`A key event has ${length} bytes; it needs 2.`, place);
    const fifths = (bytes[at]! << 24) >> 24;
    const mode = bytes[at + 1]!;
    if (fifths < -7 || fifths > 7 || mode > 1)
      return this.leaveOut(`A key has ${fifths} sharps and mode ${mode}.`, place);
    this.addChange(place);
    this.keys.push({ tick: this.tick, fifths, mode: mode === 1 ? 'minor' : 'major' });
  }

  private leaveOut(message: string, place: number): void {
    this.faults.handle(malformed(message, place), 'This event was left out.');
  }
}

function createPart(port: number, channel: number, program: number): RawPart {
  return { port, channel, program, notes: [], lastStart: -1, lastPitch: -1, isOrdered: true };
}

/** Meta event types whose text a Score keeps. */
const SCORE_TEXTS = {
  [META_TEXTS.text]: 'text',
  [META_TEXTS.copyright]: 'copyright',
  [META_TEXTS.lyric]: 'lyric',
  [META_TEXTS.marker]: 'marker',
  [META_TEXTS.cue]: 'cue',
} as const satisfies Record<number, TextEvent['kind']>;
