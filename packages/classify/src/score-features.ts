import { AttuneError, countNotes, type Score } from '@attune/core';
import { extractSymbolicFeatures, SYMBOLIC_FEATURES } from '@attune/core/features';
import { DRUM_STYLE_FEATURES, extractDrumFeatures } from './drums/drum-style-features.ts';
import { columnsOf, featureIndices, type StyleModel } from './model/style-model.ts';

/** What something else than this package measured of a piece, by the name of the column. */
export type ColumnValues = Readonly<Record<string, number>>;

/**
 * What the model reads of a score: [model.features], raw. A model whose features are all drum features reads the drums, any other
 * the whole score, then the columns that come with it, if it knows any. Throws `checkpoint/mismatch` for features that are not
 * known here; what it gives, `score/invalid` for a score without notes and `feature/invalid` where a column is not given.
 */
export function scoreReader(
  model: Pick<StyleModel, 'name' | 'features' | 'columns'>,
): (score: Score, given?: ColumnValues) => number[] {
  const columns = columnsOf(model);
  const measured = model.features.slice(0, model.features.length - columns.length);
  const ofDrums = new Set(DRUM_STYLE_FEATURES);
  const drumsOnly = measured.every((name) => ofDrums.has(name));
  const indices = featureIndices(
    { name: model.name, features: measured },
    drumsOnly ? DRUM_STYLE_FEATURES : SYMBOLIC_FEATURES.map(({ name }) => name),
  );
  const extract = drumsOnly ? extractDrumFeatures : extractSymbolicFeatures;
  return (score, given = {}) => {
    if (countNotes(score) === 0)
      throw new AttuneError('score/invalid', 'A score without notes has no style.', { notes: 0 });
    const values = columns.map((name) => valueOf(given, name, model.name));
    const features = extract(score);
    return [...indices.map((index) => features[index]!), ...values];
  };
}

function valueOf(given: ColumnValues, name: string, model: string): number {
  if (Object.hasOwn(given, name)) return given[name]!;
  throw new AttuneError(
    'feature/invalid',
    `The model ${model} reads the column ${name} of a table beside the notes, and it is not given (attune-classify --features).`,
    { feature: name },
  );
}
