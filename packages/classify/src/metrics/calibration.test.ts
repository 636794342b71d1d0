import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { expectedCalibrationError, fitTemperature, logLoss, softmax } from './calibration.ts';

describe('softmax', () => {
  it('is the closed form for two classes, at any size of logits', () => {
    expect(softmax([Math.log(3), 0])[0]).toBeCloseTo(0.75, 12);
    expect(softmax([1000, 1000 - Math.log(3)])[0]).toBeCloseTo(0.75, 12);
    expect([...softmax([-1e9, 0])]).toEqual([0, 1]);
  });
});

describe('temperature scaling', () => {
  it('finds the closed form for one margin: of logits ±m with a share q right, T = m / ln(q / (1 − q))', () => {
    const logits = Array.from({ length: 10 }, () => [4, 0]);
    const truth = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]; // q = 0.8
    expect(fitTemperature(logits, truth)).toBeCloseTo(4 / Math.log(4), 4);
  });

  it('finds T = 3 again in labels drawn from softmax(logits / 3)', () => {
    const rng = createRng(7);
    const logits = Array.from({ length: 4000 }, () => [rng.normal() * 5, rng.normal() * 5, rng.normal() * 5]);
    const truth = logits.map((row) => rng.categorical(softmax(row, 3)));
    const found = fitTemperature(logits, truth);
    expect(found).toBeGreaterThan(2.8);
    expect(found).toBeLessThan(3.2);
    expect(logLoss(logits, truth, found)).toBeLessThanOrEqual(logLoss(logits, truth, 3));
  });
});

describe('log loss', () => {
  it('is ln K of equal logits', () => {
    expect(logLoss([[0, 0, 0, 0]], [2])).toBeCloseTo(Math.log(4), 12);
  });
});

describe('expected calibration error', () => {
  it('is worked by hand over two bins', () => {
    // bin (0, 0.5]: confidences 0.4, 0.5, one right: |1 − 0.9| = 0.1; bin (0.5, 1]: 0.9, 1.0, one right: |1 − 1.9| = 0.9
    expect(expectedCalibrationError([0.4, 0.5, 0.9, 1], [true, false, true, false], 2)).toBeCloseTo(
      (0.1 + 0.9) / 4,
      12,
    );
  });
  it('is 0 where confidence is the share right', () => {
    expect(expectedCalibrationError([0.75, 0.75, 0.75, 0.75], [true, true, true, false])).toBeCloseTo(0, 12);
  });
  it('is 0 of nothing', () => {
    expect(expectedCalibrationError([], [])).toBe(0);
  });
});
