import { AttuneError, countNotes, type Score } from '@attune/core';
import { extractSymbolicFeatures, SYMBOLIC_FEATURES } from '@attune/core/features';
import type { Classification } from './classification.ts';
import { conclude, featureIndices, judge, type StyleModel } from './model/style-model.ts';

/** Tells the style of notes. */
export interface ScoreClassifier {
  readonly model: string;
  readonly labels: readonly string[];
  /** Throws `score/invalid` for a score without notes. Deterministic. */
  classifyScore(score: Score): Classification;
}

/** Throws `checkpoint/mismatch` for a model of audio or of features that are not known here. */
export function createScoreClassifier(model: StyleModel): ScoreClassifier {
  if (model.modality !== 'score') {
    throw new AttuneError('checkpoint/mismatch', `The model ${model.name} classifies ${model.modality}, not scores.`, { modality: model.modality });
  }
  const indices = featureIndices(model, SYMBOLIC_FEATURES.map(({ name }) => name));
  return {
    model: model.name,
    labels: model.labels,
    classifyScore: (score) => {
      if (countNotes(score) === 0) throw new AttuneError('score/invalid', 'A score without notes has no style.', { notes: 0 });
      const features = extractSymbolicFeatures(score);
      return conclude(model, [judge(model, indices.map((index) => features[index]!))]);
    },
  };
}
