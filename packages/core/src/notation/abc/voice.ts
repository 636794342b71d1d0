import type { MidiPitch, Quarter, Velocity } from '../../foundation/units.ts';
import type { KeyEvent, TextEvent } from '../../score/score.ts';
import type { Meter } from '../../score/meter-map.ts';
import { C_MAJOR } from './key.ts';
import type { AbcKey } from './key.ts';

/** One pitch of a chord, with its own length. */
export interface AbcNote {
  pitch: MidiPitch;
  length: Quarter;
  isTied: boolean;
  /** Letter and octave, by which ties carry accidentals over the bar line. */
  readonly place: string;
}

/** What stands in a voice, in written order. Lengths are changed while reading (broken rhythm, ties). */
export type VoiceEvent =
  | {
      readonly kind: 'notes';
      readonly line: number;
      length: Quarter;
      readonly notes: AbcNote[];
      readonly velocity: Velocity;
      readonly graces: readonly { readonly pitch: MidiPitch; readonly length: Quarter }[];
      lyric?: string;
    }
  | { readonly kind: 'rest'; readonly line: number; length: Quarter }
  | BarLine
  /** Goes back by a length: the start of an overlay (&). */
  | { readonly kind: 'rewind'; readonly line: number; readonly length: Quarter }
  | { readonly kind: 'part'; readonly line: number; readonly label: string }
  | { readonly kind: 'tempo'; readonly line: number; readonly bpm: number }
  | { readonly kind: 'meter'; readonly line: number; readonly meter: Meter }
  | { readonly kind: 'key'; readonly line: number; readonly key: Omit<KeyEvent, 'tick'> }
  | { readonly kind: 'chord-symbol'; readonly line: number; readonly symbol: string }
  | { readonly kind: 'text'; readonly line: number; readonly as: TextEvent['kind']; readonly text: string };

export interface BarLine {
  readonly kind: 'bar';
  readonly line: number;
  /** Times that the section before is played again: 0 none, 1 for `:|`, 2 for `::|` … */
  readonly repeats: number;
  readonly startsRepeat: boolean;
  /** `||`, `|]`, `[|`: a repeat without a start goes back to here. */
  readonly isDouble: boolean;
  /** Passes of the variant ending that starts here; empty where none does. */
  readonly endings: readonly number[];
}

/** A voice while it is read. */
export interface Voice {
  readonly id: string;
  name: string;
  program: number;
  isDrum: boolean;
  /** Semitones added to what is written. */
  transpose: number;
  readonly drumMap: Map<string, MidiPitch>;
  key: AbcKey;
  meter: Meter | 'free' | undefined;
  unitLength: Quarter;
  velocity: Velocity;
  readonly events: VoiceEvent[];
  /** Alterations in force in this bar, by letter and octave, or by letter. */
  readonly accidentals: Map<string, number>;
  /** Pitches tied from the last chord, by letter and octave. */
  tied: Map<string, MidiPitch>;
  sinceBar: Quarter;
  /** Notes of the last music line, for w: lines below it. */
  lineNotes: Extract<VoiceEvent, { kind: 'notes' }>[];
  /** Notes still under a tuplet and the factor of their lengths. */
  tuplet: { left: number; factor: number };
  /** Factor for the next note by broken rhythm. */
  broken: number;
  readonly pendingGraces: { pitch: MidiPitch; length: Quarter }[];
}

export const DEFAULT_VELOCITY: Velocity = 80;

export function createVoice(id: string): Voice {
  return {
    id,
    name: '',
    program: 0,
    isDrum: false,
    transpose: 0,
    drumMap: new Map(),
    key: C_MAJOR,
    meter: undefined,
    unitLength: 0.5,
    velocity: DEFAULT_VELOCITY,
    events: [],
    accidentals: new Map(),
    tied: new Map(),
    sinceBar: 0,
    lineNotes: [],
    tuplet: { left: 0, factor: 1 },
    broken: 1,
    pendingGraces: [],
  };
}
