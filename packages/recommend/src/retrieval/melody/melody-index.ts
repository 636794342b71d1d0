import { AttuneError } from '@attune/core';
import { topK } from '../top-k.ts';
import { alignMelodies, type Alignment } from './align-melodies.ts';
import { movesOf, type Melody, type MelodyMoves } from './melody.ts';

/** A melody in which the query was found. */
export interface MelodyMatch extends Alignment {
  readonly id: string;
}

/** Melodies that can be searched by humming, tapping or an excerpt. */
export interface MelodyIndex {
  readonly size: number;
  /**
   * The `take` melodies that hold something like `query`, best first; transposition and tempo do not matter. `candidates`:
   * how many are aligned, chosen by the runs of moves that they share with the query (400 if left out; Infinity aligns all,
   * as a tapped query always does).
   * @throws `argument/invalid` for a query of under three notes, or as `movesOf`.
   */
  find(query: Melody, take: number, candidates?: number): MelodyMatch[];
}

const DEFAULT_CANDIDATES = 400;
const LEAST_NOTES = 3;
/** Moves in a run: short ones survive errors, long ones tell melodies apart. */
const RUNS = [2, 3, 4];
/** Semitones are kept within this range, so that a run of four fits one number. */
const WIDEST_STEP = 15;

/**
 * An index over melodies by their runs of two to four steps in semitones (n-grams, as Downie 1999; Doraisamy & Rüger 2003),
 * weighed by how rare a run is; candidates are then aligned (`alignMelodies`). Melodies under three notes are never found.
 * @throws `argument/invalid` as `movesOf`.
 */
export function createMelodyIndex(
  melodies: Iterable<{ readonly id: string; readonly melody: Melody }>,
): MelodyIndex {
  const ids: string[] = [];
  const all: MelodyMoves[] = [];
  const postings = new Map<number, number[]>();
  for (const { id, melody } of melodies) {
    const moves = movesOf(melody);
    for (const run of runsOf(moves)) {
      const list = postings.get(run);
      if (list) list.push(ids.length);
      else postings.set(run, [ids.length]);
    }
    ids.push(id);
    all.push(moves);
  }

  const choose = (query: MelodyMoves, most: number): Iterable<number> => {
    if (!query.steps || most >= ids.length) return ids.keys();
    const votes = new Float64Array(ids.length);
    for (const run of runsOf(query)) {
      const list = postings.get(run) ?? [];
      const weight = Math.log(ids.length / list.length);
      for (const melody of list) votes[melody]! += weight;
    }
    return topK(votes, Math.max(1, most)).rows;
  };

  return {
    size: ids.length,
    find(query, take, candidates = DEFAULT_CANDIDATES) {
      const moves = movesOf(query);
      if (moves.ratios.length < LEAST_NOTES - 1) {
        throw new AttuneError(
          'argument/invalid',
          `A melody is searched by at least ${LEAST_NOTES} notes, not ${query.onsets.length}.`,
          { notes: query.onsets.length },
        );
      }
      const scored: MelodyMatch[] = [];
      for (const melody of choose(moves, Math.max(take, candidates))) {
        scored.push({ id: ids[melody]!, ...alignMelodies(moves, all[melody]!) });
      }
      return scored
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
        .slice(0, take);
    },
  };
}

/** Each different run once, as a number that tells length and steps. */
function runsOf({ steps }: MelodyMoves): Set<number> {
  const runs = new Set<number>();
  if (!steps) return runs;
  const code = (i: number): number =>
    Math.max(-WIDEST_STEP, Math.min(WIDEST_STEP, Math.round(steps[i]!))) + WIDEST_STEP + 1;
  for (const length of RUNS) {
    for (let i = 0; i + length <= steps.length; i++) {
      let run = 0;
      for (let k = 0; k < length; k++) run = run * 32 + code(i + k);
      runs.add(run);
    }
  }
  return runs;
}
