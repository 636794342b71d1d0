import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { frechetDistance, symmetricEigenvalues } from './frechet.ts';

describe('Fréchet distance', () => {
  it('of one feature is (μ₁ − μ₂)² + (σ₁ − σ₂)², in units of the real deviation', () => {
    const real = [-2, 2].map((x) => Float64Array.of(x)); // μ 0, σ 2
    const other = [3, 9].map((x) => Float64Array.of(x)); // μ 6, σ 3: in units of 2, 3 and 1.5
    expect(frechetDistance(real, other)).toBeCloseTo(9 + 0.25, 4);
  });

  it('is 0 between a set and itself, and sees correlation that the single features do not show', () => {
    const rng = createRng(3);
    const rows = (correlation: number): Float64Array[] =>
      Array.from({ length: 400 }, () => {
        const [x, y] = [rng.normal(), rng.normal()];
        return Float64Array.of(x, correlation * x + Math.sqrt(1 - correlation ** 2) * y);
      });
    const [plain, correlated] = [rows(0), rows(0.9)];
    expect(frechetDistance(plain, plain)).toBeCloseTo(0, 6);
    // with Σ₁ = I and eigenvalues 1.9 and 0.1 of Σ₂: (1 − √1.9)² + (1 − √0.1)² = 0.611; samples of 400 are near
    expect(frechetDistance(plain, correlated)).toBeGreaterThan(0.45);
    expect(frechetDistance(plain, correlated)).toBeLessThan(0.8);
  });

  it('leaves out a feature that is constant in the real set', () => {
    const real = [-1, 1].map((x) => Float64Array.of(x, 5));
    const other = [-1, 1].map((x) => Float64Array.of(x, 99));
    expect(frechetDistance(real, other)).toBeCloseTo(0, 6);
  });

  it('finds eigenvalues of a matrix whose ones are known', () => {
    const values = symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2).sort((a, b) => a - b);
    expect(values[0]).toBeCloseTo(1, 10);
    expect(values[1]).toBeCloseTo(3, 10);
  });

  it('refuses sets that cannot be compared', () => {
    expect(() => frechetDistance([Float64Array.of(1)], [Float64Array.of(1)])).toThrowError(/at least 2/);
  });
});
