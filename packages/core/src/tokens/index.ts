/**
 * Scores as sequences that a model can learn: encodings of one grid, with grammars of the steps that are legal.
 * @module @attune/core/tokens
 */
export {
  DRUM_INSTRUMENT,
  DRUM_PITCH_OFFSET,
  DURATIONS,
  INSTRUMENT_COUNT,
  MAX_BAR_GAP,
  MAX_BAR_STEPS,
  PITCH_COUNT,
  STEPS_PER_QUARTER,
  VELOCITY_COUNT,
  barStepsOf,
  canonicalShift,
  durationIndexAtMost,
  durationIndexOf,
  velocityBinOf,
  velocityOfBin,
} from './grid.ts';
export type { Meter } from './grid.ts';
export { fromGrid, toGrid } from './grid-notes.ts';
export type { DecodeOptions, EncodeOptions, EncodingLoss, GridNote, GridPiece } from './grid-notes.ts';
export type { Tokenizer, VocabularyBlock } from './tokenizer.ts';
export {
  BAR,
  COMPOUND_FIELDS,
  DURATION,
  END,
  FIELD_COUNT,
  FIELD_SIZES,
  INSTRUMENT,
  PITCH,
  POSITION,
  VELOCITY,
  compoundToGrid,
  compoundTokenizer,
  decodeCompound,
  encodeCompound,
} from './compound.ts';
export type { CompoundField, CompoundSequence, EncodedScore } from './compound.ts';
export { createCompoundGrammar } from './compound-grammar.ts';
export type { CompoundGrammar, CompoundGrammarOptions, CompoundState } from './compound-grammar.ts';
export { REMI_BLOCKS, REMI_OFFSETS, REMI_VOCABULARY_SIZE, remiToken } from './remi-vocabulary.ts';
export type { RemiBlock } from './remi-vocabulary.ts';
export { decodeRemi, encodeRemi, remiTokenizer } from './remi.ts';
export type { RemiSequence } from './remi.ts';
export { createRemiGrammar } from './remi-grammar.ts';
export type { RemiGrammar, RemiState } from './remi-grammar.ts';
