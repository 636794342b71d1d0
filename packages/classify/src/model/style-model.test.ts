import { createRng, isAttuneError } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createLinearScorer } from '../learners/linear-scorer.ts';
import { crossFitStyleModel, fitStyleModel, pieceWeights, type LabelledFeatures } from './fit-model.ts';
import { readStyleModel, writeStyleModel } from './model-checkpoint.ts';
import { fitOutlierSpread, limitOf, outlierDistance } from './outlier-check.ts';
import { fitStandardiser, standardise } from './standardiser.ts';
import { averageLogits, conclude, judge, type StyleModel } from './style-model.ts';

/** Three clouds of deviation 1 at the corners of a triangle of side 10. */
function clouds(count: number, seed: number): LabelledFeatures[] {
  const rng = createRng(seed);
  const centres = [
    [0, 0],
    [10, 0],
    [5, 8.66],
  ] as const;
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = centres[i % 3]!;
    return { features: [x + rng.normal(), y + rng.normal()], label: i % 3, piece: String(i) };
  });
}
const { model } = fitStyleModel(clouds(300, 1), clouds(90, 2), {
  name: 'clouds',
  modality: 'score',
  labels: ['a', 'b', 'c'],
  features: ['x', 'y'],
  candidates: [
    { kind: 'discriminant', shrinkage: 0.1 },
    { kind: 'trees', settings: { rounds: 10, depth: 2, featureShare: 1 } },
  ],
  balance: 0.5,
  risk: 0.05,
  familiar: 0.99,
  rng: createRng(1),
});
const NOTES = { modelCard: '# clouds', metrics: [{ accuracy: 1 }], training: { seed: 1 } };

describe('a fitted model', () => {
  it('labels the centre of each cloud, with probabilities that fall and sum to 1', () => {
    const answers = [
      [0, 0],
      [10, 0],
      [5, 8.66],
    ].map((features) => conclude(model, [judge(model, features)]));
    expect(answers.map(({ label }) => label)).toEqual(['a', 'b', 'c']);
    for (const { probabilities, confidence } of answers) {
      const values = probabilities.map(({ probability }) => probability);
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect([...values].sort((a, b) => b - a)).toEqual(values);
      expect(confidence).toBe(values[0]);
    }
  });
  it('is unsure far from all clouds, whatever the probability', () => {
    const far = conclude(model, [judge(model, [-40, -60])]);
    expect(far).toMatchObject({ label: null, unsure: 'unfamiliar', model: 'clouds' });
  });
  it('is unsure below its threshold', () => {
    const careful: StyleModel = { ...model, threshold: 1.01 };
    expect(conclude(careful, [judge(careful, [0, 0])])).toMatchObject({
      label: null,
      unsure: 'low-confidence',
    });
  });
  it('refuses a row that is no numbers or of another length, and names the feature', () => {
    expect(() => judge(model, [0, NaN])).toThrow(
      'The feature y is NaN, and the model clouds reads finite numbers.',
    );
    expect(() => judge(model, [Infinity, 0])).toThrow(/feature x is Infinity/);
    expect(() => judge(model, [0])).toThrow('The model clouds reads 2 features, and the row has 1.');
    try {
      judge(model, [0, NaN]);
      expect.unreachable();
    } catch (error) {
      expect(isAttuneError(error, 'feature/invalid')).toBe(true);
    }
  });
  it('averages the windows of a long input', () => {
    const [a, b] = [judge(model, [0, 0]), judge(model, [10, 0])];
    const both = conclude(model, [a, b]);
    expect(both.probabilities.find(({ label }) => label === 'a')!.probability).toBeCloseTo(
      (a.probabilities[0]! + b.probabilities[0]!) / 2,
      12,
    );
  });
});

describe('a model fitted by folds', () => {
  it('is trained on all rows, and judged on rows that it has not seen', () => {
    const rows = clouds(120, 4).flatMap((row, i) => {
      const group = String(Math.floor(i / 6));
      return [
        { ...row, group, copy: false },
        { ...row, group, copy: true },
      ];
    });
    const { model: folded, results } = crossFitStyleModel(rows, 5, {
      name: 'folded',
      modality: 'score',
      labels: ['a', 'b', 'c'],
      features: ['x', 'y'],
      candidates: [
        { kind: 'discriminant', shrinkage: 0.1 },
        { kind: 'logistic', l2: 0.01, iterations: 50 },
      ],
      balance: 0,
      risk: 0.05,
      familiar: 0.99,
      rng: createRng(1),
    });
    expect(results.map(({ name }) => name)).toHaveLength(3); // two and their average
    expect(Math.min(...results.map(({ accuracy }) => accuracy))).toBeGreaterThan(0.95);
    expect(conclude(folded, [judge(folded, [10, 0])]).label).toBe('b');
  });
});

describe('a model that rejects', () => {
  // The third cloud is no label, but what is to be rejected.
  const { model: picky, answers } = fitStyleModel(clouds(300, 1), clouds(90, 2), {
    name: 'picky',
    modality: 'audio',
    labels: ['a', 'b'],
    features: ['x', 'y'],
    candidates: [{ kind: 'discriminant', shrinkage: 0.1 }],
    balance: 0,
    risk: 0.05,
    familiar: 0.99,
    rejects: true,
    rng: createRng(1),
  });
  it('gives no label to what belongs to none, and the rest as ever', () => {
    expect(conclude(picky, [judge(picky, [5, 8.66])])).toMatchObject({ label: null, unsure: 'unfamiliar' });
    expect(conclude(picky, [judge(picky, [0, 0])]).label).toBe('a');
    const probabilities = conclude(picky, [judge(picky, [3, 3])]).probabilities;
    expect(probabilities.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
  });
  it('answers for the rows that have a label', () => {
    expect(answers).toHaveLength(60);
  });
  it('comes back from its checkpoint', () => {
    const again = readStyleModel(writeStyleModel(picky, NOTES));
    expect(conclude(again, [judge(again, [5, 8.66])])).toEqual(conclude(picky, [judge(picky, [5, 8.66])]));
  });
});

describe('its checkpoint', () => {
  it('answers the same after a round trip', () => {
    const again = readStyleModel(writeStyleModel(model, NOTES));
    for (const { features } of clouds(20, 3))
      expect(conclude(again, [judge(again, features)])).toEqual(conclude(model, [judge(model, features)]));
  });
  it('answers nearly the same from half precision, in fewer bytes', () => {
    const files = writeStyleModel(model, NOTES, { half: true });
    const again = readStyleModel(files);
    for (const { features } of clouds(20, 3)) {
      const [whole, half] = [judge(model, features), judge(again, features)];
      whole.probabilities.forEach((p, k) => expect(half.probabilities[k]).toBeCloseTo(p, 2));
    }
    const size = (of: Record<string, Uint8Array>): number => of['weights.safetensors']!.length;
    expect(size(files)).toBeLessThan(size(writeStyleModel(model, NOTES)));
    expect(again.standardiser).toEqual(model.standardiser);
  });
  it('of another kind or format version is refused in one sentence', () => {
    const files = writeStyleModel(model, NOTES);
    const config = JSON.parse(new TextDecoder().decode(files['config.json'])) as Record<string, unknown>;
    const changed = (change: object): Record<string, Uint8Array> => ({
      ...files,
      'config.json': new TextEncoder().encode(JSON.stringify({ ...config, ...change })),
    });
    expect(() => readStyleModel(changed({ kind: 'transformer' }))).toThrow(
      'This checkpoint is a transformer, and a style-classifier is needed.',
    );
    expect(() => readStyleModel(changed({ formatVersion: 99 }))).toThrow(/format version 99/);
    const inner = config.config as Record<string, unknown>;
    expect(() =>
      readStyleModel(changed({ config: { ...inner, scorers: [{ kind: 'forest-2', settings: {} }] } })),
    ).toThrow(/unknown kind "forest-2"/);
    expect(() => readStyleModel(changed({ config: { ...inner, temperature: -1 } }))).toThrow(
      /wrong at temperature, which is -1: /,
    );
    const { threshold: _, ...less } = inner;
    expect(() => readStyleModel(changed({ config: less }))).toThrow(/wrong at threshold, which is missing: /);
    expect(() => readStyleModel(changed({ config: { ...inner, columns: 2 } }))).toThrow(
      'The model clouds reads 2 columns of a table among 2 features of score.',
    );
    expect(() => readStyleModel(changed({ config: { ...inner, columns: 1, modality: 'audio' } }))).toThrow(
      /reads 1 columns of a table among 2 features of audio/,
    );
    expect(() => readStyleModel(changed({ config: { ...inner, labels: ['a', 'b'] } }))).toThrow(
      /2 classes, and its part/,
    );
  });
  it('with a file missing is refused with a code', () => {
    const { 'weights.safetensors': _, ...rest } = writeStyleModel(model, NOTES);
    try {
      readStyleModel(rest);
      expect.unreachable();
    } catch (error) {
      expect(isAttuneError(error, 'checkpoint/malformed')).toBe(true);
    }
  });
});

describe('the parts of a model', () => {
  it('standardise: mean 0, deviation 1 by weight; a constant feature stays 0; far values are clipped', () => {
    const standardiser = fitStandardiser(
      [
        [0, 7],
        [2, 7],
      ],
      [1, 3],
    );
    expect([...standardiser.mean]).toEqual([1.5, 7]);
    expect(standardiser.deviation[0]).toBeCloseTo(Math.sqrt(0.75), 6); // ¼ · 1.5² + ¾ · 0.5²
    expect([...standardise(standardiser, [1.5, 7])]).toEqual([0, 0]);
    expect(standardise(standardiser, [1e9, 7])[0]).toBe(8);
  });
  it('measure Mahalanobis distance a feature to the nearest class', () => {
    const rows = [-1, 1, 9, 11].flatMap((x) => [Float32Array.of(x, -1), Float32Array.of(x, 1)]); // means (0, 0), (10, 0); covariance I
    const check = fitOutlierSpread({
      rows,
      labels: [0, 0, 0, 0, 1, 1, 1, 1],
      weights: rows.map(() => 1),
      classes: 2,
    });
    expect(outlierDistance(check, [10, 4])).toBeCloseTo(16 / 1.01 / 2, 4); // ridge 0.01
  });
  it('set the limit where the stated share passes', () => {
    const distances = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(limitOf(distances, 0.99)).toBe(99);
    expect(limitOf(distances, 1)).toBe(100);
    expect(limitOf([], 0.99)).toBe(Infinity);
  });
  it('average logits after centring', () => {
    const constant = (...bias: number[]): ReturnType<typeof createLinearScorer> =>
      createLinearScorer(new Float32Array(bias.length), Float32Array.from(bias));
    expect([...averageLogits([constant(1, 3), constant(100, 100)], Float32Array.of(0))]).toEqual([-0.5, 0.5]);
  });
  it('weigh pieces alike, and classes alike when fully balanced', () => {
    const rows = [
      { features: [], label: 0, piece: 'p' },
      { features: [], label: 0, piece: 'p' },
      { features: [], label: 0, piece: 'q' },
      { features: [], label: 1, piece: 'r' },
    ];
    expect(pieceWeights(rows, 2, 0).map((w) => w / pieceWeights(rows, 2, 0)[2]!)).toEqual([0.5, 0.5, 1, 1]);
    const balanced = pieceWeights(rows, 2, 1);
    expect(balanced[0]! + balanced[1]! + balanced[2]!).toBeCloseTo(balanced[3]!, 12);
  });
});
