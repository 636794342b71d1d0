import { AttuneError } from '@attune/core';
import type { Score } from '@attune/core';
import { SYMBOLIC_FEATURES, extractSymbolicFeatures } from '@attune/core/features';
import { analyseScore } from '@attune/core/style';
import { DRUM_INSTRUMENT, DURATIONS, barStepsOf, durationIndexOf, toGrid } from '@attune/core/tokens';

/**
 * What is compared between sets of pieces. Scalars have one value; histograms are normalised to sum 1.
 * Pitch-class entropy (bits), scale consistency, groove consistency and polyphony as in `SYMBOLIC_FEATURES` (after
 * MusPy); density in log₂ notes a quarter; inter-onset intervals in duration classes; top-line intervals clipped
 * to an octave.
 */
export const DISTRIBUTION_FEATURES = [
  'pitchClassEntropy',
  'scaleConsistency',
  'grooveConsistency',
  'polyphony',
  'density',
  'onsetGaps',
  'intervals',
] as const;
/** One of `DISTRIBUTION_FEATURES`. */
export type DistributionFeature = (typeof DISTRIBUTION_FEATURES)[number];
/** One vector a feature. */
export type PieceProfile = Readonly<Record<DistributionFeature, Float64Array>>;

const OCTAVE = 12;

/** Measures one piece. Throws `score/invalid` for a score without notes. */
export function profileOf(score: Score): PieceProfile {
  const values = extractSymbolicFeatures(score);
  const scalar = (name: string): Float64Array => {
    const index = SYMBOLIC_FEATURES.findIndex((feature) => feature.name === name);
    if (index < 0)
      throw new AttuneError('feature/invalid', `There is no symbolic feature ${name}.`, { name });
    return Float64Array.of(values[index]!);
  };
  return {
    pitchClassEntropy: scalar('pitchClassEntropy'),
    scaleConsistency: scalar('scaleConsistency'),
    grooveConsistency: scalar('grooveConsistency'),
    polyphony: scalar('polyphony'),
    density: Float64Array.of(Math.log2(analyseScore(score).density)),
    ...lineHistograms(score),
  };
}

function lineHistograms(score: Score): { onsetGaps: Float64Array; intervals: Float64Array } {
  const { notes, meter } = toGrid(score);
  const gaps = new Float64Array(DURATIONS.length);
  const intervals = new Float64Array(2 * OCTAVE + 1);
  const barSteps = barStepsOf(meter);
  let onset = -1;
  let top = -1;
  let lastTop = -1;
  const close = (): void => {
    if (lastTop >= 0 && top >= 0) intervals[OCTAVE + Math.max(-OCTAVE, Math.min(OCTAVE, top - lastTop))]!++;
    if (top >= 0) lastTop = top;
    top = -1;
  };
  for (const note of notes) {
    const step = note.bar * barSteps + note.position;
    if (step !== onset) {
      if (onset >= 0) gaps[durationIndexOf(step - onset)]!++;
      close();
      onset = step;
    }
    if (note.instrument !== DRUM_INSTRUMENT) top = Math.max(top, note.pitch);
  }
  close();
  return { onsetGaps: normalised(gaps), intervals: normalised(intervals) };
}

/** How far two sets of pieces lie apart in one feature: Yang & Lerch 2018. */
export interface DistributionDistance {
  /** Overlap of the two densities of distances, 0 … 1; 1 is the same. */
  readonly overlap: number;
  /** Kullback–Leibler divergence in nats of the distances within the real set from those between the sets. */
  readonly divergence: number;
}

/**
 * Yang & Lerch 2018, "On the evaluation of generative models in music": the distances between pieces of the two
 * sets are compared with the distances within the real set, both as Gaussian kernel densities (Scott's rule).
 * Throws `argument/invalid` for fewer than 3 real pieces or no others.
 */
export function distributionDistance(
  real: readonly PieceProfile[],
  other: readonly PieceProfile[],
  feature: DistributionFeature,
): DistributionDistance {
  if (real.length < 3 || other.length < 1) {
    throw new AttuneError('argument/invalid', 'A distance between sets needs 3 real pieces and 1 other.', {
      real: real.length,
      other: other.length,
    });
  }
  const within: number[] = [];
  real.forEach((a, i) => {
    for (let j = 0; j < i; j++) within.push(euclidean(a[feature], real[j]![feature]));
  });
  const between = other.flatMap((a) => real.map((b) => euclidean(a[feature], b[feature])));
  return compareDensities(within, between);
}

/** How far generated pieces are from real ones, beside two halves of the real ones (the floor). */
export interface DistributionRow {
  readonly feature: DistributionFeature;
  readonly generated: DistributionDistance;
  readonly floor: DistributionDistance;
  /** (1 − overlap) of the generated pieces over (1 − overlap) of the floor. */
  readonly ratio: number;
}

/** Compares every feature. Real pieces are halved by turns, so give them in an order without meaning. */
export function compareDistributions(
  real: readonly PieceProfile[],
  generated: readonly PieceProfile[],
): readonly DistributionRow[] {
  const even = real.filter((_, i) => i % 2 === 0);
  const odd = real.filter((_, i) => i % 2 === 1);
  return DISTRIBUTION_FEATURES.map((feature) => {
    const found = distributionDistance(even, generated, feature);
    const floor = distributionDistance(even, odd, feature);
    return { feature, generated: found, floor, ratio: (1 - found.overlap) / (1 - floor.overlap) };
  });
}

const GRID_POINTS = 256;

function compareDensities(a: readonly number[], b: readonly number[]): DistributionDistance {
  const widths = [a, b].map((values) => kernelWidth(values));
  const margin = 4 * Math.max(...widths);
  const all = [...a, ...b];
  const low = all.reduce((min, x) => Math.min(min, x), Infinity) - margin;
  const high = all.reduce((max, x) => Math.max(max, x), -Infinity) + margin;
  const step = (high - low) / (GRID_POINTS - 1);
  const [p, q] = [a, b].map((values, i) => density(values, widths[i]!, low, step)) as [
    Float64Array,
    Float64Array,
  ];
  let overlap = 0;
  let divergence = 0;
  for (let i = 0; i < GRID_POINTS; i++) {
    overlap += Math.min(p[i]!, q[i]!);
    if (p[i]! > 0) divergence += p[i]! * Math.log(p[i]! / Math.max(q[i]!, 1e-12));
  }
  return { overlap: Math.min(1, overlap), divergence: Math.max(0, divergence) };
}

/** Scott 1992: σ n^(−1/5); a little above zero for constant values, so that equal ones overlap. */
function kernelWidth(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return Math.max(1e-3, Math.sqrt(variance) * values.length ** -0.2);
}

/** Kernel density at the grid points, normalised to sum 1. */
function density(values: readonly number[], width: number, low: number, step: number): Float64Array {
  const result = new Float64Array(GRID_POINTS);
  const reach = Math.ceil((5 * width) / step);
  for (const value of values) {
    const centre = Math.round((value - low) / step);
    for (let i = Math.max(0, centre - reach); i <= Math.min(GRID_POINTS - 1, centre + reach); i++) {
      result[i]! += Math.exp(-0.5 * ((low + i * step - value) / width) ** 2);
    }
  }
  return normalised(result);
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, x) => total + x, 0);
  return sum === 0 ? values : values.map((x) => x / sum);
}

function euclidean(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
