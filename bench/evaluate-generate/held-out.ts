import { createRng, type Score } from '@attune/core';
import { findDataDir, type Split } from '@attune/core/node';
import { STYLES, type Style } from '@attune/core/style';
import { compoundToGrid, fromGrid } from '@attune/core/tokens';
import { encodeScore, readHeldOut, type CorpusPiece, type Terminal } from '@attune/generate/node';
import { arrangedPieces } from '../../packages/generate/src/arrangement/node/arranged-corpus.ts';
import { ARRANGED_STYLES } from '@attune/generate';

/** Real pieces that no model has seen, by style; those of arranged styles are arrangements of held-out tunes. */
export interface HeldOutPieces {
  /** Shuffled, always the same way. */
  readonly byStyle: ReadonlyMap<Style, readonly CorpusPiece[]>;
  readonly isArranged: (style: Style) => boolean;
  /** Where they come from, in words. */
  readonly source: string;
}

/**
 * `test`: a set folder or a folder of set folders, all of whose pieces count; else this part of our own data. `limit`:
 * at most so many pieces a set.
 */
export function readHeldOutPieces(
  options: { readonly test: string | undefined; readonly split: Split; readonly limit?: number },
  terminal: Terminal,
): HeldOutPieces {
  const { test, split, limit } = options;
  const data = findDataDir();
  const limited = limit === undefined ? {} : { limit };
  const collected = readHeldOut({ data, split, ...limited, ...(test !== undefined && { test }) }, terminal);
  const made: CorpusPiece[] = [];
  if (test === undefined && data !== undefined) {
    for (const { id, style, score } of arrangedPieces(data, split))
      if (limit === undefined || made.length < limit)
        made.push(encodeScore(score, { id, set: 'arranged', style }));
      else break;
  }
  const all = [...collected, ...made];
  const byStyle = new Map<Style, readonly CorpusPiece[]>();
  for (const style of STYLES) {
    const own = all.filter((piece) => piece.style === style);
    if (own.length > 0) byStyle.set(style, createRng(0).fork(style).shuffle(own));
  }
  return {
    byStyle,
    isArranged: (style) => test === undefined && (ARRANGED_STYLES as readonly string[]).includes(style),
    source: test === undefined ? `our ${split} part and arrangements of its tunes` : 'a folder of pieces',
  };
}

/** At most so many notes of a style, in whole pieces; where every piece is longer, the shortest. */
export function upToNotes(pieces: readonly CorpusPiece[], most: number): CorpusPiece[] {
  const notesOf = ({ sequence }: CorpusPiece): number => sequence.barOf.length - 1;
  let notes = 0;
  const some = pieces.filter((piece) => {
    if (notes + notesOf(piece) > most) return false;
    notes += notesOf(piece);
    return true;
  });
  if (some.length > 0) return some;
  return [pieces.reduce((a, b) => (notesOf(b) < notesOf(a) ? b : a))];
}

/** The first bars of a piece as a score, in the canonical key; undefined where they are silent. */
export function excerptOf({ sequence }: CorpusPiece, bars: number): Score | undefined {
  const piece = compoundToGrid(sequence);
  const notes = piece.notes.filter((note) => note.bar < bars);
  return notes.length === 0 ? undefined : fromGrid({ ...piece, notes, bars: Math.min(bars, piece.bars) });
}
