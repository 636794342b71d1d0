import type { Rng } from '@attune/core';
import { solve } from '../algebra/cholesky.ts';
import { peak } from './features.ts';
import type { Posterior } from './posterior.ts';
import { sampleWeights } from './posterior.ts';

/** What is believed of one dimension: the preferred value and where it lies with 80 % probability, standardised. */
export interface DimensionBelief {
  readonly name: string;
  readonly preferred: number;
  readonly low: number;
  readonly high: number;
  /** 0 (knows nothing) … 1 (sure): 1 − width of the interval / its width before any rating. */
  readonly certainty: number;
  /** Rated items that moved this belief most; `towards` > 0 pulls it up. */
  readonly evidence: readonly { readonly itemId: string; readonly towards: number }[];
}

/** What is believed about one style. */
export interface StyleBelief {
  readonly style: string;
  /** Expected liking of the style beside an average style, and its deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/** A taste in words that a person can check. */
export interface TasteView {
  readonly dimensions: readonly DimensionBelief[];
  readonly styles: readonly StyleBelief[];
}

const DRAWS = 300;
const GRID_LIMIT = 2;
const GRID_STEP = 0.1;
const GRID = Array.from(
  { length: Math.round((2 * GRID_LIMIT) / GRID_STEP) + 1 },
  (_, i) => -GRID_LIMIT + i * GRID_STEP,
);
/** 80 % interval of a preferred value that could be anywhere on the grid. */
const PRIOR_WIDTH = 0.8 * 2 * GRID_LIMIT;

/**
 * Reads the posterior as statements about one dimension or style at a time, all else equal. The preferred value of a
 * dimension is where its part of the liking, a z + b (z² − 1)/√2, is largest within ±2 deviations; its spread is
 * over draws from the posterior (fixed by `rng`).
 */
export function describeTaste(posterior: Posterior, rng: Rng): TasteView {
  const { map } = posterior;
  const draws = Array.from({ length: DRAWS }, () => sampleWeights(posterior, rng));
  const dimensions = map.space.dimensions.map((dimension, j): DimensionBelief => {
    const best = draws.map((weights) =>
      preferredValue(weights, map.offsets.linear + j, map.offsets.peak + j),
    );
    best.sort((a, b) => a - b);
    const low = best[Math.floor(DRAWS * 0.1)]!;
    const high = best[Math.floor(DRAWS * 0.9)]!;
    return {
      name: dimension.name,
      preferred: preferredValue(posterior.mean, map.offsets.linear + j, map.offsets.peak + j),
      low,
      high,
      certainty: Math.max(0, Math.min(1, 1 - (high - low) / PRIOR_WIDTH)),
      evidence: evidenceFor(posterior, map.offsets.linear + j),
    };
  });
  const styles = map.styles.map((style, s): StyleBelief => {
    const part = new Float64Array(map.length);
    for (let k = 0; k < map.styles.length; k++)
      part[map.offsets.style + k] = (k === s ? 1 : 0) - 1 / map.styles.length;
    const mean = part.reduce((sum, value, i) => sum + value * posterior.mean[i]!, 0);
    const covered = solve(posterior.precision, part);
    const variance = part.reduce((sum, value, i) => sum + value * covered[i]!, 0);
    return { style, mean, deviation: Math.sqrt(variance) };
  });
  return { dimensions, styles };
}

function preferredValue(weights: Float64Array, linear: number, peaked: number): number {
  let best = 0;
  let bestValue = -Infinity;
  for (const z of GRID) {
    const value = weights[linear]! * z + weights[peaked]! * peak(z);
    if (value > bestValue + 1e-12) [best, bestValue] = [z, value];
  }
  return best;
}

/** The rated items whose ratings move weight `index` most: row `index` of A⁻¹ times each observation. */
function evidenceFor(posterior: Posterior, index: number): { itemId: string; towards: number }[] {
  const unit = new Float64Array(posterior.map.length);
  unit[index] = 1;
  const row = solve(posterior.precision, unit);
  return posterior.observations
    .flatMap(({ itemId, features, liking, precision }) => {
      if (itemId === undefined) return [];
      let towards = 0;
      for (let i = 0; i < features.length; i++) towards += row[i]! * features[i]!;
      return [{ itemId, towards: towards * liking * precision }];
    })
    .filter(({ towards }) => Math.abs(towards) > 1e-6)
    .sort((a, b) => Math.abs(b.towards) - Math.abs(a.towards))
    .slice(0, 3);
}
