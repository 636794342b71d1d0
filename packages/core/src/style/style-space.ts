import { AttuneError } from '../foundation/errors.ts';
import { createSymbolicContext } from '../features/symbolic/context.ts';
import type { Score } from '../score/score.ts';
import { rawStyleOf, STYLE_DIMENSIONS } from './style-dimensions.ts';
import { STYLE_STATISTICS } from './style-statistics.ts';
import type { StyleSpace, StyleVector } from './style-vector.ts';

/** Vectors are comparable only within one version. */
export const STYLE_SPACE_VERSION = 'style-1';

/** Standardised values beyond this are clipped to it: one odd dimension must not outweigh all the others. */
export const STYLE_CLIP = 4;

/** The shipped style space, standardised on the training pieces. */
export const STYLE_SPACE: StyleSpace = {
  version: STYLE_SPACE_VERSION,
  dimensions: STYLE_DIMENSIONS.map(({ name, unit, low, high }) => ({
    name,
    unit,
    low,
    high,
    mean: STYLE_STATISTICS[name]?.mean ?? 0,
    deviation: STYLE_STATISTICS[name]?.deviation ?? 1,
  })),
};

/** The place of a score in the style space: standardised, clipped to ±4. Throws `score/invalid` for no notes. */
export function styleVectorOf(score: Score): StyleVector {
  return standardise(rawStyleOfScore(score));
}

/** The dimensions of a score in their own units, in order. Throws `score/invalid` for no notes. */
export function rawStyleOfScore(score: Score): Float64Array {
  const context = createSymbolicContext(score);
  if (context.notes.size === 0)
    throw new AttuneError('score/invalid', 'A score without notes has no style.', { notes: 0 });
  return rawStyleOf(context);
}

/** Raw values in order of the dimensions (NaN where unknown) to a vector of `STYLE_SPACE`. */
export function standardise(raw: ArrayLike<number>): StyleVector {
  const values = STYLE_SPACE.dimensions.map(({ mean, deviation }, i) =>
    Math.min(STYLE_CLIP, Math.max(-STYLE_CLIP, (raw[i]! - mean) / deviation)),
  );
  return { space: STYLE_SPACE_VERSION, values };
}

/** A vector's value in the unit of the dimension; NaN where the vector does not know it. Throws for an unknown name. */
export function rawStyleValue(vector: StyleVector, name: string): number {
  const index = STYLE_SPACE.dimensions.findIndex((dimension) => dimension.name === name);
  const dimension = STYLE_SPACE.dimensions[index];
  if (!dimension || vector.space !== STYLE_SPACE_VERSION) {
    throw new AttuneError(
      'argument/invalid',
      `The style space ${vector.space} has no dimension ${name} here.`,
      { space: vector.space, name },
    );
  }
  return dimension.mean + vector.values[index]! * dimension.deviation;
}
