import type { Note } from '../../score/score.ts';
import type { Beams } from './beams.ts';
import { decimal } from './directions.ts';
import { drumPlace } from './drum-staff.ts';
import type { Syllable } from './lyrics.ts';
import type { Part } from './parts.ts';
import type { WrittenCell } from './rhythm.ts';
import { alterInKey } from './spelling.ts';
import type { Spelling } from './spelling.ts';
import type { Chord, Fragment } from './voices.ts';
import { element } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** MusicXML counts note dynamics in percent of its forte, velocity 90. */
const FORTE_VELOCITY = 90;

const ACCIDENTALS: Readonly<Record<number, string>> = {
  [-2]: 'flat-flat',
  [-1]: 'flat',
  [0]: 'natural',
  [1]: 'sharp',
  [2]: 'double-sharp',
};

/** What the notes of one staff and bar share; `alters` remembers the accidentals printed in the bar. */
export interface StaffContext {
  readonly part: Part;
  /** 1-based; undefined where the part has one staff. */
  readonly staff: number | undefined;
  readonly fifths: number;
  readonly spellings: ReadonlyMap<Note, Spelling>;
  readonly alters: Map<string, number>;
}

/** The `<note>` elements of one written cell: a rest, a note, or a chord, lowest pitch first. */
export function writeCell(
  cell: WrittenCell<Chord>,
  voice: number,
  beams: Beams,
  context: StaffContext,
  syllable: Syllable | undefined,
): XmlElement[] {
  if (!cell.content) return [noteElement(cell, voice, [], context, [element('rest')])];
  return cell.content.map((fragment, i) => {
    const tie = tiesOf(cell, fragment);
    const pitch = context.part.isDrum ? unpitched(fragment.note.pitch) : pitched(fragment.note, context);
    const front = [...(i > 0 ? [element('chord')] : []), pitch];
    const accidental = context.part.isDrum ? undefined : accidentalOf(fragment.note, tie.stop, context);
    return noteElement(cell, voice, i === 0 ? beams : [], context, front, {
      fragment,
      tie,
      accidental,
      isFirst: i === 0,
      syllable: i === 0 && !tie.stop ? syllable : undefined,
    });
  });
}

/** A rest that fills the bar, whatever its length. */
export function wholeBarRest(length: number, voice: number, { staff }: StaffContext): XmlElement {
  return element(
    'note',
    {},
    element('rest', { measure: 'yes' }),
    element('duration', {}, length),
    element('voice', {}, voice),
    staff === undefined ? undefined : element('staff', {}, staff),
  );
}

interface Tie {
  readonly start: boolean;
  readonly stop: boolean;
}

interface Sounding {
  readonly fragment: Fragment;
  readonly tie: Tie;
  readonly accidental: XmlElement | undefined;
  readonly isFirst: boolean;
  readonly syllable: Syllable | undefined;
}

function noteElement(
  cell: WrittenCell<Chord>,
  voice: number,
  beams: Beams,
  { part, staff }: StaffContext,
  front: readonly XmlElement[],
  sounding?: Sounding,
): XmlElement {
  const tie = sounding?.tie;
  const drum = part.isDrum && sounding ? sounding.fragment.note.pitch : undefined;
  const notehead = drum === undefined ? undefined : drumPlace(drum).notehead;
  return element(
    'note',
    { dynamics: sounding ? decimal((100 * sounding.fragment.note.velocity) / FORTE_VELOCITY) : undefined },
    front,
    element('duration', {}, cell.end - cell.start),
    tie?.stop ? element('tie', { type: 'stop' }) : undefined,
    tie?.start ? element('tie', { type: 'start' }) : undefined,
    drum === undefined ? undefined : element('instrument', { id: drumId(part, drum) }),
    element('voice', {}, voice),
    element('type', {}, cell.value.type),
    Array.from({ length: cell.value.dots }, () => element('dot')),
    sounding?.accidental,
    cell.tuplet &&
      element(
        'time-modification',
        {},
        element('actual-notes', {}, cell.tuplet.actual),
        element('normal-notes', {}, cell.tuplet.normal),
      ),
    notehead && element('notehead', {}, notehead),
    staff === undefined ? undefined : element('staff', {}, staff),
    beams.map((kind, level) => element('beam', { number: level + 1 }, kind)),
    notations(cell, tie, sounding?.isFirst ?? true),
    sounding?.syllable &&
      element(
        'lyric',
        { number: 1 },
        element('syllabic', {}, sounding.syllable.syllabic),
        element('text', {}, sounding.syllable.text),
      ),
  );
}

/** Id of a drum key's instrument in the part list. */
export function drumId(part: Part, key: number): string {
  return `${part.id}-I${key + 1}`;
}

function tiesOf(cell: WrittenCell<Chord>, fragment: Fragment): Tie {
  return { start: cell.isContinued || fragment.tiedTo, stop: cell.continues || fragment.tiedFrom };
}

function notations(cell: WrittenCell<Chord>, tie: Tie | undefined, isFirst: boolean): XmlElement | undefined {
  const tuplet = isFirst ? cell.tuplet : undefined;
  const marks = [
    ...(tie?.stop ? [element('tied', { type: 'stop' })] : []),
    ...(tie?.start ? [element('tied', { type: 'start' })] : []),
    ...(tuplet && cell.isTupletStart
      ? [element('tuplet', { type: 'start', number: 1, bracket: 'yes' })]
      : []),
    ...(tuplet && cell.isTupletStop ? [element('tuplet', { type: 'stop', number: 1 })] : []),
  ];
  return marks.length > 0 ? element('notations', {}, marks) : undefined;
}

function pitched(note: Note, { spellings }: StaffContext): XmlElement {
  const { step, alter, octave } = spellings.get(note)!;
  return element(
    'pitch',
    {},
    element('step', {}, step),
    alter === 0 ? undefined : element('alter', {}, alter),
    element('octave', {}, octave),
  );
}

function unpitched(key: number): XmlElement {
  const { step, octave } = drumPlace(key);
  return element('unpitched', {}, element('display-step', {}, step), element('display-octave', {}, octave));
}

/** The sign that the bar needs: none where the key or an earlier note of the bar says the same. */
function accidentalOf(note: Note, isTiedFrom: boolean, context: StaffContext): XmlElement | undefined {
  const { step, alter, octave } = context.spellings.get(note)!;
  const place = `${step}${octave}`;
  const inForce = context.alters.get(place) ?? alterInKey(step, context.fifths);
  if (isTiedFrom || inForce === alter) return undefined;
  context.alters.set(place, alter);
  return element('accidental', {}, ACCIDENTALS[alter] ?? 'natural');
}
