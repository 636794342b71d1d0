import type {
  ControlChange,
  KeyEvent,
  MeterEvent,
  PitchBend,
  TempoEvent,
  TextEvent,
} from '../score/score.ts';
import type { OpenNote } from './sounding-notes.ts';

/** MIDI channel 10, counted from 0, plays drums in General MIDI. */
export const DRUM_CHANNEL = 9;

/** Program of notes that came before any program change of their own track chunk. */
export const UNSET_PROGRAM = -1;

/** Notes of one channel under one program, in order of start. */
export interface RawPart {
  readonly port: number;
  readonly channel: number;
  readonly program: number;
  readonly notes: OpenNote[];
  /** Start and pitch of its last note, −1 without one. */
  lastStart: number;
  lastPitch: number;
  /** False where a chord came that is not in order of pitch. */
  isOrdered: boolean;
}

export interface ProgramChange {
  readonly tick: number;
  readonly program: number;
  /** How many controls and bends of the channel came before, to keep their order. */
  readonly controlsBefore: number;
  readonly bendsBefore: number;
}

/** Everything but notes that one track chunk says on one channel. */
export interface RawChannel {
  readonly port: number;
  readonly channel: number;
  readonly controls: ControlChange[];
  readonly bends: PitchBend[];
  readonly programs: ProgramChange[];
}

/** One track chunk with its notes paired; ticks from the chunk's start. */
export interface RawTrack {
  /** Byte at which the chunk's events start. */
  readonly offset: number;
  readonly name: string | undefined;
  readonly instrumentName: string | undefined;
  readonly parts: readonly RawPart[];
  readonly channels: readonly RawChannel[];
  readonly tempos: readonly TempoEvent[];
  readonly meters: readonly MeterEvent[];
  readonly keys: readonly KeyEvent[];
  readonly texts: readonly TextEvent[];
  readonly endTick: number;
  /** Last tick at which the chunk says anything that the Score keeps. */
  readonly lastTick: number;
}
