/**
 * Branded numbers: the unit is in the type, so seconds cannot be passed where ticks are expected.
 * A brand costs nothing at run time; `x as Tick` is the only way in, and belongs at the edges.
 */
declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]?: Name };

/** Integer time of a score, in 1 / `Score.ticksPerQuarter` of a quarter note. */
export type Tick = Unit<'Tick'>;
/** Time in quarter notes. */
export type Quarter = Unit<'Quarter'>;
/** Time in seconds. */
export type Second = Unit<'Second'>;
/** Index of an audio frame (one value a channel). */
export type Sample = Unit<'Sample'>;
/** Frequency, or a sample rate. */
export type Hertz = Unit<'Hertz'>;
/** Tempo in quarter notes a minute. */
export type Bpm = Unit<'Bpm'>;
/** Level in decibels. */
export type Decibel = Unit<'Decibel'>;
/** MIDI note number, 0–127; 60 is middle C. */
export type MidiPitch = Unit<'MidiPitch'>;
/** MIDI velocity of a sounding note, 1–127. */
export type Velocity = Unit<'Velocity'>;
/** Pitch class, 0–11; 0 is C. */
export type PitchClass = Unit<'PitchClass'>;
