import type { Note, Score } from '../../score/score.ts';
import type { Bar } from './bars.ts';
import { beamsOf } from './beams.ts';
import type { Clef } from './clef.ts';
import { barIndexAt, dynamicDirection } from './directions.ts';
import { dynamicsOf } from './dynamics.ts';
import type { Syllable } from './lyrics.ts';
import type { Part } from './parts.ts';
import { writeRhythm } from './rhythm.ts';
import { keysOf } from './spelling.ts';
import type { Spelling } from './spelling.ts';
import { voicesOf } from './voices.ts';
import type { Fragment } from './voices.ts';
import { wholeBarRest, writeCell } from './write-note.ts';
import type { StaffContext } from './write-note.ts';
import { element } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Voices 1–4 are the first staff's, 5–8 the second's. */
export const VOICES_PER_STAFF = 4;

/** What all parts of a document share. */
export interface Document {
  readonly score: Score;
  readonly bars: readonly Bar[];
  readonly spellings: ReadonlyMap<Note, Spelling>;
  readonly maxVoices: number;
}

/** One `<part>`: its measures with attributes, directions and voices. */
export function writePart(
  part: Part,
  document: Document,
  directions: ReadonlyMap<number, readonly XmlElement[]>,
  syllables: ReadonlyMap<number, Syllable>,
): XmlElement {
  const { bars, score, spellings, maxVoices } = document;
  const fragments = part.staves.map((staff) => fragmentsByBar(staff.notes, bars));
  const keys = keysAtBars(score, bars);
  const allNotes = part.staves.flatMap((staff) => staff.notes).sort((a, b) => a.start - b.start);
  const dynamics = dynamicsOf(allNotes, bars);
  const isGrand = part.staves.length > 1;
  let fifths = 0;
  const measures = bars.map((bar, index) => {
    fifths = keys.get(index) ?? fifths;
    const content: XmlElement[] = attributesOf(part, document, index, keys.get(index));
    content.push(...(directions.get(index) ?? []));
    const mark = dynamics.get(index);
    if (mark) content.push(dynamicDirection(mark, isGrand ? 1 : undefined));
    part.staves.forEach((_, staff) => {
      const number = isGrand ? staff + 1 : undefined;
      const context: StaffContext = { part, staff: number, fifths, spellings, alters: new Map() };
      const voices = voicesOf(fragments[staff]![index] ?? [], bar, maxVoices);
      voices.forEach((cells, i) => {
        const voice = staff * VOICES_PER_STAFF + i + 1;
        if (voice > 1) content.push(element('backup', {}, element('duration', {}, bar.length)));
        if (cells.length === 1 && cells[0]!.content === undefined) {
          content.push(wholeBarRest(bar.length, voice, context));
          return;
        }
        const written = writeRhythm(cells, bar, score.ticksPerQuarter);
        const beams = beamsOf(written, bar, score.ticksPerQuarter);
        const sung = staff === 0 && i === 0;
        written.forEach((cell, c) => {
          const syllable = sung ? syllables.get(bar.start + cell.start) : undefined;
          content.push(...writeCell(cell, voice, beams[c]!, context, syllable));
        });
      });
    });
    if (index === bars.length - 1)
      content.push(element('barline', { location: 'right' }, element('bar-style', {}, 'light-heavy')));
    const isWhole = bar.length === bar.fullLength;
    return element('measure', { number: bar.number, implicit: isWhole ? undefined : 'yes' }, content);
  });
  return element('part', { id: part.id }, measures);
}

/** The parts of notes that sound in each bar; a note over the bar line is tied. */
function fragmentsByBar(notes: readonly Note[], bars: readonly Bar[]): Fragment[][] {
  const byBar: Fragment[][] = bars.map(() => []);
  for (const note of notes) {
    const end = note.start + note.duration;
    for (let index = barIndexAt(bars, note.start); index < bars.length; index++) {
      const bar = bars[index]!;
      if (bar.start >= end) break;
      const barEnd = bar.start + bar.length;
      byBar[index]!.push({
        note,
        start: Math.max(note.start, bar.start) - bar.start,
        end: Math.min(end, barEnd) - bar.start,
        tiedFrom: note.start < bar.start,
        tiedTo: end > barEnd,
      });
    }
  }
  return byBar;
}

/** Key signatures by bar: a key counts from the bar line nearest to it. */
function keysAtBars(score: Score, bars: readonly Bar[]): Map<number, number> {
  const keys = new Map<number, number>();
  for (const { tick, fifths } of keysOf(score)) {
    const index = barIndexAt(bars, tick);
    const bar = bars[index]!;
    const isNearNext = tick - bar.start > bar.length / 2 && index + 1 < bars.length;
    keys.set(isNearNext ? index + 1 : index, fifths);
  }
  return keys;
}

function attributesOf(
  part: Part,
  { bars, score }: Document,
  index: number,
  fifths: number | undefined,
): XmlElement[] {
  const { meter } = bars[index]!;
  const previous = bars[index - 1]?.meter;
  const isNewMeter = meter.numerator !== previous?.numerator || meter.denominator !== previous.denominator;
  const key = part.isDrum && index > 0 ? undefined : fifths;
  if (index > 0 && key === undefined && !isNewMeter) return [];
  const isFirst = index === 0;
  const staves = part.staves.length;
  return [
    element(
      'attributes',
      {},
      isFirst ? element('divisions', {}, score.ticksPerQuarter) : undefined,
      key === undefined ? undefined : element('key', {}, element('fifths', {}, part.isDrum ? 0 : key)),
      isNewMeter
        ? element(
            'time',
            {},
            element('beats', {}, meter.numerator),
            element('beat-type', {}, meter.denominator),
          )
        : undefined,
      isFirst && staves > 1 ? element('staves', {}, staves) : undefined,
      isFirst
        ? part.staves.map(({ clef }, i) => clefElement(clef, staves > 1 ? i + 1 : undefined))
        : undefined,
    ),
  ];
}

function clefElement({ sign, line, octaveChange }: Clef, number: number | undefined): XmlElement {
  return element(
    'clef',
    { number },
    element('sign', {}, sign),
    line === undefined ? undefined : element('line', {}, line),
    octaveChange === undefined ? undefined : element('clef-octave-change', {}, octaveChange),
  );
}
