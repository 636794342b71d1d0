import type { StyleVector } from '@attune/core/style';
import type { Aspect, Melody } from '@attune/recommend';
import type { Piece } from './piece-list.ts';

/** What is looked for: a file, a piece that is there already, or a melody of one's own. */
export type SearchExample =
  | { readonly from: 'file'; readonly bytes: Uint8Array }
  | { readonly from: 'piece'; readonly piece: Piece }
  | { readonly from: 'melody'; readonly melody: Melody };

/** What is looked into: lists of pieces (`writePieceList`) with the folder that their paths start from. */
export interface Searched {
  readonly folder: string;
  readonly own: string;
  readonly shared: string;
}

export interface FoundPiece {
  readonly id: string;
  /** 0 … 1 */
  readonly likeness: number;
}

export interface FindAnswer {
  readonly found: readonly FoundPiece[];
  /** Pieces that were looked into, of how many: what was never looked into is learned little by little, question by question. */
  readonly searched: number;
  readonly total: number;
  /** Whether asking again looks into more. */
  readonly isMore: boolean;
  /** Notes that were heard in a hummed or tapped melody. */
  readonly notes: number;
}

/** Tasks of searching; see `Tasks`. */
export interface SearchTasks {
  /** Pieces like an example in one aspect, best first. */
  findLike: {
    input: { example: SearchExample; aspect: Aspect; pieces: Searched; take: number };
    answer: FindAnswer;
  };
  /** Pieces that hold a melody, hummed into a recording or given as notes. */
  findMelody: {
    input: { example: SearchExample; pieces: Searched; take: number };
    answer: FindAnswer;
  };
  /** Where a file stands in the style space. */
  placeFile: {
    input: { bytes: Uint8Array };
    answer: { vector: StyleVector | null; instruments: readonly number[]; seconds: number };
  };
}
