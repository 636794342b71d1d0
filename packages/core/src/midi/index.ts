/**
 * Standard MIDI Files, read within limits and written; and the way to and from @tonejs/midi.
 * @module @attune/core/midi
 */
export { readMidi, readMidiLenient } from './read-midi.ts';
export type { ReadMidiOptions } from './read-midi.ts';
export { DEFAULT_MIDI_LIMITS } from './limits.ts';
export type { MidiLimits } from './limits.ts';
export type { MidiRepair } from './repairs.ts';
export { writeMidi } from './write-midi.ts';
export { scoreToToneMidi, toneMidiToScore } from './tonejs.ts';
