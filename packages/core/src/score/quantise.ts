import { AttuneError } from '../foundation/errors.ts';
import type { Tick } from '../foundation/units.ts';
import { sortedNotes } from './order.ts';
import type { Note, Score } from './score.ts';

/** How strictly `quantiseScore` draws notes to the grid, and whether the grid swings. */
export interface QuantiseOptions {
  /** How far notes go towards the grid: 0 leaves them, 1 (the default) puts them on it. */
  readonly strength?: number;
  /**
   * Where the second of each two steps falls between the first and the next pair, 0.5 … 0.75: 0.5 (the default) is
   * straight, 2/3 triplet swing.
   */
  readonly swing?: number;
}

/**
 * Moves note starts and ends to the nearest of `stepsPerQuarter` steps (half way rounds up); on the grid a note keeps at
 * least one step. With less than full `strength` both go that share of the way, rounded to ticks. Where the
 * resolution does not divide, steps are rounded to ticks. Controls, bends, tempos, meters, keys and texts stay.
 * @throws `argument/invalid` for steps finer than the ticks, or options outside their range.
 */
export function quantiseScore(score: Score, stepsPerQuarter: number, options: QuantiseOptions = {}): Score {
  const { strength = 1, swing = 0.5 } = options;
  checkSteps(score, stepsPerQuarter, strength, swing);
  const step = score.ticksPerQuarter / stepsPerQuarter;
  const grid = swing === 0.5 ? straightGrid(step) : swungGrid(step, swing);
  const towards = (tick: Tick, target: Tick): Tick => Math.round(tick + strength * (target - tick));
  const quantiseNote = (note: Note): Note => {
    const from = grid.nearest(note.start);
    const to = Math.max(from + 1, grid.nearest(note.start + note.duration));
    const start = towards(note.start, Math.round(grid.tickOf(from)));
    const end = towards(note.start + note.duration, Math.round(grid.tickOf(to)));
    return { ...note, start, duration: end - start };
  };
  return {
    ...score,
    tracks: score.tracks.map((track) => ({ ...track, notes: sortedNotes(track.notes.map(quantiseNote)) })),
  };
}

/** Steps are numbered from tick 0 on. */
interface Grid {
  readonly nearest: (tick: Tick) => number;
  readonly tickOf: (step: number) => number;
}

function straightGrid(step: number): Grid {
  return { nearest: (tick) => Math.round(tick / step), tickOf: (index) => index * step };
}

function swungGrid(step: number, swing: number): Grid {
  const tickOf = (index: number): number => 2 * step * (Math.floor(index / 2) + (index % 2) * swing);
  const nearest = (tick: Tick): number => {
    const pair = 2 * Math.floor(tick / (2 * step));
    if (tick >= (tickOf(pair + 1) + tickOf(pair + 2)) / 2) return pair + 2;
    return tick >= (tickOf(pair) + tickOf(pair + 1)) / 2 ? pair + 1 : pair;
  };
  return { nearest, tickOf };
}

function checkSteps(score: Score, stepsPerQuarter: number, strength: number, swing: number): void {
  if (!Number.isInteger(stepsPerQuarter) || stepsPerQuarter < 1 || stepsPerQuarter > score.ticksPerQuarter) {
    const message = `Steps a quarter must be a whole number from 1 to ${score.ticksPerQuarter}, not ${stepsPerQuarter}.`;
    throw new AttuneError('argument/invalid', message, { stepsPerQuarter });
  }
  if (!(strength >= 0 && strength <= 1)) {
    throw new AttuneError('argument/invalid', `Strength is from 0 to 1, not ${strength}.`, { strength });
  }
  if (!(swing >= 0.5 && swing <= 0.75)) {
    throw new AttuneError('argument/invalid', `Swing is from 0.5 to 0.75, not ${swing}.`, { swing });
  }
}
