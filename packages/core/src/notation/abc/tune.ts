import type { AbcPlace, FaultHandler } from './faults.ts';
import {
  defaultUnitLength,
  parseFraction,
  parseMeter,
  parsePartOrder,
  parseProperties,
  parseTempo,
} from './fields.ts';
import { parseKey } from './key.ts';
import { exceed } from './limits.ts';
import type { AbcLimits } from './limits.ts';
import { alignLyrics } from './lyric-lines.ts';
import { readMusicLine } from './music-line.ts';
import type { LineContext } from './music-line.ts';
import type { AbcLine } from './tune-book.ts';
import { createVoice } from './voice.ts';
import type { Voice, VoiceEvent } from './voice.ts';

/** A tune as written: voices with their events, repeats and parts not yet played out. */
export interface Tune {
  readonly title: string;
  readonly composer: string;
  /** Line of its X: field. */
  readonly line: number;
  readonly voices: readonly Voice[];
  /** Labels of P: in the header, in playing order; undefined where there are none. */
  readonly partOrder: readonly string[] | undefined;
}

const MAX_PARTS = 1000;
const FIELD = /^([A-Za-z+]):(.*)$/;
/** Fields that say nothing about the notes. */
const SILENT_FIELDS = new Set('ABDFGHNORSWZrsUXT+'.split(''));
const DEFAULT_VOICE = '1';

/** Reads the lines of one tune, with those of the file header before them. */
export function readTune(
  header: readonly AbcLine[],
  lines: readonly AbcLine[],
  faults: FaultHandler,
  limits: AbcLimits,
): Tune {
  const reader = new TuneReader(faults, limits, lines[0]?.number ?? 1);
  for (const line of header) reader.read(line);
  for (const line of lines) reader.read(line);
  return reader.finish();
}

class TuneReader implements LineContext {
  voice: Voice = createVoice(DEFAULT_VOICE);
  propagation: 'not' | 'octave' | 'pitch' = 'pitch';
  readonly faults: FaultHandler;
  private readonly limits: AbcLimits;
  private readonly line: number;
  private readonly voices = new Map<string, Voice>();
  private title = '';
  private composer = '';
  private partOrder: string[] | undefined;
  private part: VoiceEvent | undefined;
  /** The header ends with the first K:. */
  private inBody = false;
  private statesUnitLength = false;
  private tempo = '';
  private goesOn = false;

  constructor(faults: FaultHandler, limits: AbcLimits, line: number) {
    this.faults = faults;
    this.limits = limits;
    this.line = line;
  }

  read({ number, text }: AbcLine): void {
    if (text === '\u0000' || text.trim() === '') return;
    const place = { line: number, column: 1 };
    if (text.startsWith('%%')) return this.directive(text.slice(2).trim(), place);
    const field = FIELD.exec(text);
    // |: and :| cannot match: a field is one letter and a colon at the start of the line
    if (field) return this.field(field[1]!, field[2]!, place);
    if (!this.inBody) {
      this.faults(place, 'Music stands before the key (K:)', 'C major was taken');
      this.startBody();
    }
    if (!this.goesOn) this.voice.lineNotes = [];
    readMusicLine(text, number, this);
    this.goesOn = /\\\s*$/.test(text);
  }

  finish(): Tune {
    if (!this.inBody) {
      this.faults({ line: this.line, column: 1 }, 'The tune has no key (K:)', 'it has no music');
      this.startBody();
    }
    const { title, composer, line, partOrder } = this;
    return { title, composer, line, partOrder, voices: [...this.voices.values()] };
  }

  readonly inlineField = (name: string, text: string, place: AbcPlace): void => this.field(name, text, place);

  private field(name: string, text: string, place: AbcPlace): void {
    const value = text.trim();
    if (name === 'T' && !this.inBody && this.title === '') this.title = value;
    else if (name === 'C' && this.composer === '') this.composer = value;
    else if (name === 'M') this.meter(value, place);
    else if (name === 'L') this.unitLength(value, place);
    else if (name === 'Q') this.setTempo(value, place);
    else if (name === 'K') this.key(value, place);
    else if (name === 'P') this.parts(value, place);
    else if (name === 'V') this.switchVoice(value, place);
    else if (name === 'I') this.directive(value.replace(/^MIDI\s*=/, 'MIDI '), place);
    else if (name === 'w') alignLyrics(text, this.voice.lineNotes);
    else if (name === 'm') this.faults(place, 'Macros (m:) are not read', 'the field was left out');
    else if (!SILENT_FIELDS.has(name) && name !== 'C' && name !== 'd')
      this.faults(place, `There is no field ${name}:`, 'it was left out');
  }

  /** Header fields hold for all voices, body fields for the voice in which they stand. */
  private meter(text: string, place: AbcPlace): void {
    const meter = parseMeter(text);
    if (meter === undefined) return this.faults(place, `"${text}" is no meter`, 'it was left out');
    this.voice.meter = meter;
    if (!this.statesUnitLength && !this.inBody) this.voice.unitLength = defaultUnitLength(meter);
    if (this.inBody && meter !== 'free') this.push({ kind: 'meter', line: place.line, meter });
  }

  private unitLength(text: string, place: AbcPlace): void {
    const length = parseFraction(text);
    if (length === undefined) return this.faults(place, `"${text}" is no note length`, 'it was left out');
    this.voice.unitLength = length;
    this.statesUnitLength = true;
  }

  private setTempo(text: string, place: AbcPlace): void {
    if (!this.inBody) {
      this.tempo = text; // counts unit note lengths, which L: may still set
      return;
    }
    const words = /"([^"]+)"/.exec(text)?.[1];
    if (words) this.push({ kind: 'text', line: place.line, as: 'text', text: words });
    const bpm = parseTempo(text, this.voice.unitLength);
    if (bpm === 'unknown') return this.faults(place, `"${text}" is no tempo`, 'it was left out');
    if (bpm !== undefined) this.push({ kind: 'tempo', line: place.line, bpm });
  }

  private key(text: string, place: AbcPlace): void {
    const { properties, rest } = parseProperties(text);
    const bare = rest.replace(
      /\b(treble|bass|alto|tenor|perc)([+-]8)?\b/gi,
      (_, clef: string, octave = '') => {
        properties.set('clef', clef + String(octave));
        return ' ';
      },
    );
    const key = parseKey(bare);
    if (key === 'unknown') this.faults(place, `"${text}" is no key`, 'the key before holds');
    else if (key) {
      this.voice.key = key;
      if (this.inBody) this.pushKey(place.line);
    }
    this.setProperties(properties);
    if (!this.inBody) {
      this.startBody();
      this.setTempo(this.tempo, place);
    }
  }

  private pushKey(line: number): void {
    const { fifths, mode } = this.voice.key;
    if (Math.abs(fifths) <= 7) this.push({ kind: 'key', line, key: { fifths, mode } });
  }

  private startBody(): void {
    this.inBody = true;
    if (this.voices.size === 0) this.voices.set(this.voice.id, this.voice);
    else for (const voice of this.voices.values()) inherit(voice, this.voice);
    const { meter } = this.voice;
    this.voice = [...this.voices.values()][0]!;
    if (typeof meter === 'object') this.push({ kind: 'meter', line: this.line, meter });
    this.pushKey(this.line);
  }

  private parts(text: string, place: AbcPlace): void {
    if (!this.inBody) {
      this.partOrder = parsePartOrder(text, MAX_PARTS);
      if (!this.partOrder) this.faults(place, `"${text}" is no order of parts`, 'it was left out');
      return;
    }
    this.part = { kind: 'part', line: place.line, label: text.slice(0, 40) };
    for (const voice of this.voices.values()) voice.events.push(this.part);
  }

  private switchVoice(text: string, place: AbcPlace): void {
    const id = /^\S+/.exec(text)?.[0] ?? '';
    if (id === '') return this.faults(place, 'A voice has no name', 'the field was left out');
    if (id === '*') return;
    let voice = this.voices.get(id);
    if (!voice) {
      if (this.voices.size >= this.limits.voices) exceed('voices', this.limits, place.line);
      voice = createVoice(id);
      const [first] = this.voices.values();
      if (this.inBody && first) {
        // the body began in a voice without a name: it becomes this one if nothing stands in it yet
        if (first.id === DEFAULT_VOICE && !first.events.some(isMusic) && this.voices.size === 1) {
          this.voices.clear();
          voice = Object.assign(first, { id });
        } else {
          inherit(voice, first);
          if (this.part) voice.events.push(this.part);
        }
      }
      this.voices.set(id, voice);
    }
    const { properties } = parseProperties(text.slice(id.length));
    const header = this.voice;
    this.voice = voice;
    this.setProperties(properties, text.slice(id.length));
    if (!this.inBody) this.voice = header;
  }

  private setProperties(properties: ReadonlyMap<string, string>, text = ''): void {
    const { voice } = this;
    voice.name = properties.get('name') ?? properties.get('nm') ?? voice.name;
    const clef = properties.get('clef') ?? /\b(perc|(?:treble|bass|alto|tenor)[+-]8)\b/.exec(text)?.[1] ?? '';
    if (/^perc/.test(clef)) voice.isDrum = true;
    const octaves =
      integer(properties.get('octave'), 10) + (clef.endsWith('+8') ? 1 : clef.endsWith('-8') ? -1 : 0);
    voice.transpose += 12 * octaves + integer(properties.get('transpose'), 60);
  }

  /** `%%MIDI …`, `%%propagate-accidentals …`; others are about printing and are left alone. */
  private directive(text: string, place: AbcPlace): void {
    const words = text.split(/[\s=]+/);
    const [name, verb] = [words[0]!.toLowerCase(), (words[1] ?? '').toLowerCase()];
    if (name === 'propagate-accidentals' && (verb === 'not' || verb === 'octave' || verb === 'pitch'))
      this.propagation = verb;
    else if (name === 'midi' && verb === 'program') {
      const program = Number(words.at(-1));
      if (Number.isInteger(program) && program >= 0 && program <= 127) this.voice.program = program;
      else this.faults(place, `"${text}" names no program`, 'it was left out');
    } else if (name === 'midi' && verb === 'channel') this.voice.isDrum = Number(words[2]) === 10;
    else if (name === 'midi' && verb === 'transpose') this.voice.transpose += integer(words[2], 60);
    else if (name === 'midi' && verb === 'drummap') {
      const pitch = Number(words[3]);
      if (words[2] && Number.isInteger(pitch) && pitch >= 0 && pitch <= 127)
        this.voice.drumMap.set(words[2], pitch);
      else this.faults(place, `"${text}" maps no drum`, 'it was left out');
    } else if (name === 'midi') this.faults(place, `%%MIDI ${verb} is not read`, 'it was left out');
  }

  private push(event: VoiceEvent): void {
    this.voice.events.push(event);
  }
}

function inherit(voice: Voice, from: Voice): void {
  const { key, meter, unitLength, program, isDrum } = from;
  Object.assign(voice, { key, meter, unitLength, transpose: voice.transpose + from.transpose });
  if (voice.program === 0) voice.program = program;
  voice.isDrum ||= isDrum;
}

function isMusic({ kind }: VoiceEvent): boolean {
  return kind === 'notes' || kind === 'rest' || kind === 'bar';
}

/** A whole number between −limit and limit; 0 for anything else. */
function integer(text: string | undefined, limit: number): number {
  const value = Number(text ?? 0);
  return Number.isInteger(value) && Math.abs(value) <= limit ? value : 0;
}
