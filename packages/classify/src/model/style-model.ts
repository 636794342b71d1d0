import { AttuneError } from '@attune/core';
import type { Classification } from '../classification.ts';
import type { Scorer } from '../learners/scorer.ts';
import { softmax } from '../metrics/calibration.ts';
import type { SoundNet } from '../sound/sound-net.ts';
import { outlierDistance, type OutlierCheck } from './outlier-check.ts';
import { addedLabels, judgeExtended, type LabelExtension } from './label-extension.ts';
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
  /** The last of these, so many of them, are no measure of the notes: they are columns of a table that comes with a piece. Default 0. */
  readonly columns?: number;
  readonly standardiser: Standardiser;
  /** What hears the last features, its logits of the classes: one of mel windows. Of sound only. */
  readonly net?: SoundNet;
  /** Their logits are averaged. Each reads the first values of a row, as many as it has features. */
  readonly scorers: readonly Scorer[];
  /** Logits are divided by it (temperature scaling). */
  readonly temperature: number;
  /** The least probability for which a label is given. */
  readonly threshold: number;
  readonly outliers: OutlierCheck;
  /** The scorers know one class more than there are labels: what is no music of this world. */
  readonly rejects: boolean;
  /** The last labels were added by examples (`extendLabels`): the scorers do not know them. */
  readonly extension?: LabelExtension;
}

/** What a model says of one row. */
export interface Verdict {
  /** Calibrated probabilities of the labels, in their order; sum 1. */
  readonly probabilities: Float64Array;
  /**
   * The larger of outlier distance / limit and twice the probability of the class that is no label: above 1 the row is
   * unlike the music that the model learned from.
   */
  readonly strangeness: number;
}

/**
 * `features`: [model.features], raw, in the model's order. Throws `feature/invalid` for a row of another length and, naming the
 * feature, for a value that is no finite number: clipping would turn it into an answer.
 */
export function judge(model: StyleModel, features: ArrayLike<number>): Verdict {
  requireRow(model, features);
  const row = standardise(model.standardiser, features);
  const learned = { ...model, labels: model.labels.slice(0, model.labels.length - addedLabels(model)) };
  const verdict = verdictOf(
    learned,
    softmax(averageLogits(model.scorers, row), model.temperature),
    outlierDistance(model.outliers, row),
  );
  return model.extension
    ? judgeExtended(
        model.extension,
        model.outliers,
        learned.labels.length,
        row.subarray(0, measuredFeatures(model)),
        verdict,
      )
    : verdict;
}

function requireRow({ name, features }: StyleModel, row: ArrayLike<number>): void {
  if (row.length !== features.length) {
    throw new AttuneError(
      'feature/invalid',
      `The model ${name} reads ${features.length} features, and the row has ${row.length}.`,
      { features: row.length },
    );
  }
  const wrong = features.findIndex((_, f) => !Number.isFinite(row[f]));
  if (wrong < 0) return;
  throw new AttuneError(
    'feature/invalid',
    `The feature ${features[wrong]} is ${row[wrong]}, and the model ${name} reads finite numbers.`,
    { feature: features[wrong]! },
  );
}

/** `all`: calibrated probabilities of the labels and, where the model rejects, of no label. */
export function verdictOf(
  model: { readonly labels: readonly string[]; readonly outliers: { readonly limit: number } },
  all: Float64Array,
  distance: number,
): Verdict {
  const { labels, outliers } = model;
  const none = all[labels.length] ?? 0;
  const known = Math.max(1e-12, 1 - none);
  return {
    probabilities: all.slice(0, labels.length).map((p) => p / known),
    strangeness: Math.max(distance / outliers.limit, 2 * none),
  };
}

/** Features that are measured; those after them are what the model's net says. */
export function measuredFeatures({ features, net }: Pick<StyleModel, 'features' | 'net'>): number {
  return features.length - (net?.classes ?? 0);
}

/** Mean of the scorers' logits, each shifted to mean 0 over the classes. `row` is standardised. */
export function averageLogits(scorers: readonly Scorer[], row: Float32Array): Float64Array {
  return averageOf(scorers.map((scorer) => scoreRow(scorer, row)));
}

/** The scorer's logits of the first values of a row, as many as it reads. */
export function scoreRow(scorer: Scorer, row: Float32Array): Float64Array {
  return scorer.logits(row.subarray(0, scorer.features));
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
  const mean = (value: (verdict: Verdict) => number): number =>
    verdicts.reduce((sum, verdict) => sum + value(verdict), 0) / verdicts.length;
  const probabilities = model.labels
    .map((label, k) => ({ label, probability: mean((verdict) => verdict.probabilities[k]!) }))
    .sort((a, b) => b.probability - a.probability || (a.label < b.label ? -1 : 1));
  const best = probabilities[0]!;
  const unfamiliar = !(mean((verdict) => verdict.strangeness) <= 1);
  const unsure = unfamiliar
    ? 'unfamiliar'
    : best.probability < model.threshold
      ? 'low-confidence'
      : undefined;
  return {
    label: unsure ? null : best.label,
    confidence: best.probability,
    probabilities,
    model: model.name,
    ...(unsure && { unsure }),
  };
}

/** Names of the columns that a table must have for this model, in its order; none of most models. */
export function columnsOf({ features, columns = 0 }: Pick<StyleModel, 'features' | 'columns'>): string[] {
  return features.slice(features.length - columns);
}

/** Where each of the model's features stands in `names`. Throws `checkpoint/mismatch` for a feature that is not there. */
export function featureIndices(
  model: Pick<StyleModel, 'features' | 'name' | 'columns'>,
  names: readonly string[],
): number[] {
  const places = new Map(names.map((name, index) => [name, index]));
  return model.features.map((name) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    throw new AttuneError(
      'checkpoint/mismatch',
      columnsOf(model).includes(name)
        ? `The model ${model.name} reads the column ${name} of a table beside the notes, and it is not given (attune-classify --features).`
        : `The model ${model.name} reads a feature ${name} that is not known here.`,
      { feature: name },
    );
  });
}
