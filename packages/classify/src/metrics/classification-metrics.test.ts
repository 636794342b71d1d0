import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  balancedAccuracy,
  classScores,
  confusionMatrix,
  macroF1,
} from './classification-metrics.ts';

// Worked by hand: 10 examples of classes 0 (5), 1 (3), 2 (2).
const TRUTH = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2];
const ANSWER = [0, 0, 0, 1, 2, 1, 1, 0, 2, 0];
const matrix = confusionMatrix(TRUTH, ANSWER, 3);

describe('classification metrics', () => {
  it('counts true label by row and answer by column', () => {
    expect(matrix).toEqual([
      [3, 1, 1],
      [1, 2, 0],
      [1, 0, 1],
    ]);
  });

  it('gives precision, recall and F1 by hand', () => {
    const [a, b, c] = classScores(matrix);
    expect(a).toMatchObject({ precision: 3 / 5, recall: 3 / 5, support: 5 });
    expect(a!.f1).toBeCloseTo(0.6, 12);
    expect(b!.f1).toBeCloseTo(2 / 3, 12); // P 2/3, R 2/3
    expect(c!.f1).toBeCloseTo(0.5, 12); // P 1/2, R 1/2
  });

  it('averages them without weights', () => {
    expect(accuracyOf(matrix)).toBeCloseTo(0.6, 12);
    expect(macroF1(matrix)).toBeCloseTo((0.6 + 2 / 3 + 0.5) / 3, 12);
    expect(balancedAccuracy(matrix)).toBeCloseTo((0.6 + 2 / 3 + 0.5) / 3, 12);
  });

  it('counts a class that was only predicted in macro-F1, and not in balanced accuracy', () => {
    const wrong = confusionMatrix([0, 0], [0, 1], 3);
    expect(macroF1(wrong)).toBeCloseTo((2 / 3 + 0) / 2, 12);
    expect(balancedAccuracy(wrong)).toBe(0.5);
  });

  it('is 0, not NaN, of nothing', () => {
    const empty = confusionMatrix([], [], 2);
    expect([accuracyOf(empty), macroF1(empty), balancedAccuracy(empty)]).toEqual([0, 0, 0]);
  });

  it('refuses labels outside the classes and lists of unequal length', () => {
    expect(() => confusionMatrix([0], [3], 3)).toThrow(/not one of 3 classes/);
    expect(() => confusionMatrix([0, 1], [0], 3)).toThrow(/2 true labels and 1 predictions/);
  });
});
