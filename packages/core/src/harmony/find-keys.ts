import { AttuneError } from '../foundation/errors.ts';
import type { PitchClass, Tick } from '../foundation/units.ts';
import { findKeyOfHistogram } from '../score/find-key.ts';
import type { Score } from '../score/score.ts';
import { gatherEvidence } from './harmonic-evidence.ts';
import { divideHarmonically } from './harmonic-grid.ts';

/** The key in force from `start` up to, not including, `end`. */
export interface KeySpan {
  readonly start: Tick;
  readonly end: Tick;
  readonly tonic: PitchClass;
  readonly mode: 'major' | 'minor';
}

/** How readily a modulation is heard. */
export interface FindKeysOptions {
  /** Bars whose notes speak for the key of the bar in their middle; odd, 5 by default. */
  readonly windowBars?: number;
  /** Cost of a modulation, in units of one bar's correlation; Infinity allows none. 8 by default (see docs/measurements/score-analysis.md). */
  readonly modulationCost?: number;
}

const KEYS = 24;

/**
 * Keys along a piece: for every bar the Krumhansl–Schmuckler correlations (as `findKey`) of the notes in a window around
 * it, then the path through the 24 keys with the greatest sum of correlations less `modulationCost` for each change
 * (Viterbi; after Temperley 1999, "What's key for key?", with correlations for scores). Empty where no bar has a key.
 * @throws `argument/invalid` above 50,000 bars, or for an even window or a negative cost.
 */
export function findKeys(
  score: Pick<Score, 'ticksPerQuarter' | 'meters' | 'tracks'>,
  options: FindKeysOptions = {},
): KeySpan[] {
  const { windowBars = 5, modulationCost = 8 } = options;
  if (!Number.isInteger(windowBars) || windowBars < 1 || windowBars % 2 === 0 || !(modulationCost >= 0)) {
    const message = `A window of ${windowBars} bars (odd, from 1) and a cost of ${modulationCost} (from 0) cannot find keys.`;
    throw new AttuneError('argument/invalid', message, { windowBars, modulationCost });
  }
  const bars = divideHarmonically(score, 'bar');
  const durations = gatherEvidence(score, bars).map(({ sounding }, i) =>
    sounding.map((share) => share * (bars[i]!.end - bars[i]!.start)),
  );
  const correlations = durations.map((_, bar) => correlationsAround(durations, bar, (windowBars - 1) / 2));
  if (correlations.every((bar) => bar.every((value) => value === 0))) return [];
  const path = bestPath(correlations, modulationCost);
  return joinEqual(
    path,
    (bar) => bars[bar]!.start,
    (bar) => bars[bar]!.end,
  );
}

/** [24]: correlation with C major … B major, C minor … B minor; all 0 where there is nothing to correlate. */
function correlationsAround(durations: readonly Float64Array[], bar: number, reach: number): Float64Array {
  const weights = new Float64Array(12);
  for (let i = Math.max(0, bar - reach); i <= Math.min(durations.length - 1, bar + reach); i++) {
    for (let pitchClass = 0; pitchClass < 12; pitchClass++)
      weights[pitchClass]! += durations[i]![pitchClass]!;
  }
  const correlations = new Float64Array(KEYS);
  for (const { tonic, mode, correlation } of findKeyOfHistogram(weights)?.ranking ?? []) {
    correlations[mode === 'major' ? tonic : 12 + tonic] = correlation;
  }
  return correlations;
}

/** [bars]: key indices of the path with the greatest sum, `cost` off for each change. */
function bestPath(scores: readonly Float64Array[], cost: number): number[] {
  let best = scores[0]!.slice();
  const cameFrom: Int32Array[] = [];
  for (const bar of scores.slice(1)) {
    const leader = best.indexOf(Math.max(...best));
    const from = Int32Array.from({ length: KEYS }, (_, key) =>
      best[leader]! - cost > best[key]! ? leader : key,
    );
    best = bar.map((value, key) => value + (from[key] === key ? best[key]! : best[leader]! - cost));
    cameFrom.push(from);
  }
  const path = [best.indexOf(Math.max(...best))];
  for (let i = cameFrom.length - 1; i >= 0; i--) path.push(cameFrom[i]![path.at(-1)!]!);
  return path.reverse();
}

function joinEqual(
  path: readonly number[],
  start: (bar: number) => Tick,
  end: (bar: number) => Tick,
): KeySpan[] {
  const spans: KeySpan[] = [];
  path.forEach((key, bar) => {
    if (bar > 0 && path[bar - 1] === key) spans[spans.length - 1] = { ...spans.at(-1)!, end: end(bar) };
    else
      spans.push({ start: start(bar), end: end(bar), tonic: key % 12, mode: key < 12 ? 'major' : 'minor' });
  });
  return spans;
}
