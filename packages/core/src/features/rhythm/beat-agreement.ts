import type { Second } from '../../foundation/units.ts';

/** How well two sequences of beats agree, each 0 … 1. */
export interface BeatAgreement {
  /** Harmonic mean of precision and recall, a beat being right within ±70 ms of one of the reference not yet used. */
  readonly fMeasure: number;
  /** CMLt: share of the reference's beats met in phase and interval (17.5 % of the reference's), at its own level. */
  readonly correctLevel: number;
  /** AMLt: the same, allowing the off-beats, double tempo, and half tempo on either beat; the best of them. */
  readonly allowedLevel: number;
}

const WINDOW: Second = 0.07;
const TOLERANCE = 0.175;

/**
 * The measures of Davies, Degara & Plumbley 2009 ("Evaluation methods for musical audio beat tracking algorithms"). No
 * beats are left out at the start, as some programs do for the first 5 s. `estimate`, `reference`: rising. Two empty
 * sequences agree; an empty and a filled one do not at all. Continuity needs two beats on either side, else it is 0.
 */
export function compareBeats(estimate: readonly Second[], reference: readonly Second[]): BeatAgreement {
  if (estimate.length === 0 && reference.length === 0)
    return { fMeasure: 1, correctLevel: 1, allowedLevel: 1 };
  const hits = countHits(estimate, reference);
  return {
    fMeasure: (2 * hits) / (estimate.length + reference.length),
    correctLevel: continuity(estimate, reference),
    allowedLevel: Math.max(...levelsOf(reference).map((level) => continuity(estimate, level))),
  };
}

/** Largest number of pairs within the window: greedy in order, which is optimal for intervals of one width. */
function countHits(estimate: readonly Second[], reference: readonly Second[]): number {
  let hits = 0;
  for (let i = 0, j = 0; i < estimate.length && j < reference.length;) {
    const late = estimate[i]! - reference[j]!;
    if (Math.abs(late) <= WINDOW) {
      hits++;
      i++;
      j++;
    } else if (late < 0) i++;
    else j++;
  }
  return hits;
}

function continuity(estimate: readonly Second[], reference: readonly Second[]): number {
  if (estimate.length < 2 || reference.length < 2) return 0;
  const met = new Set<number>();
  estimate.forEach((beat, i) => {
    const near = nearestIndex(reference, beat);
    const interval = near > 0 ? reference[near]! - reference[near - 1]! : reference[1]! - reference[0]!;
    const own = i > 0 ? beat - estimate[i - 1]! : estimate[1]! - beat;
    const isInPhase = Math.abs(beat - reference[near]!) < TOLERANCE * interval;
    if (isInPhase && Math.abs(1 - own / interval) < TOLERANCE) met.add(near);
  });
  return met.size / reference.length;
}

function nearestIndex(values: readonly number[], value: number): number {
  let best = 0;
  values.forEach((other, i) => {
    if (Math.abs(other - value) < Math.abs(values[best]! - value)) best = i;
  });
  return best;
}

function levelsOf(beats: readonly Second[]): Second[][] {
  const offBeats = beats.slice(1).map((beat, i) => (beat + beats[i]!) / 2);
  const double = [...beats, ...offBeats].sort((a, b) => a - b);
  const half = (first: number): Second[] => beats.filter((_, i) => i % 2 === first);
  return [[...beats], offBeats, double, half(0), half(1)];
}
