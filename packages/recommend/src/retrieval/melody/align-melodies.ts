import type { MelodyMoves } from './melody.ts';

/** The best place of a query in a melody. */
export interface Alignment {
  /** 0 … 1: 1 where every move of the query is found as it is. */
  readonly score: number;
  /** First and last note of the place in the melody; −1 where nothing is alike. */
  readonly from: number;
  readonly to: number;
}

/** What a misfit of one semitone takes from the 1 that a move is worth, and, of taps, a factor two in rhythm. */
const STEP_COST = 0.9;
const TAP_COST = 2;
const MOST_COST = 2;
/** What a factor two in rhythm takes beside pitch, and the most that rhythm may take there. */
const RATIO_COST = 0.35;
const MOST_RATIO_COST = 0.5;
/** For a note too many or too few, and for a wrong note, where the notes around them fit. */
const NOTE_COST = 0.9;
const WRONG_COST = 1;

/**
 * Local alignment (Smith & Waterman 1981) of two melodies move by move. Beside one move for one move, one may stand for two
 * (a note was left out or put in) and two for two whose sum is the same (a wrong note), after the consolidations of Mongeau &
 * Sankoff (1990), so that one wrong note costs once, not twice. `query` and `target` as of `movesOf`; where either has no
 * pitches, rhythm alone counts. O(query · target).
 */
export function alignMelodies(query: MelodyMoves, target: MelodyMoves): Alignment {
  const n = query.ratios.length;
  const m = target.ratios.length;
  if (n === 0 || m === 0) return NOTHING;
  const isPitched = query.steps !== undefined && target.steps !== undefined;
  const q = isPitched ? query.steps : query.ratios;
  const t = isPitched ? target.steps : target.ratios;
  const cost = isPitched ? STEP_COST : TAP_COST;
  const ratioCost = isPitched ? RATIO_COST : 0;
  const width = m + 1;
  const scores = new Float64Array((n + 1) * width);
  const begins = new Int32Array((n + 1) * width); // first note of the best way to here
  let best = 0;
  let end = 0;
  for (let i = 1; i <= n; i++) {
    const step = q[i - 1]!;
    const ratio = query.ratios[i - 1]!;
    const two = i > 1 ? step + q[i - 2]! : 0;
    const isFree = !isPitched && i === 1; // a tap has no ratio before the second move
    for (let j = 1; j <= m; j++) {
      const at = i * width + j;
      const other = t[j - 1]!;
      const otherTwo = j > 1 ? other + t[j - 2]! : 0;
      const rhythm =
        i > 1 && j > 1 ? Math.min(MOST_RATIO_COST, ratioCost * Math.abs(ratio - target.ratios[j - 1]!)) : 0;
      let from = at - width - 1;
      let score =
        scores[from]! + 1 - (isFree ? 0 : Math.min(MOST_COST, cost * Math.abs(step - other))) - rhythm;
      if (j > 1) {
        const tried =
          scores[at - width - 2]! + 1 - NOTE_COST - Math.min(MOST_COST, cost * Math.abs(step - otherTwo));
        if (tried > score) [score, from] = [tried, at - width - 2];
      }
      if (i > 1) {
        const tried =
          scores[at - 2 * width - 1]! + 1 - NOTE_COST - Math.min(MOST_COST, cost * Math.abs(two - other));
        if (tried > score) [score, from] = [tried, at - 2 * width - 1];
      }
      if (i > 1 && j > 1) {
        const tried =
          scores[at - 2 * width - 2]! + 2 - WRONG_COST - Math.min(MOST_COST, cost * Math.abs(two - otherTwo));
        if (tried > score) [score, from] = [tried, at - 2 * width - 2];
      }
      if (score <= 0) continue;
      scores[at] = score;
      begins[at] = scores[from]! > 0 ? begins[from]! : from % width;
      if (score > best) [best, end] = [score, at];
    }
  }
  return best === 0 ? NOTHING : { score: best / n, from: begins[end]!, to: end % width };
}

const NOTHING: Alignment = { score: 0, from: -1, to: -1 };
