import { selectTop } from '../../models/top-k.ts';
import type { MelodyMoves } from './melody.ts';
import type { PackedMoves } from './packed-moves.ts';

/** Moves in a run, from two to four: short ones survive errors, long ones tell melodies apart. */
const LONGEST_RUN = 4;
/** Semitones are kept within this range, so that a step is one of 31 digits and a run of four fits 20 bits. */
const WIDEST_STEP = 15;
const DIGITS = 32;

/**
 * Numbers of the `most` melodies that share most with `query` by their runs of two to four steps in semitones (n-grams, as
 * Downie 1999; Doraisamy & Rüger 2003), each different run counted once and weighed by how rare it is. Nothing is kept beside
 * the melodies: each is gone through twice, some nanoseconds a note. Without pitches in the query all are chosen.
 */
export function chooseByRuns(
  query: MelodyMoves,
  melodies: readonly PackedMoves[],
  most: number,
): Uint32Array {
  if (!query.steps || most >= melodies.length) return Uint32Array.from(melodies.keys());
  const numbers = new Uint32Array(DIGITS ** LONGEST_RUN); // number of each run of the query by its code, 0: not in it
  let runs = 0;
  const digits = Array.from(query.steps, digitOf);
  for (let length = 2; length <= LONGEST_RUN; length++) {
    for (let i = 0; i + length <= digits.length; i++) {
      const code = digits.slice(i, i + length).reduce((sum, digit) => sum * DIGITS + digit, 0);
      if (numbers[code] === 0) numbers[code] = ++runs;
    }
  }
  const holders = new Float64Array(runs + 1);
  visitRuns(numbers, runs, melodies, (_, run) => {
    holders[run]!++;
  });
  const weights = holders.map((count) => (count === 0 ? 0 : Math.log(melodies.length / count)));
  const votes = new Float64Array(melodies.length);
  visitRuns(numbers, runs, melodies, (melody, run) => {
    votes[melody]! += weights[run]!;
  });
  return selectTop(votes, Math.max(1, most));
}

/** Each run of the query that a melody has, once a melody. The end of a run of the query is one, too: most steps are passed soon. */
function visitRuns(
  numbers: Uint32Array,
  runs: number,
  melodies: readonly PackedMoves[],
  visit: (melody: number, run: number) => void,
): void {
  const seen = new Int32Array(runs + 1).fill(-1); // last melody that each run was met in
  const meet = (melody: number, run: number): void => {
    if (seen[run] === melody) return;
    seen[run] = melody;
    visit(melody, run);
  };
  for (let melody = 0; melody < melodies.length; melody++) {
    const { steps } = melodies[melody]!;
    if (!steps) continue;
    let [c, b, a] = [0, 0, 0]; // digits of the three steps before; 0: none, which makes the code of the shorter run
    for (let j = 0; j < steps.length; j++) {
      const digit = digitOf(steps[j]!);
      const two = numbers[a * DIGITS + digit]!;
      if (two !== 0 && j > 0) {
        meet(melody, two);
        const three = numbers[(b * DIGITS + a) * DIGITS + digit]!;
        if (three !== 0) {
          meet(melody, three);
          const four = numbers[((c * DIGITS + b) * DIGITS + a) * DIGITS + digit]!;
          if (four !== 0) meet(melody, four);
        }
      }
      [c, b, a] = [b, a, digit];
    }
  }
}

function digitOf(step: number): number {
  return Math.max(-WIDEST_STEP, Math.min(WIDEST_STEP, Math.round(step))) + WIDEST_STEP + 1;
}
