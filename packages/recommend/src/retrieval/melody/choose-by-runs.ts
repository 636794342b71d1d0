import { selectTop } from '../../algebra/select-top.ts';
import type { MelodyMoves } from './melody.ts';
import { RATIO_PARTS, type PackedMoves } from './packed-moves.ts';

/** Moves in a run, from two to four: short ones survive errors, long ones tell melodies apart. */
const LONGEST_RUN = 4;
/** Semitones are kept within this range, so that a step is one of 31 digits and a run of four fits 20 bits. */
const WIDEST_STEP = 15;
const DIGITS = 32;
/** Log₂ of ratios of time fall into classes here: a tap that is uneven stays in the class of what was meant. */
const RATIO_BOUNDS = [-1.3, -0.3, 0.3, 1.3];
const RATIO_CLASSES = RATIO_BOUNDS.length + 1;

/** Puts the digits of a melody into a buffer that is long enough, and says how many they are. */
type ReadDigits = (melody: PackedMoves, into: Uint8Array) => number;

/**
 * Numbers of the `most` melodies that share most with `query` by their runs of two to four steps in semitones (n-grams, as
 * Downie 1999; Doraisamy & Rüger 2003), each different run counted once and weighed by how rare it is. What is tapped has no
 * steps: its runs are of pairs of ratios of time, in five classes. Nothing is kept beside the melodies: each is gone through
 * twice, some nanoseconds a note.
 */
export function chooseByRuns(
  query: MelodyMoves,
  melodies: readonly PackedMoves[],
  most: number,
): Uint32Array {
  if (most >= melodies.length) return Uint32Array.from(melodies.keys());
  const numbers = new Uint32Array(DIGITS ** LONGEST_RUN); // number of each run of the query by its code, 0: not in it
  let runs = 0;
  const digits = query.steps ? Array.from(query.steps, stepDigit) : rhythmDigits(query.ratios);
  for (let length = 2; length <= LONGEST_RUN; length++) {
    for (let i = 0; i + length <= digits.length; i++) {
      const code = digits.slice(i, i + length).reduce((sum, digit) => sum * DIGITS + digit, 0);
      if (numbers[code] === 0) numbers[code] = ++runs;
    }
  }
  const read = query.steps ? readSteps : readRhythm;
  const holders = new Float64Array(runs + 1);
  visitRuns(numbers, runs, melodies, read, (_, run) => {
    holders[run]!++;
  });
  const weights = holders.map((count) => (count === 0 ? 0 : Math.log(melodies.length / count)));
  const votes = new Float64Array(melodies.length);
  visitRuns(numbers, runs, melodies, read, (melody, run) => {
    votes[melody]! += weights[run]!;
  });
  return selectTop(votes, Math.max(1, most));
}

/** Each run of the query that a melody has, once a melody. The end of a run of the query is one, too: most places are passed soon. */
function visitRuns(
  numbers: Uint32Array,
  runs: number,
  melodies: readonly PackedMoves[],
  read: ReadDigits,
  visit: (melody: number, run: number) => void,
): void {
  const seen = new Int32Array(runs + 1).fill(-1); // last melody that each run was met in
  const meet = (melody: number, run: number): void => {
    if (seen[run] === melody) return;
    seen[run] = melody;
    visit(melody, run);
  };
  const digits = new Uint8Array(melodies.reduce((most, { ratios }) => Math.max(most, ratios.length), 0));
  for (let melody = 0; melody < melodies.length; melody++) {
    const count = read(melodies[melody]!, digits);
    let [c, b, a] = [0, 0, 0]; // the three digits before; 0: none, which makes the code of the shorter run
    for (let j = 0; j < count; j++) {
      const digit = digits[j]!;
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
      c = b;
      b = a;
      a = digit;
    }
  }
}

function readSteps({ steps }: PackedMoves, into: Uint8Array): number {
  if (!steps) return 0;
  for (let j = 0; j < steps.length; j++) into[j] = stepDigit(steps[j]!);
  return steps.length;
}

function readRhythm({ ratios }: PackedMoves, into: Uint8Array): number {
  let before = 0;
  for (let j = 1; j < ratios.length; j++) {
    const ratio = PACKED_CLASSES[ratios[j]! + 128]!;
    if (j > 1) into[j - 2] = pairDigit(before, ratio);
    before = ratio;
  }
  return Math.max(0, ratios.length - 2);
}

function stepDigit(step: number): number {
  return Math.max(-WIDEST_STEP, Math.min(WIDEST_STEP, Math.round(step))) + WIDEST_STEP + 1;
}

/** A digit for each two neighbouring ratios; the first move has none. */
function rhythmDigits(ratios: Float64Array): number[] {
  const classes = Array.from(ratios.subarray(1), ratioClass);
  return classes.slice(1).map((ratio, i) => pairDigit(classes[i]!, ratio));
}

function pairDigit(before: number, ratio: number): number {
  return before * RATIO_CLASSES + ratio + 1;
}

function ratioClass(ratio: number): number {
  return RATIO_BOUNDS.filter((bound) => ratio > bound).length;
}

/** [256]: class of each packed ratio, plus 128. */
const PACKED_CLASSES = Uint8Array.from({ length: 256 }, (_, i) => ratioClass((i - 128) / RATIO_PARTS));
