import type { Bpm, MidiPitch, Tick, Velocity } from '../foundation/units.ts';

/** One sounding note. `duration` ≥ 0 ticks; `start` ≥ 0. On a drum track `pitch` names the General MIDI drum. */
export interface Note {
  readonly start: Tick;
  readonly duration: Tick;
  readonly pitch: MidiPitch;
  readonly velocity: Velocity;
}

/** A controller change, pitch bend or channel pressure that a track keeps beside its notes. */
export interface ControlChange {
  readonly tick: Tick;
  /** 0–127: the MIDI controller. */
  readonly controller: number;
  /** 0–127. */
  readonly value: number;
}
/** Where the pitch-bend wheel of a track stands from a tick on. */
export interface PitchBend {
  readonly tick: Tick;
  /** −8192 … 8191; 0 is no bend. */
  readonly value: number;
}

/** One instrument's part. Notes are sorted by start, then pitch, then duration. */
export interface Track {
  readonly name: string;
  /** General MIDI program, 0–127; ignored on a drum track. */
  readonly program: number;
  readonly isDrum: boolean;
  readonly notes: readonly Note[];
  readonly controls: readonly ControlChange[];
  readonly bends: readonly PitchBend[];
}

/** The tempo from a tick on, in quarter notes a minute. */
export interface TempoEvent {
  readonly tick: Tick;
  readonly bpm: Bpm;
}
/** The meter from a tick on; a new bar starts there. */
export interface MeterEvent {
  readonly tick: Tick;
  /** e.g. 6 of 6/8; ≥ 1. */
  readonly numerator: number;
  /** e.g. 8 of 6/8; a power of two. */
  readonly denominator: number;
}
/** The key signature from a tick on. */
export interface KeyEvent {
  readonly tick: Tick;
  /** Sharps (> 0) or flats (< 0), −7 … 7. */
  readonly fifths: number;
  readonly mode: 'major' | 'minor';
}
/** Text at a tick, with what it is for. */
export interface TextEvent {
  readonly tick: Tick;
  readonly kind: 'marker' | 'lyric' | 'text' | 'cue' | 'copyright';
  readonly text: string;
}

/**
 * A piece of symbolic music; immutable. Times are ticks; `TempoMap` is the only way to seconds and
 * `MeterMap` the only way to bars. `tempos`, `meters` and `keys` are sorted by tick; before their first
 * entry 120 bpm, 4/4 and no key hold.
 */
export interface Score {
  readonly ticksPerQuarter: number;
  readonly title: string;
  readonly tracks: readonly Track[];
  readonly tempos: readonly TempoEvent[];
  readonly meters: readonly MeterEvent[];
  readonly keys: readonly KeyEvent[];
  readonly texts: readonly TextEvent[];
}
