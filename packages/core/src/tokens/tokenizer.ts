import type { Score } from '../score/score.ts';
import type { EncodingLoss } from './encoding-loss.ts';
import type { Meter } from './grid.ts';
import type { DecodeOptions, EncodeOptions } from './grid-notes.ts';
import type { VocabularyBlock } from './vocabulary.ts';

/** What every sequence says beside its tokens. */
export interface TokenHeader {
  /** The main meter of the score. */
  readonly meter: Meter;
  /** Semitones that were added to melodic pitches. */
  readonly shift: number;
}

/**
 * What every tokenizer does, so that models over different encodings can be trained alike and compared by nats a
 * note. `Sequence` is the encoding's own form; `tokensOf` and `sequenceOf` turn it into one flat run of tokens
 * of one vocabulary and back, and `grammar` says which token may come next.
 */
export interface Tokenizer<Sequence extends TokenHeader = TokenHeader, State = unknown> {
  /** Name and version, e.g. 'compound-1': stored in checkpoints; sequences of different ones never mix. */
  readonly name: string;
  /** Fields or token types in order, with the number of values of each. */
  readonly vocabulary: readonly VocabularyBlock[];
  /** [vocabulary.length]: the flat token of value 0 of each block. */
  readonly offsets: readonly number[];
  /** Number of flat tokens. */
  readonly vocabularySize: number;
  /** What values stand for, e.g. steps a quarter or the lengths in the duration table. */
  readonly settings: Readonly<Record<string, number | readonly number[]>>;
  /** Throws `token/invalid` for a score that cannot be encoded. */
  encode(score: Score, options?: EncodeOptions): { readonly sequence: Sequence; readonly loss: EncodingLoss };
  /** The score of a sequence, ended or not. Throws `token/invalid` with the place and value of an illegal token. */
  decode(sequence: Sequence, options?: DecodeOptions): Score;
  /** Notes in the sequence, the end mark not counted: the denominator of nats per note. */
  noteCount(sequence: Sequence): number;
  /** [tokens], each below `vocabularySize`. */
  tokensOf(sequence: Sequence): Int16Array;
  /**
   * The sequence of flat tokens, ended or not. Throws `token/invalid` with index and token of the first that the
   * grammar does not allow.
   */
  sequenceOf(tokens: ArrayLike<number>, header: TokenHeader): Sequence;
  /** Throws `argument/invalid` when no instrument with a pitch is left to play. */
  grammar(options?: GrammarOptions): TokenGrammar<State>;
}

/** What a grammar lets through beyond what is well formed. */
export interface GrammarOptions {
  /** Default 4/4. Of no effect in an encoding without bars. */
  readonly meter?: Meter;
  /** Instruments that may play; default: all. */
  readonly instruments?: Iterable<number>;
  /** Lowest and highest pitch token of an instrument (drum keys with their offset); default: its whole block. */
  readonly pitchRange?: (instrument: number) => readonly [low: number, high: number];
}

/**
 * The flat tokens that may come next. In every state that can be reached and is not ended at least one is legal, and
 * a run of legal tokens that has ended decodes and is what encoding that score again gives, but for lengths of
 * notes that are struck again.
 */
export interface TokenGrammar<State = unknown> {
  /** States are never changed; keep as many as a search needs. */
  start(): State;
  /** Writes 1 for legal and 0 for illegal tokens into `mask` [≥ vocabularySize]; returns how many are legal. */
  mask(state: State, mask: Uint8Array): number;
  /** The state after a token. Throws `token/invalid` with the token when it is illegal. */
  accept(state: State, token: number): State;
  /** Has the end been said? Then no token is legal. */
  ended(state: State): boolean;
}

export const DEFAULT_METER: Meter = { numerator: 4, denominator: 4 };
