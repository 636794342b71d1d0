import { AttuneError } from '@attune/core';
import { BAND_PARTS, type BandPart } from '../performance/band-parts.ts';
import { CELLS, PART_CELLS, STEPS_PER_QUARTER } from './band-roll.ts';

/** Sixteenths of a bar of 4/4. */
const BAR_STEPS = 16;
const PITCHED = ['melody', 'comping', 'pad', 'bass'] as const satisfies readonly BandPart[];
/** Pairs of parts whose harmonies are compared. */
const PAIRS = [
  ['melody', 'comping'],
  ['melody', 'bass'],
  ['comping', 'bass'],
  ['comping', 'pad'],
] as const satisfies readonly (readonly [BandPart, BandPart])[];

/**
 * The objective measures of MuseGAN (Dong, Hsiao, Yang & Yang 2018, section 5.2), over the bars of windows. Where our
 * roll differs from theirs (16 steps a bar, not 96) the variant is:
 *
 * - `EB part`: share of bars in which the part is silent.
 * - `UPC part`: pitch classes used in a bar, mean over bars in which the part sounds.
 * - `QN part`: share of notes that last an eighth or longer (there: a thirty-second); how little is fragmented.
 * - `DP drums`: share of drum strokes on an eighth (there: in an 8- or 16-beat pattern).
 * - `TD part–part`: distance of the tonal centroids (Harte, Sandler & Gasser 2006) of two parts' pitch classes in a
 *   bar, each weighted by the steps that it sounds; mean over bars in which both sound.
 */
export function bandMeasures(windows: readonly Uint8Array[]): Map<string, number> {
  if (windows.length === 0) throw new AttuneError('argument/invalid', 'There is no window to measure.');
  const bars = windows.flatMap((cells) =>
    Array.from({ length: cells.length / (BAR_STEPS * CELLS) }, (_, bar) =>
      cells.subarray(bar * BAR_STEPS * CELLS, (bar + 1) * BAR_STEPS * CELLS),
    ),
  );
  const measures = new Map<string, number>();
  for (const part of BAND_PARTS)
    measures.set(`EB ${part}`, mean(bars.map((bar) => (sounds(bar, part) ? 0 : 1))));
  for (const part of PITCHED) {
    const used = bars
      .filter((bar) => sounds(bar, part))
      .map((bar) => pitchClasses(bar, part).filter((n) => n > 0).length);
    measures.set(`UPC ${part}`, mean(used));
  }
  for (const part of PITCHED) {
    const lengths = windows.flatMap((cells) => noteLengths(cells, part));
    measures.set(`QN ${part}`, mean(lengths.map((steps) => (steps >= STEPS_PER_QUARTER / 2 ? 1 : 0))));
  }
  measures.set(
    'DP drums',
    mean(bars.flatMap((bar) => drumSteps(bar).map((step) => (step % 2 === 0 ? 1 : 0)))),
  );
  for (const [a, b] of PAIRS) {
    const both = bars.filter((bar) => sounds(bar, a) && sounds(bar, b));
    measures.set(
      `TD ${a}–${b}`,
      mean(both.map((bar) => tonalDistance(pitchClasses(bar, a), pitchClasses(bar, b)))),
    );
  }
  return measures;
}

/** Distance of the tonal centroids of two pitch-class profiles (12 weights each, not all 0): 0 … about 4. */
export function tonalDistance(a: readonly number[], b: readonly number[]): number {
  const [p, q] = [tonalCentroid(a), tonalCentroid(b)];
  return Math.hypot(...p.map((value, i) => value - q[i]!));
}

/** Harte et al. 2006, equations 1 and 2: circles of fifths, minor thirds and major thirds with radii 1, 1 and ½. */
function tonalCentroid(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + Math.abs(weight), 0);
  const centroid = new Array<number>(6).fill(0);
  weights.forEach((weight, pitchClass) => {
    [
      [(7 * Math.PI) / 6, 1],
      [(3 * Math.PI) / 2, 1],
      [(2 * Math.PI) / 3, 0.5],
    ].forEach(([angle, radius], i) => {
      centroid[2 * i]! += (weight / sum) * radius! * Math.sin(pitchClass * angle!);
      centroid[2 * i + 1]! += (weight / sum) * radius! * Math.cos(pitchClass * angle!);
    });
  });
  return centroid;
}

/** Steps that each pitch class of a part sounds in `cells` (any number of steps): 12 values. */
export function pitchClasses(cells: Uint8Array, part: Exclude<BandPart, 'drums'>): number[] {
  const { from, count, low } = PART_CELLS[part];
  const classes = new Array<number>(12).fill(0);
  for (let at = from; at < cells.length; at += CELLS) {
    for (let i = 0; i < count; i++) classes[(low + i) % 12]! += cells[at + i]!;
  }
  return classes;
}

/** Share of the cells of some parts in which two windows differ of those that are on in either: 0 … 1 (Jaccard). */
export function bandDistance(a: Uint8Array, b: Uint8Array, mask: Uint8Array): number {
  let either = 0;
  let differ = 0;
  for (let i = 0; i < a.length; i++) {
    if (mask[i % CELLS] === 0 || (a[i] === 0 && b[i] === 0)) continue;
    either++;
    if (a[i] !== b[i]) differ++;
  }
  return either === 0 ? 0 : differ / either;
}

function sounds(bar: Uint8Array, part: BandPart): boolean {
  const { from, count } = PART_CELLS[part];
  for (let at = from; at < bar.length; at += CELLS) {
    for (let i = 0; i < count; i++) if (bar[at + i] === 1) return true;
  }
  return false;
}

/** Lengths in steps of a part's notes; one that sounds beyond the window is as long as is seen of it. */
function noteLengths(cells: Uint8Array, part: BandPart): number[] {
  const { from, count, strike } = PART_CELLS[part];
  const lengths: number[] = [];
  for (let cell = 0; cell < count; cell++) {
    let length = 0;
    for (let at = 0; at < cells.length; at += CELLS) {
      const on = cells[at + from + cell] === 1;
      if (length > 0 && (!on || cells[at + strike] === 1)) {
        lengths.push(length);
        length = 0;
      }
      if (on) length++;
    }
    if (length > 0) lengths.push(length);
  }
  return lengths;
}

function drumSteps(bar: Uint8Array): number[] {
  const { from, count } = PART_CELLS.drums;
  const steps: number[] = [];
  for (let step = 0; step * CELLS < bar.length; step++) {
    for (let i = 0; i < count; i++) if (bar[step * CELLS + from + i] === 1) steps.push(step);
  }
  return steps;
}

/** NaN where there is nothing to average: a table then says so. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
