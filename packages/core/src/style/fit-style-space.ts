import { AttuneError } from '../foundation/errors.ts';
import { createSymbolicContext } from '../features/symbolic/context.ts';
import type { Score } from '../score/score.ts';
import type { MoodAxis } from './conditioning.ts';
import type { MoodTables } from './mood-tables.ts';
import { rawStyleOf, STYLE_DIMENSIONS } from './style-dimensions.ts';

/** Mean and deviation of one dimension, by name. */
export type StyleStatistics = Readonly<Record<string, { readonly mean: number; readonly deviation: number }>>;

/** What `fitStyleSpace` learned from a collection of pieces. */
export interface StyleSpaceFit {
  readonly pieces: number;
  readonly statistics: StyleStatistics;
  readonly moods: MoodTables;
}

/** Steps of the mood tables: 51 values, 2 % apart. */
const QUANTILE_STEPS = 50;
/** A dimension that hardly varies is not blown up: deviations are at least this much of a unit. */
const LEAST_DEVIATION = 1e-3;

/**
 * Statistics of the training pieces that scale the style space and the mood axes. Every `stratum` (style) weighs the
 * same, however many pieces it has, so that the largest set does not set the scale. Deterministic: the order
 * of the pieces does not matter beyond rounding. Pieces without notes are left out.
 */
export function fitStyleSpace(
  pieces: Iterable<{ readonly score: Score; readonly stratum: string }>,
): StyleSpaceFit {
  const rows: { raw: Float64Array; stratum: string; pitched: boolean }[] = [];
  const sizes = new Map<string, number>();
  for (const { score, stratum } of pieces) {
    const context = createSymbolicContext(score);
    if (context.notes.size === 0) continue;
    rows.push({ raw: rawStyleOf(context), stratum, pitched: context.pitched.length > 0 });
    sizes.set(stratum, (sizes.get(stratum) ?? 0) + 1);
  }
  if (rows.length === 0)
    throw new AttuneError('argument/invalid', 'A style space is fitted on at least one piece with notes.');
  const weights = Float64Array.from(rows, ({ stratum }) => 1 / (sizes.get(stratum)! * sizes.size)); // sum 1
  const statistics: Record<string, { mean: number; deviation: number }> = {};
  const column = (index: number): Float64Array => Float64Array.from(rows, ({ raw }) => raw[index]!);
  STYLE_DIMENSIONS.forEach(({ name }, index) => {
    const values = column(index);
    const mean = values.reduce((sum, value, i) => sum + weights[i]! * value, 0);
    const variance = values.reduce((sum, value, i) => sum + weights[i]! * (value - mean) ** 2, 0);
    statistics[name] = {
      mean: rounded(mean),
      deviation: rounded(Math.max(LEAST_DEVIATION, Math.sqrt(variance))),
    };
  });
  // Drums alone have no mode and no dissonance: they say nothing about valence and tension.
  const table = (axis: MoodAxis): number[] => {
    const heard = axis === 'energy' ? weights : weights.map((weight, i) => (rows[i]!.pitched ? weight : 0));
    const values = column(STYLE_DIMENSIONS.findIndex(({ name }) => name === axis));
    return weightedQuantiles(
      values.filter((_, i) => heard[i]! > 0),
      heard.filter((weight) => weight > 0),
      QUANTILE_STEPS,
    ).map(rounded);
  };
  const moods: MoodTables = { energy: table('energy'), valence: table('valence'), tension: table('tension') };
  return { pieces: rows.length, statistics, moods };
}

/**
 * `steps + 1` values: the smallest, then for each step k the smallest value with at least k / steps of the weight at or
 * below it. All 0 of no values.
 */
export function weightedQuantiles(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  steps: number,
): number[] {
  if (values.length === 0) return new Array<number>(steps + 1).fill(0);
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  const quantiles = [values[order[0]!]!];
  let passed = 0;
  for (const i of order) {
    passed += weights[i]! / total;
    while (quantiles.length <= steps && passed >= quantiles.length / steps - 1e-9) quantiles.push(values[i]!);
  }
  while (quantiles.length <= steps) quantiles.push(values[order.at(-1)!]!);
  return quantiles;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
