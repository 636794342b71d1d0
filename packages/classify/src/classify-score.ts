import { AttuneError, type Score } from '@attune/core';
import type { Classification } from './classification.ts';
import { columnsOf, conclude, judge, type StyleModel } from './model/style-model.ts';
import { scoreReader, type ColumnValues } from './score-features.ts';

/** Tells the style of notes, or of the drums alone where its model reads drum features. */
export interface ScoreClassifier {
  readonly model: string;
  readonly labels: readonly string[];
  /** What it must be given beside the score; nothing of most models. */
  readonly columns?: readonly string[];
  /**
   * Throws `score/invalid` for a score without notes, or without drums where the model reads these, and `feature/invalid` where one
   * of `columns` is not given. Deterministic.
   */
  classifyScore(score: Score, given?: ColumnValues): Classification;
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
    columns: columnsOf(model),
    classifyScore: (score, given) => conclude(model, [judge(model, read(score, given))]),
  };
}
