import { AttuneError, type Score } from '@attune/core';
import type { Classification } from './classification.ts';
import { conclude, judge, type StyleModel } from './model/style-model.ts';
import { scoreReader } from './score-features.ts';

/** Tells the style of notes, or of the drums alone where its model reads drum features. */
export interface ScoreClassifier {
  readonly model: string;
  readonly labels: readonly string[];
  /** Throws `score/invalid` for a score without notes, or without drums where the model reads these. Deterministic. */
  classifyScore(score: Score): Classification;
}

/** Throws `checkpoint/mismatch` for a model of audio or of features that are not known here. */
export function createScoreClassifier(model: StyleModel): ScoreClassifier {
  if (model.modality !== 'score') {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The model ${model.name} classifies ${model.modality}, not scores.`,
      { modality: model.modality },
    );
  }
  const read = scoreReader(model);
  return {
    model: model.name,
    labels: model.labels,
    classifyScore: (score) => conclude(model, [judge(model, read(score))]),
  };
}
