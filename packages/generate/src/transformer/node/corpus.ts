import { readMidiLenient } from '@attune/core/midi';
import { openDataSets, splitOf, styleOfRow, SHIPPABLE_SYMBOLIC_SETS, type Split } from '@attune/core/node';
import { pieceOfScore, type Piece } from '../piece.ts';

export interface CorpusReport {
  readonly pieces: readonly Piece[];
  /** Files that hold no notes or cannot be read, with the reason. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Reads the pieces of `split` from the data sets under `folder` ('all': every piece, as for a test folder).
 * Only the sets whose licences allow shipping weights, unless `sets` names others.
 */
export function readCorpus(
  folder: string,
  split: Split | 'all',
  options: { readonly sets?: readonly string[]; readonly onPiece?: (done: number) => void } = {},
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
        const piece = pieceOfScore(readMidiLenient(item.bytes()).score, id, styleOfRow(set.name, item.row));
        if (piece) pieces.push(piece);
        else skipped.push({ id, reason: 'no notes' });
      } catch (error) {
        skipped.push({ id, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  return { pieces, skipped };
}
