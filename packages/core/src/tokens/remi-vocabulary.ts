import { DURATIONS, INSTRUMENT_COUNT, MAX_BAR_STEPS, PITCH_COUNT, VELOCITY_COUNT } from './grid.ts';
import { createVocabulary } from './vocabulary.ts';
import type { VocabularyBlock } from './vocabulary.ts';

/** Token types of the flat encoding, in the order in which their values stand in the vocabulary. */
export const REMI_BLOCKS = [
  { name: 'end', size: 1 },
  { name: 'bar', size: 1 },
  { name: 'position', size: MAX_BAR_STEPS },
  { name: 'program', size: INSTRUMENT_COUNT },
  { name: 'pitch', size: PITCH_COUNT },
  { name: 'duration', size: DURATIONS.length },
  { name: 'velocity', size: VELOCITY_COUNT },
] as const satisfies readonly VocabularyBlock[];
/** Name of one of `REMI_BLOCKS`. */
export type RemiBlock = (typeof REMI_BLOCKS)[number]['name'];

const vocabulary = createVocabulary(REMI_BLOCKS);

/** First token of each block. */
export const REMI_OFFSETS = vocabulary.offsets;
/** Tokens in all blocks together; each token is below it. */
export const REMI_VOCABULARY_SIZE = vocabulary.size;

/** Block and value of a token. Throws `token/invalid` for a token outside the vocabulary. */
export const remiToken = vocabulary.read;
