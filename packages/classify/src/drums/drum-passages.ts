import { createMeterMap, type Rng, type Score, scoreEndTick, sliceScore } from '@attune/core';

/** Bars of the shortest and of the longest passage. */
const LEAST_BARS = 4;
const MOST_BARS = 15;

/**
 * Passages of 4 to 15 whole bars from random places of a score, `count` of them; none of a score of fewer than eight bars, which is a
 * passage itself. A drum style holds in any part of a take, so that passages are more to learn from. Deterministic in rng.
 */
export function drawPassages(score: Score, count: number, rng: Rng): Score[] {
  const meters = createMeterMap(score);
  const bars = meters.barAt(scoreEndTick(score)).bar;
  if (bars < 2 * LEAST_BARS) return [];
  const longest = Math.min(MOST_BARS, bars - 1);
  return Array.from({ length: count }, () => {
    const length = LEAST_BARS + rng.integer(longest - LEAST_BARS + 1);
    const first = rng.integer(bars - length + 1);
    return sliceScore(score, meters.barStart(first), meters.barStart(first + length), { sustained: 'cut' });
  });
}
