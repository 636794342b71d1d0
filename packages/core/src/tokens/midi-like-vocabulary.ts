import { DRUM_PITCH_OFFSET, INSTRUMENT_COUNT, PITCH_COUNT } from './grid.ts';
import { createVocabulary } from './vocabulary.ts';
import type { VocabularyBlock } from './vocabulary.ts';

/** Time passes in steps of 10 ms, up to a second at once. */
export const STEPS_PER_SECOND = 100;
export const MAX_SHIFT_STEPS = 100;

/** MIDI velocity 0–127 falls into bins of equal width, decoded to their middles 2, 6, … 126. */
export const FINE_VELOCITY_COUNT = 32;
const VELOCITY_WIDTH = 128 / FINE_VELOCITY_COUNT;

export function fineVelocityBinOf(velocity: number): number {
  return Math.floor(velocity / VELOCITY_WIDTH);
}

export function velocityOfFineBin(bin: number): number {
  return (bin + 0.5) * VELOCITY_WIDTH;
}

/** Token types of the MIDI-like encoding, in the order in which their values stand in the vocabulary. */
export const MIDI_LIKE_BLOCKS = [
  { name: 'end', size: 1 },
  /** Value k: k + 1 steps pass. */
  { name: 'time-shift', size: MAX_SHIFT_STEPS },
  { name: 'program', size: INSTRUMENT_COUNT },
  { name: 'velocity', size: FINE_VELOCITY_COUNT },
  /** Drum keys with their offset, as in the other encodings. */
  { name: 'note-on', size: PITCH_COUNT },
  /** Melodic pitches only. */
  { name: 'note-off', size: DRUM_PITCH_OFFSET },
] as const satisfies readonly VocabularyBlock[];
/** Name of one of `MIDI_LIKE_BLOCKS`. */
export type MidiLikeBlock = (typeof MIDI_LIKE_BLOCKS)[number]['name'];

const vocabulary = createVocabulary(MIDI_LIKE_BLOCKS);

/** First token of each block. */
export const MIDI_LIKE_OFFSETS = vocabulary.offsets;
/** Tokens in all blocks together; each token is below it. */
export const MIDI_LIKE_VOCABULARY_SIZE = vocabulary.size;

/** Block and value of a token. Throws `token/invalid` for a token outside the vocabulary. */
export const midiLikeToken = vocabulary.read;
