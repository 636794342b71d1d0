import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { fitClassSpread } from './class-spread.ts';
import { fitDiscriminantAnalysis } from './discriminant-analysis.ts';
import { createLinearScorer, readLinearScorer } from './linear-scorer.ts';
import { trainLogisticRegression } from './logistic-regression.ts';

describe('linear discriminant analysis', () => {
  it('is the closed form in one dimension: slope 2m / σ² between means ±m', () => {
    const rows = [-3, -1, 1, 3].map((x) => Float32Array.of(x)); // classes {−3, −1}, {1, 3}: means ±2, variance 1
    const scorer = fitDiscriminantAnalysis(
      { rows, labels: [0, 0, 1, 1], weights: [1, 1, 1, 1], classes: 2 },
      { shrinkage: 0 },
    );
    const margin = (x: number): number => scorer.logits([x])[1]! - scorer.logits([x])[0]!;
    expect(margin(0)).toBeCloseTo(0, 9);
    expect(margin(1)).toBeCloseTo(4 / 1.001, 4); // ridge 0.001 on the variance
  });
  it('shrinks correlation and keeps variance', () => {
    const rng = createRng(3);
    const rows = Array.from({ length: 2000 }, () => {
      const x = rng.normal();
      return Float32Array.of(x, x + 0.1 * rng.normal());
    });
    const data = { rows, labels: rows.map(() => 0), weights: rows.map(() => 1), classes: 1 };
    const { factor } = fitClassSpread(data, 1, 0);
    expect(factor[2]).toBe(0); // off the diagonal
    expect(factor[0]).toBeCloseTo(1, 1);
  });
});

describe('logistic regression', () => {
  it('without penalty meets the closed form of one binary feature', () => {
    // x = 1: 3 of 4 in class 1; x = 0: 1 of 4. The log odds differ by ln 3 − ln (1/3) = 2 ln 3.
    const rows = [1, 1, 1, 1, 0, 0, 0, 0].map((x) => Float32Array.of(x));
    const data = { rows, labels: [1, 1, 1, 0, 1, 0, 0, 0], weights: rows.map(() => 1), classes: 2 };
    const scorer = trainLogisticRegression(data, { l2: 0, iterations: 800 });
    const odds = (x: number): number => scorer.logits([x])[1]! - scorer.logits([x])[0]!;
    expect(odds(1)).toBeCloseTo(Math.log(3), 2);
    expect(odds(0)).toBeCloseTo(-Math.log(3), 2);
  });
  it('counts a row of weight 3 as three rows', () => {
    const settings = { l2: 0.01, iterations: 100 };
    const heavy = trainLogisticRegression(
      { rows: [Float32Array.of(1), Float32Array.of(-1)], labels: [0, 1], weights: [3, 1], classes: 2 },
      settings,
    );
    const rows = [1, 1, 1, -1].map((x) => Float32Array.of(x));
    const many = trainLogisticRegression(
      { rows, labels: [0, 0, 0, 1], weights: [1, 1, 1, 1], classes: 2 },
      settings,
    );
    expect(heavy.logits([0.3])[0]).toBeCloseTo(many.logits([0.3])[0]!, 6);
  });
});

describe('linear scorer', () => {
  it('reads back what it stores, and refuses another width', () => {
    const scorer = createLinearScorer(Float32Array.of(1, 2, 3, 4), Float32Array.of(0.5, -0.5));
    expect([...readLinearScorer({}, scorer.arrays, 2).logits([1, 1])]).toEqual([3.5, 6.5]);
    expect(() => readLinearScorer({}, scorer.arrays, 3)).toThrow(/not 2 classes of 3 features/);
  });
});
