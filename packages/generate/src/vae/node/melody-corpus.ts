import { readMidiLenient } from '@attune/core/midi';
import { openDataSets, splitOf, styleOfRow, type Split } from '@attune/core/node';
import type { Score } from '@attune/core';
import { melodyOfScore } from '../melody-grid.ts';
import type { MelodyPiece } from '../melody-windows.ts';

/** The sets with melodies whose licences allow shipping weights. */
export const MELODY_SETS: readonly string[] = ['folk-tunes', 'mutopia', 'openewld', 'openscore-lieder'];

/** Whether every bar of the score is of four quarters, or of two: what the model's bars are. */
export function hasBarsOfFour({ meters }: Score): boolean {
  return meters.every(({ numerator, denominator }) => {
    const quarters = (4 * numerator) / denominator;
    return quarters === 4 || quarters === 2;
  });
}

/** Which pieces are read. */
export interface MelodyCorpusOptions {
  /** `four` (default): those in bars of two or four quarters; `other`: the rest. */
  readonly meter?: 'four' | 'other';
  readonly sets?: readonly string[];
}

/** The melodies of the part's pieces. Files without a melody or that cannot be read are counted in `skipped`. */
export function readMelodies(
  folder: string,
  split: Split | 'all',
  options: MelodyCorpusOptions = {},
): { pieces: MelodyPiece[]; skipped: number } {
  const { meter = 'four', sets = MELODY_SETS } = options;
  const pieces: MelodyPiece[] = [];
  let skipped = 0;
  for (const set of openDataSets(folder)) {
    if (split !== 'all' && !sets.includes(set.name)) continue;
    for (const item of set.items) {
      if (split !== 'all' && splitOf(item.group) !== split) continue;
      try {
        const { score } = readMidiLenient(item.bytes());
        if (hasBarsOfFour(score) !== (meter === 'four')) continue;
        pieces.push({
          id: `${set.name}/${item.id}`,
          set: set.name,
          style: styleOfRow(set.name, item.row),
          grid: melodyOfScore(score).grid,
        });
      } catch {
        skipped++;
      }
    }
  }
  return { pieces, skipped };
}
