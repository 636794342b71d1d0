import { AttuneError, countNotes, type Score } from '@attune/core';
import { extractSymbolicFeatures, SYMBOLIC_FEATURES } from '@attune/core/features';
import { DRUM_STYLE_FEATURES, extractDrumFeatures } from './drums/drum-style-features.ts';
import { featureIndices, type StyleModel } from './model/style-model.ts';

/**
 * What the model reads of a score: [model.features], raw. A model whose features are all drum features reads the drums, any other
 * the whole score. Throws `checkpoint/mismatch` for features that are not known here.
 */
export function scoreReader(model: Pick<StyleModel, 'name' | 'features'>): (score: Score) => number[] {
  const ofDrums = new Set(DRUM_STYLE_FEATURES);
  const drumsOnly = model.features.every((name) => ofDrums.has(name));
  const indices = featureIndices(
    model,
    drumsOnly ? DRUM_STYLE_FEATURES : SYMBOLIC_FEATURES.map(({ name }) => name),
  );
  const extract = drumsOnly ? extractDrumFeatures : extractSymbolicFeatures;
  return (score) => {
    if (countNotes(score) === 0)
      throw new AttuneError('score/invalid', 'A score without notes has no style.', { notes: 0 });
    const features = extract(score);
    return indices.map((index) => features[index]!);
  };
}
