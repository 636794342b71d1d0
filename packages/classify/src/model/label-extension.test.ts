import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { fitStyleModel, type LabelledFeatures } from './fit-model.ts';
import { extendLabels } from './label-extension.ts';
import { readStyleModel, writeStyleModel } from './model-checkpoint.ts';
import { conclude, judge } from './style-model.ts';

const CENTRES = [
  [0, 0],
  [10, 0],
  [5, 9],
  [-8, 8],
] as const;
function clouds(kinds: readonly number[], count: number, seed: number): LabelledFeatures[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, i) => {
    const label = kinds[i % kinds.length]!;
    return { features: CENTRES[label]!.map((x) => x + rng.normal()), label, piece: String(i) };
  });
}
const { model } = fitStyleModel(clouds([0, 1], 200, 1), clouds([0, 1], 60, 2), {
  name: 'clouds',
  modality: 'score',
  labels: ['a', 'b'],
  features: ['x', 'y'],
  candidates: [{ kind: 'logistic', l2: 0.01, iterations: 60 }],
  balance: 0,
  risk: 0.05,
  familiar: 0.99,
  rng: createRng(1),
});
const examples = clouds([2, 3], 10, 3).map(({ features, label }) => ({
  features,
  label: label === 2 ? 'c' : 'd',
}));
const extended = extendLabels(model, examples);

describe('labels added by five examples each', () => {
  it('are told from the old ones and from each other', () => {
    const rows = clouds([0, 1, 2, 3], 80, 4);
    const right = rows.filter(
      ({ features, label }) =>
        conclude(extended, [judge(extended, features)]).probabilities[0]!.label === 'abcd'[label],
    ).length;
    expect(right / rows.length).toBeGreaterThan(0.97);
    expect(conclude(model, [judge(model, [5, 9])])).toMatchObject({ label: null, unsure: 'unfamiliar' });
    expect(conclude(extended, [judge(extended, [5, 9])]).label).toBe('c');
  });
  it('leave the odds among the old labels as they were, and probabilities that sum to 1', () => {
    for (const { features } of clouds([0, 1, 2], 12, 5)) {
      const [before, after] = [judge(model, features).probabilities, judge(extended, features).probabilities];
      expect(after[0]! * before[1]!).toBeCloseTo(after[1]! * before[0]!, 12);
      expect(after.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
  });
  it('come back from the checkpoint, and can be added to again', () => {
    const again = readStyleModel(writeStyleModel(extended, { modelCard: '', metrics: [], training: {} }));
    expect(conclude(again, [judge(again, [4, 8])])).toEqual(conclude(extended, [judge(extended, [4, 8])]));
    const more = extendLabels(
      extendLabels(
        model,
        examples.filter(({ label }) => label === 'c'),
      ),
      examples.filter(({ label }) => label === 'd'),
    );
    expect(conclude(more, [judge(more, [-8, 8])])).toEqual(conclude(extended, [judge(extended, [-8, 8])]));
  });
  it('are refused without examples, under a name that is taken, or of another width', () => {
    expect(() => extendLabels(model, [])).toThrow(/there are none/);
    expect(() => extendLabels(model, [{ label: 'a', features: [0, 0] }])).toThrow(/has the label a already/);
    expect(() => extendLabels(model, [{ label: 'c', features: [0] }])).toThrow(/not 2 finite features/);
    expect(() => extendLabels(model, [{ label: 'c', features: [0, NaN] }])).toThrow(/not 2 finite features/);
  });
});
