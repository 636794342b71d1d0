import { readMidiLenient } from '@attune/core/midi';
import { openDataSets, splitOf, styleOfRow, SHIPPABLE_SYMBOLIC_SETS, type Split } from '@attune/core/node';
import type { Score } from '@attune/core';
import type { Ability } from '../config.ts';
import { formOfNotes } from '../form/form-of-notes.ts';
import { notesOfPiece, pieceOfScore, type Piece } from '../piece.ts';

export interface CorpusReport {
  readonly pieces: readonly Piece[];
  /** Files that hold no notes or cannot be read, with the reason. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
}

/** A piece that was made rather than collected, such as an arrangement of a lead sheet. */
export interface MadePiece {
  readonly id: string;
  readonly style: string;
  readonly score: Score;
}

/** Pieces as the model sees them; silent ones are left out. */
export function piecesOfMade(made: Iterable<MadePiece>): Piece[] {
  const pieces: Piece[] = [];
  for (const { id, style, score } of made) {
    const piece = pieceOfScore(score, id, style);
    if (piece) pieces.push(piece);
  }
  return pieces;
}

/** The pieces with what models of these abilities are told of them. */
export function withAbilities(pieces: readonly Piece[], abilities: readonly Ability[]): readonly Piece[] {
  if (!abilities.includes('form')) return pieces;
  return pieces.map((piece) => ({ ...piece, form: formOfNotes(notesOfPiece(piece), piece.bars) }));
}

/**
 * Reads the pieces of `split` from the data sets under `folder` ('all': every piece, as for a test folder).
 * Only the sets whose licences allow shipping weights, unless `sets` names others.
 */
export function readCorpus(
  folder: string,
  split: Split | 'all',
  options: {
    readonly sets?: readonly string[];
    readonly onPiece?: (done: number) => void;
  } = {},
): CorpusReport {
  const sets: readonly string[] = options.sets ?? SHIPPABLE_SYMBOLIC_SETS;
  const pieces: Piece[] = [];
  const skipped: { id: string; reason: string }[] = [];
  let done = 0;
  for (const set of openDataSets(folder)) {
    if (!sets.includes(set.name)) continue;
    for (const item of set.items) {
      if (split !== 'all' && splitOf(item.group) !== split) continue;
      options.onPiece?.(++done);
      const id = `${set.name}/${item.id}`;
      try {
        const { score } = readMidiLenient(item.bytes());
        const style = styleOfRow(set.name, item.row);
        const piece = pieceOfScore(score, id, style);
        if (piece) pieces.push(piece);
        else skipped.push({ id, reason: 'no notes' });
      } catch (error) {
        skipped.push({ id, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  return { pieces, skipped };
}
