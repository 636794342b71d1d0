import { AttuneError } from '@attune/core';
import type { Classification } from '../classification.ts';
import type { Scorer } from '../learners/scorer.ts';
import { softmax } from '../metrics/calibration.ts';
import { outlierDistance, type OutlierCheck } from './outlier-check.ts';
import { standardise, type Standardiser } from './standardiser.ts';

/** What a model listens to. */
export type Modality = 'score' | 'audio';

/** A trained style classifier: from named features to labels. */
export interface StyleModel {
  /** e.g. `style-symbolic-1`. */
  readonly name: string;
  readonly modality: Modality;
  readonly labels: readonly string[];
  /** Names of the features that it reads, in the order of the standardiser and of the scorers. */
  readonly features: readonly string[];
  readonly standardiser: Standardiser;
  /** Their logits are averaged. */
  readonly scorers: readonly Scorer[];
  /** Logits are divided by it (temperature scaling). */
  readonly temperature: number;
  /** The least probability for which a label is given. */
  readonly threshold: number;
  readonly outliers: OutlierCheck;
}

/** Calibrated probabilities of the labels, in their order, and how far the row is from the training data. */
export interface Verdict {
  readonly probabilities: Float64Array;
  readonly distance: number;
}

/** `features`: [model.features], raw, in the model's order. */
export function judge(model: StyleModel, features: ArrayLike<number>): Verdict {
  const row = standardise(model.standardiser, features);
  return { probabilities: softmax(averageLogits(model.scorers, row), model.temperature), distance: outlierDistance(model.outliers, row) };
}

/** Mean of the scorers' logits, each shifted to mean 0 over the classes. `row` is standardised. */
export function averageLogits(scorers: readonly Scorer[], row: ArrayLike<number>): Float64Array {
  return averageOf(scorers.map((scorer) => scorer.logits(row)));
}

/** Mean of rows of logits, each shifted to mean 0 over the classes. */
export function averageOf(rows: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const logits of rows) {
    const centre = logits.reduce((a, b) => a + b, 0) / logits.length;
    for (let k = 0; k < sum.length; k++) sum[k]! += (logits[k]! - centre) / rows.length;
  }
  return sum;
}

/** One verdict, or the mean of the verdicts on the parts of a long input, as an answer with abstention. */
export function conclude(model: StyleModel, verdicts: readonly Verdict[]): Classification {
  if (verdicts.length === 0) throw new AttuneError('argument/invalid', 'There is nothing to classify.');
  const mean = (value: (verdict: Verdict) => number): number => verdicts.reduce((sum, verdict) => sum + value(verdict), 0) / verdicts.length;
  const probabilities = model.labels
    .map((label, k) => ({ label, probability: mean((verdict) => verdict.probabilities[k]!) }))
    .sort((a, b) => b.probability - a.probability || (a.label < b.label ? -1 : 1));
  const best = probabilities[0]!;
  const unfamiliar = !(mean((verdict) => verdict.distance) <= model.outliers.limit);
  const unsure = unfamiliar ? 'unfamiliar' : best.probability < model.threshold ? 'low-confidence' : undefined;
  return {
    label: unsure ? null : best.label,
    confidence: best.probability,
    probabilities,
    model: model.name,
    ...(unsure && { unsure }),
  };
}

/** Where each of the model's features stands in `names`. Throws `checkpoint/mismatch` for a feature that is not there. */
export function featureIndices(model: Pick<StyleModel, 'features' | 'name'>, names: readonly string[]): number[] {
  const places = new Map(names.map((name, index) => [name, index]));
  return model.features.map((name) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    throw new AttuneError('checkpoint/mismatch', `The model ${model.name} reads a feature ${name} that is not known here.`, { feature: name });
  });
}
