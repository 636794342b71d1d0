import type { Conditioning } from '@attune/core/style';
import { compoundTokenizer } from '@attune/core/tokens';
import type { CompoundSequence } from '@attune/core/tokens';

/** A piece as note models see it: encoded in the canonical key, with what is known about it. */
export interface EncodedPiece {
  readonly id: string;
  readonly sequence: CompoundSequence;
  /** What a conditioned model may be told; an unconditioned one ignores it. */
  readonly conditioning: Conditioning;
}

/** Anything that gives a probability to every note of a piece. */
export interface NoteModel {
  readonly name: string;
  /**
   * [steps] nats of each step given all steps before it: the sum over its fields of −ln p. The closing `END` step
   * is charged too. No step is free: context that a model drops (window starts) is still predicted.
   */
  natsOf(piece: EncodedPiece): Float64Array | Promise<Float64Array>;
}

/** What `natsPerNote` measured over a set of pieces. */
export interface NatsSummary {
  /** Sum of nats, `END` steps included, over the number of notes, `END` steps not included. */
  readonly natsPerNote: number;
  readonly notes: number;
  readonly pieces: number;
}

/** Mean nats per note of `model` over whole pieces. Empty pieces count their `END` only. */
export async function natsPerNote(model: NoteModel, pieces: Iterable<EncodedPiece>): Promise<NatsSummary> {
  let nats = 0;
  let notes = 0;
  let count = 0;
  for (const piece of pieces) {
    for (const value of await model.natsOf(piece)) nats += value;
    notes += compoundTokenizer.noteCount(piece.sequence);
    count++;
  }
  return { natsPerNote: nats / notes, notes, pieces: count };
}
