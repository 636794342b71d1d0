import { AttuneError, solveLower } from '@attune/core';
import type { OutlierCheck } from './outlier-check.ts';
import { standardise } from './standardiser.ts';
import { measuredFeatures, type StyleModel, type Verdict } from './style-model.ts';

/** Labels that were added by examples, as the mean of the examples of each. */
export interface LabelExtension {
  /** [added labels, measured features], standardised. */
  readonly means: Float32Array;
  /** [added labels]: examples that the mean is of. */
  readonly counts: Float32Array;
}

/** A raw row of features, in the model's order, with the label that it is an example of. */
export interface LabelExample {
  readonly label: string;
  readonly features: ArrayLike<number>;
}

/**
 * Squared Mahalanobis distances are divided by this many times the number of features before the softmax: features hang together, so
 * that their distances do not add up as if they were independent. Chosen on the validation part of Mutopia.
 */
const SOFTNESS = 0.02;
/**
 * Added to the distance to an added label: among many labels a mean of few examples is close to some rows by luck, and the label claims
 * what belongs to others. Chosen with the rule above on the validation part of Mutopia, among 0, 0.01, 0.02, 0.04 and 0.06, by the
 * harmonic mean of recall and precision.
 */
const CAUTION = 0.06;

/** Labels of the model that were added by examples. */
export function addedLabels({ extension }: Pick<StyleModel, 'extension'>): number {
  return extension?.counts.length ?? 0;
}

/**
 * The model with labels added by a few examples each, without training again (nearest class mean in the space where the classes
 * of the model have covariance I; Mensink et al. 2013). How the labels that were there compare with one another does not change.
 * More examples of an added label are given by extending the first model again with all of them. Throws
 * `argument/invalid` for no examples, a label that is there already, or features that do not fit.
 */
export function extendLabels(model: StyleModel, examples: readonly LabelExample[]): StyleModel {
  const added = [...new Set(examples.map(({ label }) => label))].sort();
  if (added.length === 0)
    throw new AttuneError('argument/invalid', 'Labels are added by examples, and there are none.');
  const known = added.find((label) => model.labels.includes(label));
  if (known !== undefined)
    throw new AttuneError('argument/invalid', `The model ${model.name} has the label ${known} already.`, {
      label: known,
    });
  const width = model.features.length;
  const wrong = examples.findIndex(
    ({ features }) => features.length !== width || !Array.from(features).every(Number.isFinite),
  );
  if (wrong >= 0)
    throw new AttuneError('argument/invalid', `Example ${wrong} is not ${width} finite features.`, {
      index: wrong,
    });
  const measured = measuredFeatures(model);
  const means = new Float32Array((addedLabels(model) + added.length) * measured);
  const counts = new Float32Array(addedLabels(model) + added.length);
  means.set(model.extension?.means ?? []);
  counts.set(model.extension?.counts ?? []);
  added.forEach((label, i) => {
    const own = examples.filter((example) => example.label === label);
    const place = addedLabels(model) + i;
    counts[place] = own.length;
    for (const { features } of own)
      firstValues(model, standardise(model.standardiser, features)).forEach(
        (value, f) => (means[place * measured + f]! += value / own.length),
      );
  });
  return { ...model, labels: [...model.labels, ...added], extension: { means, counts } };
}

function firstValues(model: StyleModel, row: Float32Array): Float32Array {
  return row.subarray(0, measuredFeatures(model));
}

/** The verdict of the scorers, shared with the added labels by the distances to all class means. `row`: the measured features, standardised. */
export function judgeExtended(
  { means, counts }: LabelExtension,
  outliers: OutlierCheck,
  learned: number,
  row: Float32Array,
  verdict: Verdict,
): Verdict {
  const width = row.length;
  const distances = [
    ...distancesTo(outliers, outliers.means.subarray(0, learned * width), row),
    ...distancesTo(outliers, means, row),
  ];
  // The mean of n rows lies off by 1 / n of the spread, which adds 1 / n to the distance of any row that is not among them.
  const corrected = distances.map((distance, k) =>
    k < learned ? distance : Math.max(0, distance - 1 / counts[k - learned]!),
  );
  const cautious = corrected.map((distance, k) => (k < learned ? distance : distance + CAUTION));
  const nearest = Math.min(...cautious);
  const weights = cautious.map((distance) => Math.exp(-(distance - nearest) / (2 * SOFTNESS)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const added = weights.slice(learned).map((weight) => weight / total);
  const rest = 1 - added.reduce((sum, p) => sum + p, 0);
  const closest = Math.min(...corrected.slice(learned)) / outliers.limit;
  return {
    probabilities: Float64Array.from([...verdict.probabilities].map((p) => p * rest).concat(added)),
    strangeness: rest < 0.5 ? Math.min(closest, verdict.strangeness) : verdict.strangeness,
  };
}

/** Squared Mahalanobis distance to each mean, divided by the number of features. */
function* distancesTo({ factor }: OutlierCheck, means: Float32Array, row: Float32Array): Generator<number> {
  for (let start = 0; start < means.length; start += row.length) {
    const offset = Float64Array.from(row, (value, f) => value - means[start + f]!);
    yield solveLower(factor, offset).reduce((sum, value) => sum + value * value, 0) / row.length;
  }
}
