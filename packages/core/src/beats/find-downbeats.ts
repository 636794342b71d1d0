import { BEAT_EVIDENCE, type BeatEvidence } from './beat-evidence.ts';

export interface DownbeatWeights {
  /** [BEAT_EVIDENCE]: log-odds of a bar line for a unit of each kind of evidence. */
  readonly evidence: readonly number[];
  /** Log-odds of a bar line where all evidence is 0. */
  readonly bias: number;
  /** Nats for a bar of so many beats. */
  readonly bars: Readonly<Record<2 | 3 | 4, number>>;
  /** Nats for a change of the bar's length from one bar to the next. */
  readonly change: number;
}

const LENGTHS = [2, 3, 4] as const;

/** [beats]: log-odds that a bar begins at each beat, by the evidence there alone. */
export function downbeatOdds(evidence: BeatEvidence, weights: DownbeatWeights): Float64Array {
  return evidence.strength.map((_, b) =>
    BEAT_EVIDENCE.reduce((sum, name, i) => sum + weights.evidence[i]! * evidence[name][b]!, weights.bias),
  );
}

/**
 * Indices of the beats that begin bars: the division of the beats into bars of two, three or four (the first and last
 * may be cut) with the greatest sum of log-odds at bar lines, less the cost of unusual bars and of changes of length
 * (Viterbi over the last bar's length).
 */
export function findDownbeats(odds: Float64Array, weights: DownbeatWeights): number[] {
  const count = odds.length;
  const best = LENGTHS.map(() => new Float64Array(count).fill(-Infinity)); // [lengths][beats]: a bar of that length ends here
  const from = LENGTHS.map(() => new Int32Array(count).fill(-1));
  const longest = LENGTHS.at(-1)!;
  for (let b = 0; b < count; b++) {
    LENGTHS.forEach((length, i) => {
      if (b < longest) best[i]![b] = odds[b]!; // first bar line; nothing before it
      if (b < length) return;
      LENGTHS.forEach((_, j) => {
        const score =
          best[j]![b - length]! + odds[b]! + weights.bars[length] - (i === j ? 0 : weights.change);
        if (score > best[i]![b]!) {
          best[i]![b] = score;
          from[i]![b] = j;
        }
      });
    });
  }
  let [length, last] = [0, -1];
  for (let b = Math.max(0, count - longest); b < count; b++) {
    LENGTHS.forEach((_, i) => {
      if (last < 0 || best[i]![b]! > best[length]![last]!) [length, last] = [i, b];
    });
  }
  const downbeats: number[] = [];
  for (let b = last, i = length; b >= 0;) {
    downbeats.push(b);
    const before = from[i]![b]!;
    if (before < 0) break;
    b -= LENGTHS[i]!;
    i = before;
  }
  return downbeats.reverse();
}
