import type { Conditioning, Mode, MoodAxis } from '@attune/core/style';
import { MOOD_AXES } from '@attune/core/style';
import type { ConditionSpace } from './config.ts';

/** Wishes in bins; −1 is unknown (left open). */
export interface ConditionBins {
  readonly style: number;
  readonly mode: number;
  readonly tempo: number;
  readonly meter: number;
  readonly density: number;
  readonly energy: number;
  readonly valence: number;
  readonly tension: number;
  /** Instruments that play; undefined is unknown. */
  readonly instruments: readonly number[] | undefined;
}

export const OPEN: ConditionBins = {
  style: -1,
  mode: -1,
  tempo: -1,
  meter: -1,
  density: -1,
  energy: -1,
  valence: -1,
  tension: -1,
  instruments: undefined,
};

export const MODES: readonly Mode[] = ['major', 'minor'];

/** Number of bins of each single-valued condition, unknown not counted. */
export function conditionSizes(
  space: ConditionSpace,
): Readonly<Record<Exclude<keyof ConditionBins, 'instruments'>, number>> {
  return {
    style: space.styles.length,
    mode: MODES.length,
    tempo: space.tempoEdges.length + 1,
    meter: space.meters.length + 1, // the last: any other
    density: space.densityEdges.length + 1,
    energy: space.moodEdges.energy.length + 1,
    valence: space.moodEdges.valence.length + 1,
    tension: space.moodEdges.tension.length + 1,
  };
}

/** Index of the bin that holds `value`: the number of edges at or below it. */
export function binOf(edges: readonly number[], value: number): number {
  let bin = 0;
  while (bin < edges.length && value >= edges[bin]!) bin++;
  return bin;
}

export function meterBin(space: ConditionSpace, meter: { numerator: number; denominator: number }): number {
  const index = space.meters.indexOf(meterName(meter));
  return index < 0 ? space.meters.length : index;
}

export function meterName(meter: { readonly numerator: number; readonly denominator: number }): string {
  return `${meter.numerator}/${meter.denominator}`;
}

/** Bins of a request; fields left open and styles that the model does not know are −1. */
export function binsOfConditioning(space: ConditionSpace, wish: Conditioning): ConditionBins {
  const mood = (axis: MoodAxis): number => {
    const quantile = wish[axis];
    const bins = space.moodEdges[axis].length + 1;
    return quantile === undefined ? -1 : Math.min(bins - 1, Math.max(0, Math.floor(quantile * bins)));
  };
  const [energy, valence, tension] = MOOD_AXES.map(mood) as [number, number, number];
  return {
    style: wish.style === undefined ? -1 : space.styles.indexOf(wish.style),
    mode: wish.mode === undefined ? -1 : MODES.indexOf(wish.mode),
    tempo: wish.tempo === undefined ? -1 : binOf(space.tempoEdges, wish.tempo),
    meter: wish.meter === undefined ? -1 : meterBin(space, wish.meter),
    density: wish.density === undefined ? -1 : binOf(space.densityEdges, wish.density),
    energy,
    valence,
    tension,
    instruments: wish.instruments,
  };
}
