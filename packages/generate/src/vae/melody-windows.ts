import { AttuneError, createRng, type Rng, type RngState } from '@attune/core';
import type { BatchSource } from '@attune/core/nn';
import { GRID_PER_QUARTER, HOLD, REST, transposeGrid, windowOf, type MelodyGrid } from './melody-grid.ts';

/** A melody of the corpus. */
export interface MelodyPiece {
  readonly id: string;
  readonly set: string;
  /** Undefined where the set's own label names none of our styles. */
  readonly style?: string | undefined;
  readonly grid: MelodyGrid;
}

/** Windows of one length, as pairs of piece and first step. */
export interface MelodyWindows {
  readonly pieces: readonly MelodyPiece[];
  readonly steps: number;
  /** [count] */
  readonly piece: Int32Array;
  /** [count] */
  readonly from: Int32Array;
}

/** A window with a longer silence (MusicVAE's rule: a bar) is left out, as is one with fewer notes a bar. */
const LONGEST_SILENCE = 16;
const FEWEST_NOTES_A_BAR = 1;

/** Least and most semitones by which a window is moved in training. */
const SHIFTS = [-5, 6] as const;

/**
 * All windows of `steps` steps that begin `hop` steps apart. Throws `dataset/malformed` where there is none, so that no
 * training starts on nothing.
 */
export function melodyWindows(
  pieces: readonly MelodyPiece[],
  steps: number,
  hop = GRID_PER_QUARTER,
): MelodyWindows {
  const [piece, from]: [number[], number[]] = [[], []];
  pieces.forEach(({ grid }, index) => {
    for (let at = 0; at + steps <= grid.length; at += hop) {
      if (!isMusic(grid, at, steps)) continue;
      piece.push(index);
      from.push(at);
    }
  });
  if (piece.length === 0) {
    throw new AttuneError(
      'dataset/malformed',
      `No melody of ${steps} sixteenths was found in ${pieces.length} pieces.`,
      {
        pieces: pieces.length,
        steps,
      },
    );
  }
  return { pieces, steps, piece: Int32Array.from(piece), from: Int32Array.from(from) };
}

function isMusic(grid: MelodyGrid, at: number, steps: number): boolean {
  let [notes, silence] = [0, 0];
  for (let step = at; step < at + steps; step++) {
    const value = grid[step]!;
    if (value < HOLD) notes++;
    silence = value === REST ? silence + 1 : 0;
    if (silence > LONGEST_SILENCE) return false;
  }
  return notes >= (FEWEST_NOTES_A_BAR * steps) / 16;
}

/** The window with that number. */
export function windowAt({ pieces, piece, from, steps }: MelodyWindows, index: number): MelodyGrid {
  return windowOf(pieces[piece[index]!]!.grid, from[index]!, steps);
}

/** Numbers of `count` windows, spread evenly over all of them (all, where there are no more). */
export function spreadWindows({ piece }: MelodyWindows, count: number): number[] {
  const all = piece.length;
  const wanted = Math.min(count, all);
  return Array.from({ length: wanted }, (_, i) => Math.floor((i * all) / wanted));
}

/** Batches of `rows` windows drawn at random, each transposed at random; the cursor is the state of the generator. */
export function windowBatches<Batch>(
  windows: MelodyWindows,
  rows: number,
  seed: Rng,
  batchOf: (grids: readonly MelodyGrid[], rng: Rng) => Batch,
): BatchSource<Batch> {
  let rng = seed;
  return {
    next() {
      const grids = Array.from({ length: rows }, () => {
        const grid = windowAt(windows, rng.integer(windows.piece.length));
        return transposeGrid(grid, SHIFTS[0] + rng.integer(SHIFTS[1] - SHIFTS[0] + 1));
      });
      return batchOf(grids, rng);
    },
    cursor: () => [...rng.state()],
    restore(cursor) {
      if (!Array.isArray(cursor) || cursor.length !== 4) {
        throw new AttuneError('checkpoint/mismatch', 'The data cursor is no state of a random generator.');
      }
      rng = createRng(cursor as unknown as RngState);
    },
  };
}
