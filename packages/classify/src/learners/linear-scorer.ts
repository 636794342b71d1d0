import { AttuneError } from '@attune/core';
import type { JsonObject, NamedArray } from '@attune/core/nn';
import type { Scorer } from './scorer.ts';
import { arrayOf } from './tree-scorer.ts';

/** logits = weights · row + bias; `weights` [classes, features], `bias` [classes]. */
export function createLinearScorer(weights: Float32Array, bias: Float32Array): Scorer {
  const classes = bias.length;
  const features = weights.length / classes;
  return {
    kind: 'linear',
    classes,
    features,
    logits: (row) =>
      Float64Array.from(bias, (offset, k) => {
        let sum = offset;
        for (let f = 0; f < features; f++) sum += weights[k * features + f]! * row[f]!;
        return sum;
      }),
    settings: {},
    arrays: new Map<string, NamedArray>([
      ['weights', { shape: [classes, features], data: weights }],
      ['bias', { shape: [classes], data: bias }],
    ]),
  };
}

/** The scorer of a checkpoint, from `weights` [classes, features] and `bias` [classes]. Throws `checkpoint/mismatch` where they do not fit. */
export function readLinearScorer(
  _settings: JsonObject,
  arrays: ReadonlyMap<string, NamedArray>,
  features: number,
): Scorer {
  const weights = arrayOf(arrays, 'weights', Float32Array);
  const bias = arrayOf(arrays, 'bias', Float32Array);
  if (bias.length === 0 || weights.length !== bias.length * features) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The weights are ${weights.length} numbers, not ${bias.length} classes of ${features} features.`,
      { features },
    );
  }
  return createLinearScorer(weights, bias);
}
