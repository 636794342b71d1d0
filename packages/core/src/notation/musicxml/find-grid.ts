import type { Score } from '../../score/score.ts';

/** Steps a quarter that are tried, coarsest first: binary, triplet and quintuplet divisions up to 1/48. */
const CANDIDATES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 5, 10, 20, 48] as const;
/** A start counts as on the grid within this many quarters, besides the rounding of the score's own ticks. */
const TOLERANCE_QUARTERS = 1 / 256;
/** Of 1000 starts, how many must lie on a grid for the score to count as written on it. */
const ON_GRID_SHARE = 0.995;
/** The grids of a score played by hand: sixteenths, or with triplets. */
const PLAYED_GRID = 4;
const PLAYED_TRIPLET_GRID = 12;

/**
 * The coarsest division of the quarter on which the note starts of the score lie. A score that lies on none of
 * them was played by hand: sixteenths, or twelfths where twice as many starts are near triplets as near odd sixteenths.
 */
export function findGrid(score: Pick<Score, 'tracks' | 'ticksPerQuarter'>): number {
  const starts = startsInQuarters(score);
  if (starts.length === 0) return PLAYED_GRID;
  const tolerance = TOLERANCE_QUARTERS + 0.51 / score.ticksPerQuarter;
  for (const grid of CANDIDATES) {
    const onGrid = starts.filter((start) => distanceToGrid(start, grid) <= Math.min(tolerance, 0.2 / grid));
    if (onGrid.length >= ON_GRID_SHARE * starts.length) return grid;
  }
  const near = (part: number): number =>
    starts.filter((start) => Math.abs(Math.min(start % 1, 1 - (start % 1)) - part) < 1 / 24).length;
  return near(1 / 3) > 2 * near(1 / 4) ? PLAYED_TRIPLET_GRID : PLAYED_GRID;
}

function startsInQuarters({ tracks, ticksPerQuarter }: Pick<Score, 'tracks' | 'ticksPerQuarter'>): number[] {
  return tracks.flatMap((track) => track.notes.map((note) => note.start / ticksPerQuarter));
}

function distanceToGrid(start: number, grid: number): number {
  return Math.abs(start * grid - Math.round(start * grid)) / grid;
}
