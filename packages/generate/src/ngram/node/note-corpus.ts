import { findKey, type Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { openDataSets, SHIPPABLE_SYMBOLIC_SETS, splitOf, styleOfRow, type Split } from '@attune/core/node';
import { analyseScore, type Style } from '@attune/core/style';
import { canonicalShift, encodeCompound } from '@attune/core/tokens';
import { arrangedPieces } from '../../arrangement/node/arranged-corpus.ts';
import type { EncodedPiece } from '../../evaluate/note-model.ts';

/** Which pieces the simple models of notes are counted, trained and judged on. */
export interface NoteCorpusChoice {
  /** At most this many pieces of each collected set, spread evenly. */
  readonly perSet: number;
  /** This many arrangements of lead sheets, from the first tune on in each style; the rest need not be arranged then. */
  readonly arranged: number;
}

/** Pieces with a style of one part of the shippable sets, and arrangements, in the canonical key. Silent ones are left out. */
export function* readNoteCorpus(
  data: string,
  split: Split,
  choice: NoteCorpusChoice,
): Generator<EncodedPiece> {
  for (const set of openDataSets(data)) {
    if (!(SHIPPABLE_SYMBOLIC_SETS as readonly string[]).includes(set.name)) continue;
    const items = set.items.filter((item) => splitOf(item.group) === split && styleOfRow(set.name, item.row));
    const every = Math.max(1, items.length / choice.perSet);
    for (let i = 0; Math.floor(i) < items.length && choice.perSet > 0; i += every) {
      const item = items[Math.floor(i)]!;
      const piece = encodeStyledPiece(
        `${set.name}/${item.id}`,
        readMidiLenient(item.bytes()).score,
        styleOfRow(set.name, item.row)!,
      );
      if (piece) yield piece;
    }
  }
  if (choice.arranged === 0) return;
  let taken = 0;
  for (const { id, score, style } of arrangedPieces(data, split)) {
    const piece = encodeStyledPiece(id, score, style);
    if (piece) yield piece;
    if (++taken === choice.arranged) return;
  }
}

/** A piece in the canonical key with its style; undefined for a silent one. */
export function encodeStyledPiece(id: string, score: Score, style: Style): EncodedPiece | undefined {
  if (score.tracks.every(({ notes }) => notes.length === 0)) return undefined;
  const key = findKey(score);
  const { loss: _, ...sequence } = encodeCompound(score, {
    shift: key ? canonicalShift(key.tonic, key.mode) : 0,
  });
  const { tempo, instruments } = analyseScore(score);
  return { id, sequence, conditioning: { style, tempo, instruments } };
}
