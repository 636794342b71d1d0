import { DRUM_INSTRUMENT, barStepsOf, durationIndexOf } from '@attune/core/tokens';
import type { GridPiece } from '@attune/core/tokens';

/** Moves a run is made of: from one note of a line to the next. */
export const RUN_MOVES = 8;

/** A run of fewer different moves (repeated notes, scales, trills) is everybody's, and counts for nobody. */
export const MIN_DIFFERENT_MOVES = 3;

/**
 * One move of a line in one number: signed interval in semitones and time to the next onset, in the classes of
 * the token durations. The same under transposition, and nearly so under small changes of timing.
 */
export type Moves = Int32Array;

const INTERVALS = 256;

/** The moves of the top and of the bass line of the pitched notes. Drums have no line. */
export function linesOfGrid(piece: Pick<GridPiece, 'notes' | 'meter'>): readonly [top: Moves, bass: Moves] {
  const barSteps = barStepsOf(piece.meter);
  const onsets: number[] = [];
  const top: number[] = [];
  const bass: number[] = [];
  for (const note of piece.notes) {
    if (note.instrument === DRUM_INSTRUMENT) continue;
    const onset = note.bar * barSteps + note.position;
    const last = onsets.length - 1;
    if (onsets[last] === onset) {
      top[last] = Math.max(top[last]!, note.pitch);
      bass[last] = Math.min(bass[last]!, note.pitch);
    } else {
      onsets.push(onset);
      top.push(note.pitch);
      bass.push(note.pitch);
    }
  }
  return [movesOf(onsets, top), movesOf(onsets, bass)];
}

function movesOf(onsets: readonly number[], pitches: readonly number[]): Moves {
  const moves = new Int32Array(Math.max(0, onsets.length - 1));
  for (let i = 0; i < moves.length; i++) {
    const gap = durationIndexOf(onsets[i + 1]! - onsets[i]!);
    moves[i] = gap * INTERVALS + (pitches[i + 1]! - pitches[i]! + INTERVALS / 2);
  }
  return moves;
}

/** Calls `visit` with two hash words of every run of `RUN_MOVES` moves; `common` marks runs that count for nobody. */
export function visitRuns(
  moves: Moves,
  visit: (start: number, high: number, low: number, common: boolean) => void,
): void {
  for (let start = 0; start + RUN_MOVES <= moves.length; start++) {
    let high = 0x811c9dc5;
    let low = 0x1b873593;
    let different = 0;
    for (let i = start; i < start + RUN_MOVES; i++) {
      const move = moves[i]!;
      high = Math.imul(high ^ move, 0x01000193);
      high ^= high >>> 15;
      low = Math.imul(low + move, 0x85ebca6b);
      low ^= low >>> 13;
      if (moves.indexOf(move, start) === i) different++;
    }
    visit(start, finish(high) >>> 0, finish(low ^ 0x5bd1e995) >>> 0, different < MIN_DIFFERENT_MOVES);
  }
}

/** The finaliser of MurmurHash3. */
function finish(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
