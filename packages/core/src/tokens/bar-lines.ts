import type { Score } from '../score/score.ts';
import { STEPS_PER_QUARTER, barStepsOf } from './grid.ts';
import type { Meter } from './grid.ts';

/** How the bars of a score lie on the grid. */
export interface BarLines {
  readonly meter: Meter;
  readonly barSteps: number;
  /** Changes of meter after the start. */
  readonly changes: number;
  readonly addedSteps: number;
  /** Grid steps of silence put in before a step of the score. */
  silenceBefore(step: number): number;
}

/**
 * One meter for the whole piece. Sections in other meters keep their time; where the piece returns to its main
 * meter off a bar line, silence fills the bar (at the very start for a pickup), so that bars stay bars.
 */
export function barLines(score: Score): BarLines {
  const sections = meterSections(score);
  const lengths = new Map<string, number>();
  for (const { meter, start, end } of sections) {
    const name = `${meter.numerator}/${meter.denominator}`;
    lengths.set(name, (lengths.get(name) ?? 0) + (end - start));
  }
  const main = [...lengths].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  const isMain = (meter: Meter): boolean => `${meter.numerator}/${meter.denominator}` === main;
  const meter = sections.find((section) => isMain(section.meter))!.meter;
  const barSteps = barStepsOf(meter);
  const inserts: { step: number; total: number }[] = [];
  let total = 0;
  let first = true;
  for (const section of sections) {
    if (!isMain(section.meter)) continue;
    const missing = (barSteps - ((section.start + total) % barSteps)) % barSteps;
    if (missing > 0) inserts.push({ step: first ? 0 : section.start, total: (total += missing) });
    first = false;
  }
  return {
    meter,
    barSteps,
    changes: sections.length - 1,
    addedSteps: total,
    silenceBefore: (step) => inserts.findLast((insert) => insert.step <= step)?.total ?? 0,
  };
}

/** Stretches of one meter, in grid steps; the last one ends with the last note. */
function meterSections(score: Score): { meter: Meter; start: number; end: number }[] {
  const stepOf = (tick: number): number => Math.round((tick * STEPS_PER_QUARTER) / score.ticksPerQuarter);
  let lastTick = 0;
  for (const track of score.tracks) for (const note of track.notes) lastTick = Math.max(lastTick, note.start);
  const sections: { meter: Meter; start: number; end: number }[] = [];
  const open = (meter: Meter, start: number): void => {
    const last = sections.at(-1);
    if (last && last.start === start) sections.pop();
    else if (last) last.end = start;
    const before = sections.at(-1);
    if (
      before &&
      before.meter.numerator === meter.numerator &&
      before.meter.denominator === meter.denominator
    )
      return;
    sections.push({ meter, start, end: start });
  };
  open({ numerator: 4, denominator: 4 }, 0);
  for (const { tick, numerator, denominator } of score.meters) {
    if (tick <= lastTick || tick === 0) open({ numerator, denominator }, stepOf(tick));
  }
  sections.at(-1)!.end = Math.max(sections.at(-1)!.start + 1, stepOf(lastTick) + 1);
  return sections;
}
