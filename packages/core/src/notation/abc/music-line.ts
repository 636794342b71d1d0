import type { MidiPitch, Quarter } from '../../foundation/units.ts';
import type { AbcPlace, FaultHandler } from './faults.ts';
import { alterOf } from './key.ts';
import type { AbcNote, BarLine, Voice, VoiceEvent } from './voice.ts';

/** What the reader of a music line needs of its tune. */
export interface LineContext {
  voice: Voice;
  readonly faults: FaultHandler;
  readonly propagation: 'not' | 'octave' | 'pitch';
  /** Reads an inline field such as [K:G]; may change `voice`. */
  readonly inlineField: (name: string, text: string, place: AbcPlace) => void;
}

type Notes = Extract<VoiceEvent, { kind: 'notes' }>;

const NOTE = /(\^\^?|__?|=)?([A-Ga-g])([,']*)/y;
const LENGTH = /(\d*)(\/*)(\d*)/y;
const BAR = /\[\|\](?!:(?!\|))|:*\|+(?:\]|\[\|)?(?::+(?![:|]))?|:*\[\|+\]?:*|::+/y;
const ENDINGS = /\[?\s?(\d{1,2}(?:[,-]\d{1,2}){0,20})(?:\.(?!\d))?/y;
const TUPLET = /\((\d)(?::(\d{0,2})(?::(\d{0,2}))?)?/y;
const INLINE = /\[([A-Za-z]):([^\]]*)\]/y;
const DECORATION = /!([^!|\s]{1,40})!|\+([a-z0-9().<>]{1,40})\+/y;
const SEMITONES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const VELOCITIES: Readonly<Record<string, number>> = {
  ...{ pppp: 16, ppp: 24, pp: 36, p: 49, mp: 64, mf: 80, f: 96, ff: 112, fff: 120, ffff: 126 },
};
/** Length of a grace note without a length of its own, in unit lengths, before it is fitted to its note. */
const GRACE_UNITS = 0.5;

/** Reads one line of music code into the events of the context's voice. */
export function readMusicLine(text: string, line: number, context: LineContext): void {
  const scanner = { text, line, at: 0 };
  while (scanner.at < text.length) readItem(scanner, context);
}

interface Scanner {
  readonly text: string;
  readonly line: number;
  at: number;
}

function readItem(scanner: Scanner, context: LineContext): void {
  const { text, at } = scanner;
  const { voice } = context;
  const character = text[at]!;
  if (/[\s`$]/.test(character)) scanner.at++;
  else if (character === '"') readQuoted(scanner, context);
  else if (match(DECORATION, scanner)) readDecoration(scanner, voice);
  else if (character === '!')
    scanner.at++; // the line break of older files
  else if (match(INLINE, scanner)) readInline(scanner, context);
  else if (match(BAR, scanner)) readBar(scanner, context);
  else if (/\[\s?\d/.test(text.slice(at, at + 3))) readEndings(scanner, context);
  else if (character === '[') readChord(scanner, context);
  else if (match(TUPLET, scanner)) readTuplet(scanner, context);
  else if (character === '(' || character === ')')
    scanner.at++; // slurs
  else if (character === '{') readGraces(scanner, context);
  else if (character === '<' || character === '>') readBroken(scanner, context);
  else if (character === '-') tie(scanner, context);
  else if (character === '&') readOverlay(scanner, context);
  else if (/[zx]/.test(character)) readRest(scanner, context);
  else if (/[ZX]/.test(character)) readBarRests(scanner, context);
  else if (match(NOTE, scanner)) readSingle(scanner, context);
  else if (character === 'y') skip(/y\d*/y, scanner);
  else if (/[~.H-Wh-w]/.test(character))
    scanner.at++; // decorations
  else if (character === ':' && voice.events.at(-1)?.kind === 'bar') readLateColon(scanner, voice);
  else if (character === '\\' && text.slice(at + 1).trim() === '') scanner.at = text.length;
  else {
    context.faults(placeOf(scanner), `"${character}" has no meaning here`, 'it was left out');
    scanner.at++;
  }
}

function readQuoted(scanner: Scanner, { voice, faults }: LineContext): void {
  const end = scanner.text.indexOf('"', scanner.at + 1);
  if (end < 0) {
    faults(placeOf(scanner), 'A quotation mark is not closed', 'the rest of the line was left out');
    scanner.at = scanner.text.length;
    return;
  }
  const quoted = scanner.text.slice(scanner.at + 1, end);
  const { line } = scanner;
  if (
    /^[A-G][#b]?(?:m|min|maj|M|dim|aug|sus|add|\+|°|ø|-|\d|\(|\/|[#b])*(?:\/[A-Ga-g][#b]?)?$/.test(
      quoted.trim(),
    )
  )
    voice.events.push({ kind: 'chord-symbol', line, symbol: quoted.trim() });
  else if (/^[\^_<>@]/.test(quoted))
    voice.events.push({ kind: 'text', line, as: 'text', text: quoted.slice(1) });
  scanner.at = end + 1;
}

function readDecoration(scanner: Scanner, voice: Voice): void {
  const [, name, old] = take(DECORATION, scanner)!;
  voice.velocity = VELOCITIES[name ?? old ?? ''] ?? voice.velocity;
}

function readInline(scanner: Scanner, context: LineContext): void {
  const place = placeOf(scanner);
  const [, name, text] = take(INLINE, scanner)!;
  context.inlineField(name!, text!, place);
}

function readBar(scanner: Scanner, context: LineContext): void {
  const bar = take(BAR, scanner)![0];
  const strokes = bar.replace(/^:*|:*$/g, '');
  const leading = /^:*/.exec(bar)![0].length;
  const trailing = strokes === '' ? Math.floor(leading / 2) : /:*$/.exec(bar)![0].length;
  const repeats = strokes === '' ? Math.ceil(leading / 2) : leading;
  const endings = /\d/.test(scanner.text[scanner.at] ?? '') ? takeEndings(scanner, context) : [];
  pushBar(context.voice, {
    kind: 'bar',
    line: scanner.line,
    repeats,
    startsRepeat: trailing > 0,
    isDouble: strokes !== '[|]' && /\|\||\]|\[/.test(strokes), // [|] is an invisible bar line
    endings,
  });
}

/** `||` at the end of one line and `:` at the start of the next, which continuation makes one sign. */
function readLateColon(scanner: Scanner, voice: Voice): void {
  const bar = { kind: 'bar', line: scanner.line, repeats: 0, startsRepeat: true, isDouble: false } as const;
  pushBar(voice, { ...bar, endings: [] });
  skip(/:+/y, scanner);
}

function readEndings(scanner: Scanner, context: LineContext): void {
  const endings = takeEndings(scanner, context);
  const bar = { kind: 'bar', line: scanner.line, repeats: 0, startsRepeat: false, isDouble: false } as const;
  context.voice.events.push({ ...bar, endings }); // accidentals hold: no bar line stands here
}

/** Passes such as 1, 1,3 or 1-3. */
function takeEndings(scanner: Scanner, { faults }: LineContext): number[] {
  const place = placeOf(scanner);
  const found = take(ENDINGS, scanner);
  if (!found) {
    scanner.at++;
    return [];
  }
  const passes = found[1]!.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  });
  if (passes.length === 0 || passes.includes(0))
    faults(place, 'A variant ending counts from 1', 'it was left out');
  return passes.filter((pass) => pass > 0);
}

function pushBar(voice: Voice, bar: BarLine): void {
  voice.events.push(bar);
  voice.accidentals.clear();
  voice.sinceBar = 0;
}

function readTuplet(scanner: Scanner, { voice, faults }: LineContext): void {
  const place = placeOf(scanner);
  const [, p, q, r] = take(TUPLET, scanner)!;
  const count = Number(p);
  const normal = Number(q || 0) || defaultNormal(count, voice);
  if (count < 2 || normal < 1) {
    faults(place, `A tuplet of ${count} has no meaning`, 'it was left out');
    return;
  }
  voice.tuplet = { left: Number(r || 0) || count, factor: normal / count };
}

/** § 4.13: two in the time of three, three of two, four of three, six of two, eight of three; others by meter. */
function defaultNormal(count: number, { meter }: Voice): number {
  const fixed = ({ 2: 3, 3: 2, 4: 3, 6: 2, 8: 3 } as Readonly<Record<number, number>>)[count];
  if (fixed !== undefined) return fixed;
  const isCompound = typeof meter === 'object' && meter.numerator % 3 === 0 && meter.numerator > 3;
  return isCompound ? 3 : 2;
}

function readGraces(scanner: Scanner, context: LineContext): void {
  const end = scanner.text.indexOf('}', scanner.at);
  if (end < 0) {
    context.faults(placeOf(scanner), 'Grace notes are not closed', 'the brace was left out');
    scanner.at++;
    return;
  }
  scanner.at++;
  while (scanner.at < end) {
    if (!match(NOTE, scanner)) {
      if (!/[\s/()[\]~.<>\-"H-Wh-w]/.test(scanner.text[scanner.at]!))
        context.faults(
          placeOf(scanner),
          `"${scanner.text[scanner.at]!}" is no grace note`,
          'it was left out',
        );
      scanner.at++;
      continue;
    }
    const { pitch } = takePitch(scanner, context);
    const length = takeLength(scanner, context) * GRACE_UNITS * context.voice.unitLength;
    if (pitch !== undefined) context.voice.pendingGraces.push({ pitch, length });
  }
  scanner.at = end + 1;
}

/** `a>b`: the first is dotted, the second halved; each further sign dots and halves again (§ 4.4). */
function readBroken(scanner: Scanner, { voice, faults }: LineContext): void {
  const place = placeOf(scanner);
  const [signs] = take(/<+|>+/y, scanner)! as unknown as [string];
  const last = lastSounding(voice);
  if (!last || signs.length > 4) {
    faults(place, `"${signs}" does not stand between two notes`, 'it was left out');
    return;
  }
  const short = 2 ** -signs.length;
  const [before, after] = signs[0] === '>' ? [2 - short, short] : [short, 2 - short];
  stretch(last, before);
  voice.sinceBar += last.length - last.length / before;
  voice.broken *= after;
}

function tie(scanner: Scanner, { voice, faults }: LineContext): void {
  const last = lastSounding(voice);
  if (last?.kind === 'notes') {
    for (const note of last.notes) {
      note.isTied = true;
      voice.tied.set(note.place, note.pitch);
    }
  } else faults(placeOf(scanner), 'A tie does not follow a note', 'it was left out');
  scanner.at++;
}

function lastSounding(voice: Voice): Notes | Extract<VoiceEvent, { kind: 'rest' }> | undefined {
  for (let i = voice.events.length - 1; i >= 0; i--) {
    const event = voice.events[i]!;
    if (event.kind === 'notes' || event.kind === 'rest') return event;
    if (event.kind === 'bar' || event.kind === 'rewind') return undefined;
  }
  return undefined;
}

function stretch(event: Notes | Extract<VoiceEvent, { kind: 'rest' }>, factor: number): void {
  event.length *= factor;
  if (event.kind === 'notes') for (const note of event.notes) note.length *= factor;
}

function readOverlay(scanner: Scanner, { voice }: LineContext): void {
  voice.events.push({ kind: 'rewind', line: scanner.line, length: voice.sinceBar });
  voice.sinceBar = 0;
  voice.tied.clear();
  scanner.at++;
}

function readRest(scanner: Scanner, context: LineContext): void {
  scanner.at++;
  const length = takeLength(scanner, context) * context.voice.unitLength * takeFactor(context.voice);
  context.voice.events.push({ kind: 'rest', line: scanner.line, length });
  context.voice.sinceBar += length;
}

/** Z2: rests of whole bars. */
function readBarRests(scanner: Scanner, { voice, faults }: LineContext): void {
  const place = placeOf(scanner);
  const [, digits] = take(/[ZX](\d{0,3})/y, scanner)!;
  const bars = Number(digits || 1);
  const meter = typeof voice.meter === 'object' ? voice.meter : undefined;
  if (!meter) faults(place, 'Rests of whole bars need a meter', 'bars of 4/4 were taken');
  const length = (bars * 4 * (meter?.numerator ?? 4)) / (meter?.denominator ?? 4);
  voice.events.push({ kind: 'rest', line: scanner.line, length });
  voice.sinceBar += length;
}

function readSingle(scanner: Scanner, context: LineContext): void {
  const note = takeNote(scanner, context);
  if (note) pushNotes(scanner.line, [note], note.length, context.voice);
}

function readChord(scanner: Scanner, context: LineContext): void {
  const end = scanner.text.indexOf(']', scanner.at);
  if (end < 0) {
    context.faults(placeOf(scanner), 'A chord is not closed', 'the bracket was left out');
    scanner.at++;
    return;
  }
  scanner.at++;
  const notes: AbcNote[] = [];
  const tied: number[] = []; // indices into notes
  while (scanner.at < end) {
    const character = scanner.text[scanner.at]!;
    if (match(NOTE, scanner)) {
      const note = takeNote(scanner, context);
      if (note) notes.push(note);
    } else if (character === '-' && notes.length > 0) {
      tied.push(notes.length - 1);
      scanner.at++;
    } else {
      if (!/[\s()~.!"H-Wh-w]/.test(character))
        context.faults(placeOf(scanner), `"${character}" has no meaning in a chord`, 'it was left out');
      scanner.at =
        character === '"' || character === '!' ? pastClosing(scanner, character, end) : scanner.at + 1;
    }
  }
  scanner.at = end + 1;
  const factor = takeLength(scanner, context);
  for (const note of notes) note.length *= factor;
  if (notes.length === 0) return;
  const pushed = pushNotes(scanner.line, notes, notes[0]!.length, context.voice);
  for (const index of tied) {
    const note = pushed.notes[index]!;
    note.isTied = true;
    context.voice.tied.set(note.place, note.pitch);
  }
}

function pastClosing({ text, at }: Scanner, mark: string, end: number): number {
  const closing = text.indexOf(mark, at + 1);
  return closing < 0 || closing > end ? at + 1 : closing + 1;
}

function pushNotes(line: number, notes: readonly AbcNote[], length: Quarter, voice: Voice): Notes {
  const factor = takeFactor(voice) * voice.unitLength;
  const scaled = notes.map((note) => ({ ...note, length: note.length * factor }));
  const graces = voice.pendingGraces.splice(0);
  const event: Notes = {
    kind: 'notes',
    line,
    length: length * factor,
    notes: scaled,
    velocity: voice.velocity,
    graces,
  };
  voice.events.push(event);
  voice.lineNotes.push(event);
  voice.tied = new Map();
  voice.sinceBar += event.length;
  return event;
}

/** Tuplet and broken rhythm: what the next note or rest is multiplied by, once. */
function takeFactor(voice: Voice): number {
  let factor = voice.broken;
  voice.broken = 1;
  if (voice.tuplet.left > 0) {
    factor *= voice.tuplet.factor;
    voice.tuplet.left--;
  }
  return factor;
}

/** A note with its length still in unit lengths. */
function takeNote(scanner: Scanner, context: LineContext): AbcNote | undefined {
  const { pitch, place } = takePitch(scanner, context);
  const length = takeLength(scanner, context);
  return pitch === undefined ? undefined : { pitch, length, isTied: false, place };
}

function takePitch(scanner: Scanner, context: LineContext): { pitch: MidiPitch | undefined; place: string } {
  const at = placeOf(scanner);
  const { voice, faults, propagation } = context;
  const [whole, sign, letter, marks] = take(NOTE, scanner)! as unknown as [string, string?, string?, string?];
  const upper = letter!.toUpperCase();
  const octave =
    (letter === upper ? 0 : 1) + [...(marks ?? '')].reduce((sum, mark) => sum + (mark === ',' ? -1 : 1), 0);
  const place = `${upper}${octave}`;
  const drum = voice.drumMap.get(`${sign ?? ''}${letter!}${marks ?? ''}`);
  if (drum !== undefined) return { pitch: drum, place };
  const stated = sign === undefined ? undefined : alterOf(sign)!;
  const scope = propagation === 'pitch' ? upper : place;
  if (stated !== undefined && propagation !== 'not') voice.accidentals.set(scope, stated);
  const tiedPitch = stated === undefined ? voice.tied.get(place) : undefined;
  if (tiedPitch !== undefined) return { pitch: tiedPitch, place };
  const alter = stated ?? voice.accidentals.get(scope) ?? voice.key.alters[upper] ?? 0;
  const pitch = 60 + 12 * octave + SEMITONES[upper]! + alter + voice.transpose;
  if (pitch >= 0 && pitch <= 127) return { pitch, place };
  faults(at, `The note ${whole} lies outside MIDI's range`, 'it was left out');
  return { pitch: undefined, place };
}

/** A length as a factor of the unit length: 3, /2, 3/2, // …; 1 where none stands. */
function takeLength(scanner: Scanner, { faults }: LineContext): number {
  const place = placeOf(scanner);
  const [, over, slashes, under] = take(LENGTH, scanner)! as unknown as [string, string, string, string];
  if (over.length > 4 || under.length > 4 || slashes.length > 8) {
    faults(place, 'A note length has too many signs', 'the unit length was taken');
    return 1;
  }
  const numerator = over === '' ? 1 : Number(over);
  // without a slash the pattern cannot part digits, so `under` is empty there
  const denominator = under === '' ? 2 ** slashes.length : Number(under);
  if (numerator > 0 && denominator > 0) return numerator / denominator;
  faults(place, 'A note length is zero', 'the unit length was taken');
  return 1;
}

function placeOf({ line, at }: Scanner): AbcPlace {
  return { line, column: at + 1 };
}

function match(pattern: RegExp, scanner: Scanner): boolean {
  pattern.lastIndex = scanner.at;
  return pattern.test(scanner.text);
}

function take(pattern: RegExp, scanner: Scanner): RegExpExecArray | undefined {
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.text);
  if (found) scanner.at += found[0].length;
  return found ?? undefined;
}

function skip(pattern: RegExp, scanner: Scanner): void {
  take(pattern, scanner);
}
