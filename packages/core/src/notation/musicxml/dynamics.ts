import type { Tick } from '../../foundation/units.ts';
import type { Note } from '../../score/score.ts';
import type { Bar } from './bars.ts';

const LEVELS = [
  ['ppp', 16],
  ['pp', 33],
  ['p', 49],
  ['mp', 64],
  ['mf', 80],
  ['f', 96],
  ['ff', 112],
  ['fff', 126],
] as const;
export type DynamicMark = (typeof LEVELS)[number][0];

/** A mark stays for at least this many bars, and gives way only to a mean velocity this far from its own. */
const LEAST_BARS = 2;
const HYSTERESIS_VELOCITY = 12;

/** Sparse dynamics: one mark where the part enters, then where the mean velocity of two bars has clearly moved. */
export function dynamicsOf(notes: readonly Note[], bars: readonly Bar[]): Map<number, DynamicMark> {
  const marks = new Map<number, DynamicMark>();
  let current: (typeof LEVELS)[number] | undefined;
  let marked = -Infinity;
  let at = 0;
  const sums = bars.map((bar) => {
    let [sum, count] = [0, 0];
    for (; at < notes.length && notes[at]!.start < endOf(bar); at++, count++) sum += notes[at]!.velocity;
    return { sum, count };
  });
  for (let i = 0; i < bars.length; i++) {
    const here = sums[i]!;
    if (here.count === 0) continue;
    const next = sums[i + 1] ?? { sum: 0, count: 0 };
    const mean = (here.sum + next.sum) / (here.count + next.count);
    if (current && (i - marked < LEAST_BARS || Math.abs(mean - current[1]) < HYSTERESIS_VELOCITY)) continue;
    const level = LEVELS.reduce((a, b) => (Math.abs(b[1] - mean) < Math.abs(a[1] - mean) ? b : a));
    if (level === current) continue;
    current = level;
    marked = i;
    marks.set(i, level[0]);
  }
  return marks;
}

function endOf(bar: Bar): Tick {
  return bar.start + bar.length;
}
