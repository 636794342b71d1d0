import { findKey } from '@attune/core';
import type { OnProgress, Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { splitOf, styleOfRow } from '@attune/core/node';
import type { DataItem, DataSet, Split } from '@attune/core/node';
import { analyseScore } from '@attune/core/style';
import type { Style } from '@attune/core/style';
import { canonicalShift, encodeCompound } from '@attune/core/tokens';
import type { EncodedPiece } from '../evaluate/note-model.ts';

/** A piece of a data set, encoded in the canonical key. */
export interface CorpusPiece extends EncodedPiece {
  readonly set: string;
  /** Undefined where the set's own label names none of our styles. */
  readonly style: Style | undefined;
}

/** Which pieces of the data sets are read. */
export interface CorpusOptions {
  /** Pieces of these parts only; default: all. */
  readonly splits?: readonly Split[];
  /** At most this many pieces a set, spread evenly; default: all. */
  readonly limit?: number;
  readonly onProgress?: OnProgress;
}

/** Reads pieces one at a time with their scores. Empty pieces are skipped. Throws `midi/malformed` as the reader does. */
export function* readScores(
  sets: readonly DataSet[],
  options: CorpusOptions = {},
): Generator<{ item: DataItem; score: Score }> {
  const wanted = sets.map((set) => {
    const items = set.items.filter((item) => !options.splits || options.splits.includes(splitOf(item.group)));
    const step = options.limit === undefined ? 1 : Math.max(1, items.length / options.limit);
    return Array.from({ length: Math.floor(items.length / step) }, (_, i) => items[Math.floor(i * step)]!);
  });
  const total = wanted.reduce((sum, items) => sum + items.length, 0);
  let done = 0;
  for (const items of wanted) {
    for (const item of items) {
      options.onProgress?.({ done: done++, total, stage: `reading ${item.set}` });
      const { score } = readMidiLenient(item.bytes());
      if (score.tracks.some((track) => track.notes.length > 0)) yield { item, score };
    }
  }
}

/** Reads and encodes pieces; what is known of each becomes its conditioning. */
export function loadCorpus(sets: readonly DataSet[], options: CorpusOptions = {}): CorpusPiece[] {
  const pieces: CorpusPiece[] = [];
  for (const { item, score } of readScores(sets, options)) pieces.push(encodePiece(item, score));
  return pieces;
}

/** Encodes a piece in the key that `findKey` hears, moved to C major or A minor. */
export function encodePiece(item: DataItem, score: Score): CorpusPiece {
  return encodeScore(score, { id: item.id, set: item.set, style: styleOfRow(item.set, item.row) });
}

/** As `encodePiece`, of a score from anywhere. */
export function encodeScore(
  score: Score,
  { id, set, style }: Pick<CorpusPiece, 'id' | 'set' | 'style'>,
): CorpusPiece {
  const key = findKey(score);
  const { loss: _, ...sequence } = encodeCompound(score, {
    shift: key ? canonicalShift(key.tonic, key.mode) : 0,
  });
  const { rawMood: __, ...analysis } = analyseScore(score);
  return { id, set, style, sequence, conditioning: { ...analysis, ...(style && { style }) } };
}
