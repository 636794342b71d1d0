/**
 * Standard MIDI Files as a Score, or without loss event by event; read strictly or with repairs, within limits; and the
 * way to and from @tonejs/midi.
 * @module @attune/core/midi
 */
export { readMidi, readMidiLenient } from './read-midi.ts';
export type { ReadMidiOptions } from './read-midi.ts';
export { DEFAULT_MIDI_LIMITS } from './limits.ts';
export type { MidiLimits } from './limits.ts';
export type { MidiRepair } from './repairs.ts';
export { writeMidi } from './write-midi.ts';
export { createMidiFile } from './midi-file.ts';
export type { MidiFile, OtherChunk } from './midi-file.ts';
export type { MidiDivision } from './read-chunks.ts';
export type { MidiTrack } from './midi-track.ts';
export { createMidiTrack, midiEvents } from './midi-event.ts';
export type { MidiEvent } from './midi-event.ts';
export { decodeMeta, encodeMeta } from './midi-meta.ts';
export type { MetaTextKind, MidiMeta } from './midi-meta.ts';
export { readMidiFile, readMidiFileLenient } from './read-midi-file.ts';
export { writeMidiFile } from './write-midi-file.ts';
export { midiFileToScore, scoreToMidiFile } from './score-conversion.ts';
export { firstMidiDifference } from './midi-difference.ts';
export { scoreToToneMidi, toneMidiToScore } from './tonejs.ts';
export { lossesFromToneMidi, lossesToToneMidi } from './tonejs-losses.ts';
export type { FromToneLoss, ToToneLoss } from './tonejs-losses.ts';
