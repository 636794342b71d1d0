import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import type { LabelledFile, LabelledFolder } from './labelled-folder.ts';
import { trainOnFolder } from './train-folder.ts';

const LABELS = ['fast', 'middling', 'slow'];

/** Files of three features each, a cloud of deviation 0.2 about 5 times the place of the label. */
function folderOf(sizes: readonly number[], seed = 1): LabelledFolder {
  const rng = createRng(seed);
  const files = sizes.flatMap((size, k) =>
    Array.from({ length: size }, (_, i): LabelledFile => {
      const row = Float64Array.from({ length: 3 }, () => 5 * k + 0.2 * rng.normal());
      return { id: `${LABELS[k]}/${i}.mid`, label: LABELS[k]!, digest: `${k} ${i}`, rows: [row] };
    }),
  );
  return {
    modality: 'score',
    featureNames: ['a', 'b', 'c'],
    labels: LABELS.slice(0, sizes.length),
    files,
    skipped: [],
  };
}

describe('a training on a folder', () => {
  it('needs two groups of each label and no more, whatever the seed', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { evaluation, folds } = trainOnFolder(folderOf([2, 2], seed), { name: 'x', seed });
      expect([folds, evaluation.items, evaluation.accuracy]).toEqual([2, 4, 1]);
    }
  });
  it('judges a label of few files beside two of many', () => {
    const { evaluation } = trainOnFolder(folderOf([2, 9, 9]), { name: 'x', seed: 3 });
    expect(evaluation.classes[0]).toMatchObject({ support: 2, recall: 1 });
  });
  it('is refused for a changed file that the folder does not hold', () => {
    const changed = [{ id: 'fast/9.mid', change: 'resampled to 16 kHz', windows: [] }];
    expect(() => trainOnFolder(folderOf([2, 2]), { name: 'x', seed: 1, changed })).toThrow(
      /fast\/9\.mid is none/,
    );
  });
  it('is refused for a label of one group', () => {
    expect(() => trainOnFolder(folderOf([1, 4]), { name: 'x', seed: 1 })).toThrow(/The label fast has 1 piece that stands alone/); // prettier-ignore
  });
});
