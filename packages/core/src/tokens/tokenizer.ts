import type { Score } from '../score/score.ts';
import type { DecodeOptions, EncodeOptions, EncodingLoss } from './grid-notes.ts';

/** What every tokenizer does, so that models over different encodings can be compared by nats per note. */
export interface Tokenizer<Sequence> {
  /** Name and version, e.g. 'compound-1': stored in checkpoints; sequences of different ones never mix. */
  readonly name: string;
  /** Fields or token types in order, with the number of values of each. */
  readonly vocabulary: readonly VocabularyBlock[];
  encode(score: Score, options?: EncodeOptions): { readonly sequence: Sequence; readonly loss: EncodingLoss };
  /** Throws `token/invalid` with the place and value of the first illegal token. */
  decode(sequence: Sequence, options?: DecodeOptions): Score;
  /** Notes in the sequence, the end mark not counted: the denominator of nats per note. */
  noteCount(sequence: Sequence): number;
}

/** A run of tokens of one kind, e.g. pitches. */
export interface VocabularyBlock {
  readonly name: string;
  readonly size: number;
}
