import type { ControlChange, KeyEvent, MeterEvent, PitchBend, TextEvent } from '../score/score.ts';

/** A note whose end may not have been read yet. */
export interface OpenNote {
  start: number;
  duration: number;
  pitch: number;
  velocity: number;
}

/** Program of notes that came before any program change of their own track chunk. */
export const UNSET_PROGRAM = -1;

/** Notes of one channel under one program, in order of start. */
export interface RawPart {
  readonly port: number;
  readonly channel: number;
  readonly program: number;
  readonly notes: OpenNote[];
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

/** Tempo as the file has it. */
export interface RawTempo {
  readonly tick: number;
  readonly microsecondsPerQuarter: number;
}

/** One track chunk with its notes paired; ticks from the chunk's start. */
export interface RawTrack {
  /** Byte at which the chunk's events start. */
  readonly offset: number;
  readonly name: string | undefined;
  readonly instrumentName: string | undefined;
  readonly parts: readonly RawPart[];
  readonly channels: readonly RawChannel[];
  readonly tempos: readonly RawTempo[];
  readonly meters: readonly MeterEvent[];
  readonly keys: readonly KeyEvent[];
  readonly texts: readonly TextEvent[];
  readonly endTick: number;
  /** Last tick at which the chunk says anything that the Score keeps. */
  readonly lastTick: number;
}
