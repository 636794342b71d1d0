import type { Second } from '../foundation/units.ts';
import { CURVE_RATE, type OnsetCurve } from './onset-curve.ts';

/**
 * The sequence of beats that gathers the most onset strength while its intervals stay near `period`: Ellis (2007), eq. 5:
 * C(t) = O(t) + max over τ of C(t − τ) − tightness · ln²(τ / period), τ from period / 1.5 to 1.5 period. The last
 * beat is the best end in the last period of the curve; beats go back to the first that gains anything.
 * Returns seconds, ascending.
 */
export function followBeats(curve: OnsetCurve, period: Second, tightness: number): Second[] {
  const { strength } = curve;
  const length = strength.length;
  const frames = period * CURVE_RATE;
  const [shortest, longest] = [Math.max(1, Math.round(frames / 1.5)), Math.round(frames * 1.5)];
  const penalty = Float64Array.from(
    { length: longest + 1 },
    (_, lag) => tightness * Math.log(lag / frames) ** 2,
  );
  const total = new Float64Array(length);
  const from = new Int32Array(length).fill(-1);
  for (let t = 0; t < length; t++) {
    let [best, lagOfBest] = [0, 0]; // 0: a sequence may begin anywhere
    for (let lag = shortest; lag <= longest && lag <= t; lag++) {
      const score = total[t - lag]! - penalty[lag]!;
      if (score > best) [best, lagOfBest] = [score, lag];
    }
    total[t] = strength[t]! + best;
    if (lagOfBest > 0) from[t] = t - lagOfBest;
  }
  let last = length - 1;
  for (let t = Math.max(0, Math.floor(length - frames)); t < length; t++)
    if (total[t]! > total[last]!) last = t;
  const beats: Second[] = [];
  for (let t = last; t >= 0; t = from[t]!) beats.push(t / CURVE_RATE);
  return beats.reverse();
}
