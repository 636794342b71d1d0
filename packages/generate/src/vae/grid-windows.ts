import { AttuneError, createRng, type Rng, type RngState } from '@attune/core';
import type { BatchSource } from '@attune/core/nn';
import { GRID_PER_BAR, GRID_PER_QUARTER, transposeGrid, windowOf, type VoiceGrid } from './voice-grid.ts';
import { VOICE_CODES, type Voice } from './voices.ts';

/** A piece of the corpus. */
export interface GridPiece {
  readonly id: string;
  readonly set: string;
  /** Undefined where the set's own label names none of our styles. */
  readonly style?: string | undefined;
  readonly grid: VoiceGrid;
}

/** Windows of one length, as pairs of piece and first step. */
export interface GridWindows {
  readonly voices: readonly Voice[];
  readonly pieces: readonly GridPiece[];
  readonly steps: number;
  /** [count] */
  readonly piece: Int32Array;
  /** [count] */
  readonly from: Int32Array;
}

/** A window with a longer silence in a voice (MusicVAE's rule: a bar) is left out, as is one with fewer notes a bar. */
const LONGEST_SILENCE = GRID_PER_BAR;
const FEWEST_NOTES_A_BAR = 1;

/** Least and most semitones by which a window is moved in training. */
const SHIFTS = [-5, 6] as const;

/**
 * All windows of `steps` steps that begin `hop` steps apart. Throws `dataset/malformed` where there is none, so that no
 * training starts on nothing.
 */
export function gridWindows(
  pieces: readonly GridPiece[],
  voices: readonly Voice[],
  steps: number,
  hop = GRID_PER_QUARTER,
): GridWindows {
  const [piece, from]: [number[], number[]] = [[], []];
  pieces.forEach(({ grid }, index) => {
    const end = grid.length / voices.length - steps;
    for (let at = 0; at <= end; at += hop) {
      if (!isMusic(grid, voices, at, steps)) continue;
      piece.push(index);
      from.push(at);
    }
  });
  if (piece.length === 0) {
    throw new AttuneError(
      'dataset/malformed',
      `No ${voices.join(', ')} of ${steps} sixteenths was found in ${pieces.length} pieces.`,
      {
        pieces: pieces.length,
        steps,
      },
    );
  }
  return { voices, pieces, steps, piece: Int32Array.from(piece), from: Int32Array.from(from) };
}

/** Whether each voice plays in the window. */
function isMusic(grid: VoiceGrid, voices: readonly Voice[], at: number, steps: number): boolean {
  return voices.every((voice, v) => {
    const { silent, isOnset } = VOICE_CODES[voice];
    let [notes, silence] = [0, 0];
    for (let step = at; step < at + steps; step++) {
      const value = grid[step * voices.length + v]!;
      if (isOnset(value)) notes++;
      silence = value === silent ? silence + 1 : 0;
      if (silence > LONGEST_SILENCE) return false;
    }
    return notes >= (FEWEST_NOTES_A_BAR * steps) / GRID_PER_BAR;
  });
}

/** The window with that number. */
export function windowAt({ pieces, voices, piece, from, steps }: GridWindows, index: number): VoiceGrid {
  return windowOf(pieces[piece[index]!]!.grid, voices, from[index]!, steps);
}

/** Numbers of `count` windows, spread evenly over all of them (all, where there are no more). */
export function spreadWindows({ piece }: GridWindows, count: number): number[] {
  const all = piece.length;
  const wanted = Math.min(count, all);
  return Array.from({ length: wanted }, (_, i) => Math.floor((i * all) / wanted));
}

/** Batches of `rows` windows drawn at random, each transposed at random; the cursor is the state of the generator. */
export function windowBatches<Batch>(
  windows: GridWindows,
  rows: number,
  seed: Rng,
  batchOf: (grids: readonly VoiceGrid[], rng: Rng) => Batch,
): BatchSource<Batch> {
  let rng = seed;
  return {
    next() {
      const grids = Array.from({ length: rows }, () => {
        const grid = windowAt(windows, rng.integer(windows.piece.length));
        return transposeGrid(grid, windows.voices, SHIFTS[0] + rng.integer(SHIFTS[1] - SHIFTS[0] + 1));
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
