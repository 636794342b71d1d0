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
  // Of the table [n + 1, m + 1] three rows are enough; each holds scores and the first notes of the best ways to there.
  const width = m + 1;
  let [row, row1, row2] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  let [begin, begin1, begin2] = [new Int32Array(width), new Int32Array(width), new Int32Array(width)];
  let best = 0;
  let from = -1;
  let to = -1;
  for (let i = 1; i <= n; i++) {
    const step = q[i - 1]!;
    const ratio = query.ratios[i - 1]!;
    const two = i > 1 ? step + q[i - 2]! : 0;
    const isFree = !isPitched && i === 1; // a tap has no ratio before the second move
    for (let j = 1; j <= m; j++) {
      const other = t[j - 1]!;
      const rhythm =
        i > 1 && j > 1 ? Math.min(MOST_RATIO_COST, ratioCost * Math.abs(ratio - target.ratios[j - 1]!)) : 0;
      let isTwoBack = false;
      let at = j - 1;
      let score = row1[at]! + 1 - (isFree ? 0 : Math.min(MOST_COST, cost * Math.abs(step - other))) - rhythm;
      if (j > 1) {
        const otherTwo = other + t[j - 2]!;
        const tried = row1[j - 2]! + 1 - NOTE_COST - Math.min(MOST_COST, cost * Math.abs(step - otherTwo));
        if (tried > score) {
          score = tried;
          at = j - 2;
        }
        if (i > 1) {
          const wrong = row2[j - 2]! + 2 - WRONG_COST - Math.min(MOST_COST, cost * Math.abs(two - otherTwo));
          if (wrong > score) {
            score = wrong;
            at = j - 2;
            isTwoBack = true;
          }
        }
      }
      if (i > 1) {
        const tried = row2[j - 1]! + 1 - NOTE_COST - Math.min(MOST_COST, cost * Math.abs(two - other));
        if (tried > score) {
          score = tried;
          at = j - 1;
          isTwoBack = true;
        }
      }
      if (!(score > 0)) {
        row[j] = 0;
        continue;
      }
      row[j] = score;
      const before = isTwoBack ? row2[at]! : row1[at]!;
      begin[j] = before > 0 ? (isTwoBack ? begin2[at]! : begin1[at]!) : at;
      if (score > best) {
        best = score;
        from = begin[j]!;
        to = j;
      }
    }
    [row, row1, row2] = [row2, row, row1];
    [begin, begin1, begin2] = [begin2, begin, begin1];
  }
  return best === 0 ? NOTHING : { score: best / n, from, to };
}

const NOTHING: Alignment = { score: 0, from: -1, to: -1 };
