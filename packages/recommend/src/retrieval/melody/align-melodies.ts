import type { MelodyMoves } from './melody.ts';

/** The best place of a query in a melody. */
export interface Alignment {
  /** 0 … 1: 1 where every move of the query is found as it is. */
  readonly score: number;
  /** First and last note of the place in the melody; −1 where nothing is alike. */
  readonly from: number;
  readonly to: number;
}

/** How much a misfit of one semitone, and of a factor two in rhythm, takes from the 1 that a move is worth. */
const STEP_COST = 0.9;
const RATIO_COST = 0.35;
const MOST_STEP_COST = 2;
const MOST_RATIO_COST = 0.5;
/** For a note too many or too few, and for a wrong note, where the notes around them fit. */
const NOTE_COST = 0.9;
const WRONG_COST = 1;

/**
 * Local alignment (Smith & Waterman 1981) of two melodies move by move. Beside one move for one move, one may stand for two (a note
 * was left out or put in) and two for two whose sum is the same (a wrong note), after the consolidations of Mongeau &
 * Sankoff (1990), so that one wrong note costs once, not twice. `query` and `target` as of `movesOf`; where either has no
 * pitches, rhythm alone counts. O(query · target).
 */
export function alignMelodies(query: MelodyMoves, target: MelodyMoves): Alignment {
  const n = query.ratios.length;
  const m = target.ratios.length;
  if (n === 0 || m === 0) return { score: 0, from: -1, to: -1 };
  const fit =
    query.steps && target.steps
      ? pitchFit(query, target, query.steps, target.steps)
      : rhythmFit(query, target);
  const width = m + 1;
  const scores = new Float64Array((n + 1) * width);
  const begins = new Int32Array((n + 1) * width);
  for (let j = 0; j <= m; j++) begins[j] = j;
  let best = 0;
  let end = 0;
  for (let i = 1; i <= n; i++) {
    begins[i * width] = 0;
    for (let j = 1; j <= m; j++) {
      const at = i * width + j;
      let score = 0;
      let begin = j;
      const take = (from: number, gain: number): void => {
        if (scores[from]! + gain <= score) return;
        score = scores[from]! + gain;
        begin = begins[from]!;
      };
      take(at - width - 1, fit.one(i - 1, j - 1));
      if (j > 1) take(at - width - 2, fit.oneForTwo(i - 1, j - 1));
      if (i > 1) take(at - 2 * width - 1, fit.twoForOne(i - 1, j - 1));
      if (i > 1 && j > 1) take(at - 2 * width - 2, fit.two(i - 1, j - 1));
      scores[at] = score;
      begins[at] = begin;
      if (score > best) [best, end] = [score, at];
    }
  }
  if (best === 0) return { score: 0, from: -1, to: -1 };
  return { score: best / n, from: begins[end]!, to: end % width };
}

/** What moves that end at i and j are worth together. */
interface Fit {
  one(i: number, j: number): number;
  oneForTwo(i: number, j: number): number;
  twoForOne(i: number, j: number): number;
  two(i: number, j: number): number;
}

function pitchFit(query: MelodyMoves, target: MelodyMoves, q: Float64Array, t: Float64Array): Fit {
  const step = (difference: number): number => Math.min(MOST_STEP_COST, STEP_COST * Math.abs(difference));
  const ratio = (i: number, j: number): number =>
    i === 0 || j === 0
      ? 0
      : Math.min(MOST_RATIO_COST, RATIO_COST * Math.abs(query.ratios[i]! - target.ratios[j]!));
  return {
    one: (i, j) => 1 - step(q[i]! - t[j]!) - ratio(i, j),
    oneForTwo: (i, j) => 1 - NOTE_COST - step(q[i]! - t[j]! - t[j - 1]!),
    twoForOne: (i, j) => 2 - NOTE_COST - 1 - step(q[i]! + q[i - 1]! - t[j]!),
    two: (i, j) => 2 - WRONG_COST - step(q[i]! + q[i - 1]! - t[j]! - t[j - 1]!),
  };
}

/** Taps: a ratio is known from the second move on; a wrong tap changes two ratios whose sum stays nearly the same. */
function rhythmFit(query: MelodyMoves, target: MelodyMoves): Fit {
  const q = query.ratios;
  const t = target.ratios;
  const cost = (difference: number): number => Math.min(2, 2 * Math.abs(difference));
  return {
    one: (i, j) => (i === 0 ? 1 : 1 - cost(q[i]! - t[j]!)),
    oneForTwo: (i, j) => 1 - NOTE_COST - cost(q[i]! - t[j]! - t[j - 1]!),
    twoForOne: (i, j) => 1 - NOTE_COST - cost(q[i]! + q[i - 1]! - t[j]!),
    two: (i, j) => 2 - WRONG_COST - cost(q[i]! + q[i - 1]! - t[j]! - t[j - 1]!),
  };
}
