import { AttuneError, type Score } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { readWindows, windowReader } from './audio-windows.ts';
import type { Classification } from './classification.ts';
import { conclude, judge, type StyleModel } from './model/style-model.ts';
import { scoreReader, type ColumnValues } from './score-features.ts';

/**
 * What a model reads of notes: [1][model.features], raw. Throws `checkpoint/mismatch` for a model of sound, `score/invalid`
 * for a score without notes, `feature/invalid` where a column that the model reads is not given.
 */
export function scoreRows(model: StyleModel, score: Score, given?: ColumnValues): Float32Array[] {
  if (model.modality !== 'score')
    throw new AttuneError('checkpoint/mismatch', `The model ${model.name} reads sound, not notes.`);
  return [Float32Array.from(scoreReader(model)(score, given))];
}

/** What a model reads of sound: [windows][model.features], raw. Throws `checkpoint/mismatch` for a model of notes. */
export function clipRows(model: StyleModel, clip: AudioClip): Float32Array[] {
  if (model.modality !== 'audio')
    throw new AttuneError('checkpoint/mismatch', `The model ${model.name} reads notes, not sound.`);
  const read = windowReader(model);
  return readWindows(clip).map((window) => Float32Array.from(read(window)));
}

/** The answer of a model to the rows of one piece, as its classifier gives it. */
export function classifyRows(model: StyleModel, rows: readonly ArrayLike<number>[]): Classification {
  return conclude(
    model,
    rows.map((row) => judge(model, row)),
  );
}
