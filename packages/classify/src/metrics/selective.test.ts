import { describe, expect, it } from 'vitest';
import { areaUnderRiskCoverage, areaUnderRoc, riskCoverage, thresholdForRisk } from './selective.ts';

describe('risk and coverage', () => {
  const confidences = [0.9, 0.6, 0.8, 0.6];
  const correct = [true, false, false, true];
  const points = riskCoverage(confidences, correct);

  it('is worked by hand, ties answered together', () => {
    expect(points).toEqual([
      { threshold: 0.9, coverage: 0.25, risk: 0 },
      { threshold: 0.8, coverage: 0.5, risk: 0.5 },
      { threshold: 0.6, coverage: 1, risk: 0.5 },
    ]);
    expect(areaUnderRiskCoverage(points)).toBeCloseTo(0.25 * 0 + 0.25 * 0.5 + 0.5 * 0.5, 12);
  });

  it('chooses the lowest threshold that keeps the risk', () => {
    expect(thresholdForRisk(points, 0.5)).toBe(0.6);
    expect(thresholdForRisk(points, 0.4)).toBe(0.9);
    expect(thresholdForRisk(riskCoverage([0.9], [false]), 0.1)).toBeGreaterThan(1);
  });
});

describe('area under the ROC curve', () => {
  it('counts pairs, ties as half', () => {
    expect(areaUnderRoc([3, 2], [1, 2])).toBe((1 + 1 + 1 + 0.5) / 4);
    expect(areaUnderRoc([5], [1])).toBe(1);
    expect(areaUnderRoc([], [1])).toBe(0.5);
  });
});
