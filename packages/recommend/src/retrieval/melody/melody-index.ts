import { AttuneError } from '@attune/core';
import { alignMelodies, type Alignment } from './align-melodies.ts';
import { chooseByRuns } from './choose-by-runs.ts';
import { movesOf, type Melody } from './melody.ts';
import { packMoves, roundRatios, unpackMoves, type PackedMoves } from './packed-moves.ts';

/** A melody in which the query was found. */
export interface MelodyMatch extends Alignment {
  readonly id: string;
}

/** Melodies that can be searched by humming, tapping or an excerpt. */
export interface MelodyIndex {
  readonly size: number;
  /**
   * The `take` melodies that hold something like `query`, best first; transposition and tempo do not matter. `candidates`:
   * how many are aligned, chosen by the runs of moves that they share with the query (Infinity aligns all; if left out 400,
   * of a tapped query 2,000, as rhythm alone tells less).
   * @throws `argument/invalid` for a query of under three notes, or as `movesOf`.
   */
  find(query: Melody, take: number, candidates?: number): MelodyMatch[];
}

const CANDIDATES = 400;
const TAPPED_CANDIDATES = 2_000;
const LEAST_NOTES = 3;

/**
 * Melodies packed for searching, two bytes a note (`packMoves`). Melodies under three notes are never found.
 * @throws `argument/invalid` as `movesOf`.
 */
export function createMelodyIndex(
  melodies: Iterable<{ readonly id: string; readonly melody: Melody }>,
): MelodyIndex {
  const ids: string[] = [];
  const all: PackedMoves[] = [];
  for (const { id, melody } of melodies) {
    ids.push(id);
    all.push(packMoves(movesOf(melody)));
  }
  return {
    size: ids.length,
    find: (query, take, candidates) => findMelody(query, ids, all, take, candidates),
  };
}

/** `MelodyIndex.find` among `melodies`, whose names are `ids` (as many). */
export function findMelody(
  query: Melody,
  ids: readonly string[],
  melodies: readonly PackedMoves[],
  take: number,
  candidates = query.pitches ? CANDIDATES : TAPPED_CANDIDATES,
): MelodyMatch[] {
  const moves = roundRatios(movesOf(query));
  if (moves.ratios.length < LEAST_NOTES - 1) {
    throw new AttuneError(
      'argument/invalid',
      `A melody is searched by at least ${LEAST_NOTES} notes, not ${query.onsets.length}.`,
      { notes: query.onsets.length },
    );
  }
  const scored = Array.from(chooseByRuns(moves, melodies, Math.max(take, candidates)), (i) => ({
    id: ids[i]!,
    ...alignMelodies(moves, unpackMoves(melodies[i]!)),
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, take);
}
