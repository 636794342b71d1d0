import { findKey, recogniseChords, type Rng, type Score } from '@attune/core';
import type { Split } from '@attune/core/node';
import { canonicalShift } from '@attune/core/tokens';
import { arrangedPieces } from '../../arrangement/node/arranged-corpus.ts';
import { ARRANGED_STYLES } from '../../arrangement/style-rules.ts';
import { STYLE_RULES } from '../../arrangement/styles.ts';
import type { BandPart } from '../../performance/band-parts.ts';
import {
  CELLS,
  CHORD_VALUES,
  drawChords,
  drawPart,
  stepOfTick,
  WINDOW_QUARTERS,
  WINDOW_STEPS,
} from '../band-roll.ts';
import type { BandWindow } from '../train-gan.ts';

const PART_OF_TRACK: Readonly<Record<string, BandPart>> = {
  Melody: 'melody',
  Comping: 'comping',
  Pad: 'pad',
  Bass: 'bass',
  Drums: 'drums',
};

/** Windows of the arranged corpus, and the chords of four-bar phrases in it. */
export interface RollCorpus {
  readonly windows: readonly BandWindow[];
  readonly pieces: number;
}

/**
 * Windows of two bars of arrangements in 4/4 and 2/2, in the canonical key: of a share of the pieces, drawn with `rng`,
 * and of each at most `windowsPerPiece`, spread evenly. Reading ends after `limit` pieces.
 */
export function readRollCorpus(
  data: string,
  split: Split,
  choice: {
    readonly share: number;
    readonly windowsPerPiece: number;
    readonly limit?: number;
    readonly rng: Rng;
  },
): RollCorpus {
  const windows: BandWindow[] = [];
  let pieces = 0;
  for (const { score, style } of arrangedPieces(data, split)) {
    if (choice.rng.uniform() >= choice.share || quartersOfBar(score) !== 4) continue;
    if (pieces === choice.limit) break;
    pieces++;
    const found = windowsOf(score, ARRANGED_STYLES.indexOf(style), STYLE_RULES[style].swings ?? false);
    const every = Math.max(1, found.length / choice.windowsPerPiece);
    for (let w = 0; Math.floor(w) < found.length; w += every) windows.push(found[Math.floor(w)]!);
  }
  return { windows, pieces };
}

function quartersOfBar(score: Score): number {
  const meter = score.meters[0] ?? { numerator: 4, denominator: 4 };
  return (4 * meter.numerator) / meter.denominator;
}

/** Every second bar on a window: the rolls of one arrangement. */
export function windowsOf(score: Score, style: number, swings: boolean): BandWindow[] {
  const key = findKey(score);
  const shift = key ? canonicalShift(key.tonic, key.mode) : 0;
  const grid = { ticksPerQuarter: score.ticksPerQuarter, swings };
  const end = score.tracks.reduce(
    (last, { notes }) => Math.max(last, ...notes.slice(-8).map((n) => n.start)),
    0,
  );
  const count = Math.floor(stepOfTick(end, grid) / WINDOW_STEPS); // the last bar is an ending of its own: left out
  const cells = new Uint8Array(count * WINDOW_STEPS * CELLS);
  for (const track of score.tracks) {
    const part = PART_OF_TRACK[track.name];
    if (part) drawPart(cells, part, track.notes, shift, grid);
  }
  const chords = drawChords(recogniseChords(score), count * WINDOW_QUARTERS, shift, score.ticksPerQuarter);
  const windows: BandWindow[] = [];
  for (let w = 0; w < count; w++) {
    const own = cells.slice(w * WINDOW_STEPS * CELLS, (w + 1) * WINDOW_STEPS * CELLS);
    if (own.every((cell) => cell === 0)) continue;
    windows.push({
      cells: own,
      chords: chords.slice(w * WINDOW_QUARTERS * CHORD_VALUES, (w + 1) * WINDOW_QUARTERS * CHORD_VALUES),
      style,
    });
  }
  return windows;
}
