/**
 * What tests need: small scores, generators of nasty ones, and hostile MIDI files.
 * @module @attune/core/testing
 */
export { HOSTILE_MIDI } from './hostile-midi.ts';
export type { HostileMidi } from './hostile-midi.ts';
export {
  ascii,
  controlChange,
  END_OF_TRACK,
  metaEvent,
  midiFile,
  midiTrack,
  noteOff,
  noteOn,
  programChange,
  quantity,
  tempoEvent,
  trackChunk,
} from './midi-bytes.ts';
export { examineMidi } from './examine-midi.ts';
export type { MidiVerdict } from './examine-midi.ts';
export { everyKindOfEvent, midiCorpus } from './midi-corpus.ts';
export { createMidiMutator, MIDI_MUTATIONS } from './mutate-midi.ts';
export type { MutatedMidi } from './mutate-midi.ts';
export { chordScore, melodyScore, scaleScore } from './tiny-scores.ts';
export { scoreArbitrary } from './score-arbitrary.ts';
export type { ScoreArbitraryOptions } from './score-arbitrary.ts';
export { randomScore, scoreOfTracks, trackOfRows } from './random-score.ts';
export type { NoteRow } from './random-score.ts';
export { makeAudioSeeds } from './audio-seeds.ts';
export type { AudioSeed } from './audio-seeds.ts';
export { FUZZ_LIMITS, judgeDecoding } from './audio-verdict.ts';
export type { AudioOutcome, AudioVerdict } from './audio-verdict.ts';
export { mutateAudio } from './mutate-audio.ts';
export type { MutatedAudio } from './mutate-audio.ts';
