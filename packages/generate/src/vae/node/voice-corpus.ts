import type { Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { openDataSets, splitOf, styleOfRow, type Split } from '@attune/core/node';
import { arrangedPieces } from '../../arrangement/node/arranged-corpus.ts';
import type { GridPiece } from '../grid-windows.ts';
import { readVoices } from '../voice-lines.ts';
import type { VoiceSet } from '../voice-sets.ts';

/** What a model learns from. */
interface Sources {
  /** Sets whose licences allow shipping weights and that have the voices. */
  readonly sets: readonly string[];
  /** Each so manyth piece of the arranged corpus, whose rules repeat bars; 0: none. No divisor of its six styles. */
  readonly arranged: number;
}

const SOURCES: Readonly<Record<VoiceSet['name'], Sources>> = {
  melody: { sets: ['folk-tunes', 'mutopia', 'openewld', 'openscore-lieder'], arranged: 0 },
  // the arranged corpus has its drums from groove's own takes and textbook bars: nothing new
  drums: { sets: ['groove', 'freedoom-game'], arranged: 0 },
  trio: { sets: ['freedoom-game'], arranged: 5 },
};

/** Name under which arranged pieces are counted. */
const ARRANGED = 'arranged';
/** Parts of the arranged band that no voice reads: without them it is plain who has the melody. */
const UNREAD: readonly string[] = ['Comping', 'Pad'];

/** Whether every bar of the score is of four quarters, or of two: what the model's bars are. */
export function hasBarsOfFour({ meters }: Score): boolean {
  return meters.every(({ numerator, denominator }) => {
    const quarters = (4 * numerator) / denominator;
    return quarters === 4 || quarters === 2;
  });
}

/** The pieces of a part of the data, or of all of a folder, that have the voices. */
export interface VoiceCorpus {
  readonly pieces: GridPiece[];
  /** Files without these voices or that cannot be read. */
  readonly skipped: number;
}

/** Reads pieces; `meter` `four` (default): those in bars of two or four quarters; `other`: the rest. */
export function readCorpus(
  folder: string,
  { name, voices }: VoiceSet,
  split: Split | 'all',
  meter: 'four' | 'other' = 'four',
): VoiceCorpus {
  const { sets, arranged } = SOURCES[name];
  const pieces: GridPiece[] = [];
  let skipped = 0;
  const add = (piece: Omit<GridPiece, 'grid'>, read: () => Score): void => {
    try {
      const score = read();
      if (hasBarsOfFour(score) !== (meter === 'four')) return;
      pieces.push({ ...piece, grid: readVoices(score, voices).grid });
    } catch {
      skipped++;
    }
  };
  for (const set of openDataSets(folder)) {
    if (split !== 'all' && !sets.includes(set.name)) continue;
    for (const item of set.items) {
      if (split !== 'all' && splitOf(item.group) !== split) continue;
      const style = styleOfRow(set.name, item.row);
      add({ id: `${set.name}/${item.id}`, set: set.name, style }, () => readMidiLenient(item.bytes()).score);
    }
  }
  if (arranged === 0 || split === 'all') return { pieces, skipped };
  for (const { id, style, score } of arrangedPieces(folder, split, arranged)) {
    add({ id: `${ARRANGED}/${id}`, set: ARRANGED, style }, () => ({
      ...score,
      tracks: score.tracks.filter((track) => !UNREAD.includes(track.name)),
    }));
  }
  return { pieces, skipped };
}
