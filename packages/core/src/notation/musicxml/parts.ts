import { drumName, programFamily, programName } from '../../score/general-midi.ts';
import type { Note, Score, Track } from '../../score/score.ts';
import { BASS, clefOf, TREBLE } from './clef.ts';
import type { Clef } from './clef.ts';
import { isLeftHand } from './hands.ts';

/** One line of staves of the document. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly program: number;
  readonly isDrum: boolean;
  /** MIDI channel, 1–16. */
  readonly channel: number;
  /** One staff, or two of a keyboard, upper first. */
  readonly staves: readonly Staff[];
  /** Drum keys in use, ascending; each is an instrument of its own. */
  readonly drumKeys: readonly number[];
}

export interface Staff {
  readonly clef: Clef;
  readonly notes: readonly Note[];
}

const DRUM_CHANNEL = 10;
const KEYBOARD_FAMILIES = ['Piano', 'Organ'];
const CELESTA = 8;
const HARP = 46;
/** Track names that say which hand plays (rh:, lower:tenor, Piano left …). */
const UPPER_NAME = /^(rh|right|upper|up|treble)\b|\b(rh|right|upper|treble)\b/i;
const LOWER_NAME = /^(lh|left|lower|down|bass)\b|\b(lh|left|lower|bass)\b/i;

/**
 * The parts of a notated score: one for each track with notes. Two keyboard tracks in a row that are named as its
 * hands share a part; a keyboard alone has a grand staff, parted by hand, unless its notes fit one staff.
 */
export function partsOf(score: Score): Part[] {
  const tracks = score.tracks.filter((track) => track.notes.length > 0);
  const parts: Omit<Part, 'id' | 'channel'>[] = [];
  for (let i = 0; i < tracks.length; i++) {
    const track = tracks[i]!;
    const next = tracks[i + 1];
    if (next && areHands(track, next)) {
      parts.push(keyboardPart(track, [track.notes, next.notes]));
      i++;
    } else if (isKeyboard(track) && !fitsOneStaff(track.notes)) {
      const isLeft = isLeftHand(track.notes);
      const hands = [false, true].map((left) => track.notes.filter((_, n) => isLeft[n] === left));
      parts.push(keyboardPart(track, hands));
    } else {
      const clef: Clef = track.isDrum ? { sign: 'percussion' } : clefOf(track.notes, track.program);
      parts.push({ ...head(track), staves: [{ clef, notes: track.notes }] });
    }
  }
  if (parts.length === 0) {
    const empty = { name: '', program: 0, isDrum: false, drumKeys: [] };
    parts.push({ ...empty, staves: [{ clef: TREBLE, notes: [] }] });
  }
  let pitched = 0;
  const channelOf = (isDrum: boolean): number => {
    if (isDrum) return DRUM_CHANNEL;
    const place = pitched++ % 15;
    return place + 1 < DRUM_CHANNEL ? place + 1 : place + 2;
  };
  return parts.map((part, i) => ({ ...part, id: `P${i + 1}`, channel: channelOf(part.isDrum) }));
}

/** The name of a drum as printed in the part list. */
export function drumInstrumentName(key: number): string {
  return drumName(key) ?? `Drum ${key}`;
}

function head(track: Track): Omit<Part, 'id' | 'channel' | 'staves'> {
  const fallback = track.isDrum ? 'Drums' : programName(track.program);
  const { program, isDrum } = track;
  const drumKeys = isDrum ? [...new Set(track.notes.map((note) => note.pitch))].sort((a, b) => a - b) : [];
  return { name: track.name.trim() || fallback, program, isDrum, drumKeys };
}

function keyboardPart(track: Track, hands: readonly (readonly Note[])[]): Omit<Part, 'id' | 'channel'> {
  const name =
    LOWER_NAME.test(track.name) || UPPER_NAME.test(track.name) ? programName(track.program) : track.name;
  const staves = hands.map((notes, hand) => {
    const usual = hand === 0 ? TREBLE : BASS;
    if (notes.length === 0) return { clef: usual, notes };
    const mean = notes.reduce((sum, note) => sum + note.pitch, 0) / notes.length;
    const clef = hand === 0 ? (mean < 55 ? BASS : TREBLE) : mean > 64 ? TREBLE : BASS;
    return { clef, notes };
  });
  return { ...head({ ...track, name }), staves };
}

function isKeyboard({ program, isDrum }: Track): boolean {
  return (
    !isDrum && (KEYBOARD_FAMILIES.includes(programFamily(program)) || program === CELESTA || program === HARP)
  );
}

function areHands(first: Track, second: Track): boolean {
  return (
    isKeyboard(first) &&
    isKeyboard(second) &&
    first.program === second.program &&
    UPPER_NAME.test(first.name) &&
    LOWER_NAME.test(second.name)
  );
}

/** Within two ledger lines of the treble or bass staff. */
function fitsOneStaff(notes: readonly Note[]): boolean {
  const pitches = notes.map((note) => note.pitch);
  const low = pitches.reduce((a, b) => Math.min(a, b), 127);
  const high = pitches.reduce((a, b) => Math.max(a, b), 0);
  return low >= 57 || (high <= 62 && low >= 36);
}
