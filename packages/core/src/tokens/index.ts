/**
 * Scores as sequences that a model can learn: two encodings of one grid (compound, REMI) and one of clock time
 * (MIDI-like) behind one interface, each with a grammar of the tokens that are legal.
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
export type { DecodeOptions, EncodeOptions, GridNote, GridPiece } from './grid-notes.ts';
export type { EncodingLoss } from './encoding-loss.ts';
export type { GrammarOptions, TokenGrammar, TokenHeader, Tokenizer } from './tokenizer.ts';
export type { VocabularyBlock } from './vocabulary.ts';
export { compoundTokenizer } from './compound-tokenizer.ts';
export type { FlatCompoundState } from './compound-tokenizer.ts';
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
export {
  MIDI_LIKE_BLOCKS,
  MIDI_LIKE_OFFSETS,
  MIDI_LIKE_VOCABULARY_SIZE,
  STEPS_PER_SECOND,
  midiLikeToken,
} from './midi-like-vocabulary.ts';
export type { MidiLikeBlock } from './midi-like-vocabulary.ts';
export { decodeMidiLike, encodeMidiLike, midiLikeTokenizer } from './midi-like.ts';
export type { MidiLikeSequence } from './midi-like.ts';
export { createMidiLikeGrammar } from './midi-like-grammar.ts';
export type { MidiLikeState } from './midi-like-grammar.ts';
export { TOKENIZERS, tokenizerFromJson, tokenizerToJson } from './tokenizers.ts';
export type { TokenizerJson } from './tokenizers.ts';
