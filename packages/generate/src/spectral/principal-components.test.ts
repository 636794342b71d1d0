import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { findPrincipalComponents, symmetricEigen } from './principal-components.ts';

describe('principal components', () => {
  it('of points on an ellipse are its axes and their lengths', () => {
    // (3, 4) / 5 and (−4, 3) / 5, with half-axes 10 and 2, around (7, −1): a circle's mean square is ½
    const rows = Float32Array.from({ length: 2 * 360 }, (_, i) => {
      const angle = (2 * Math.PI * Math.floor(i / 2)) / 360;
      const [u, v] = [10 * Math.cos(angle), 2 * Math.sin(angle)];
      return i % 2 === 0 ? 7 + 0.6 * u - 0.8 * v : -1 + 0.8 * u + 0.6 * v;
    });
    const { mean, directions, deviations } = findPrincipalComponents(rows, 2, 2, createRng(1));
    expect(mean[0]).toBeCloseTo(7, 5);
    expect(mean[1]).toBeCloseTo(-1, 5);
    expect(deviations[0]).toBeCloseTo(10 / Math.SQRT2, 4);
    expect(deviations[1]).toBeCloseTo(2 / Math.SQRT2, 4);
    expect(Math.abs(directions[0]! * 0.6 + directions[1]! * 0.8)).toBeCloseTo(1, 6);
  });

  it('are orthonormal, and span rows of that rank whole', () => {
    const rng = createRng(2);
    const base = Array.from({ length: 3 }, () => Float64Array.from({ length: 20 }, () => rng.normal()));
    const rows = new Float32Array(50 * 20);
    for (let r = 0; r < 50; r++) {
      for (const direction of base) {
        const weight = rng.normal();
        for (let k = 0; k < 20; k++) rows[r * 20 + k]! += weight * direction[k]!;
      }
    }
    const { mean, directions } = findPrincipalComponents(rows, 20, 3, createRng(3));
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        let product = 0;
        for (let k = 0; k < 20; k++) product += directions[a * 20 + k]! * directions[b * 20 + k]!;
        expect(product).toBeCloseTo(a === b ? 1 : 0, 9);
      }
    }
    let missed = 0;
    for (let r = 0; r < 50; r++) {
      const left = Float64Array.from({ length: 20 }, (_, k) => rows[r * 20 + k]! - mean[k]!);
      for (let c = 0; c < 3; c++) {
        const own = directions.subarray(c * 20, (c + 1) * 20);
        const along = own.reduce((sum, value, k) => sum + value * left[k]!, 0);
        own.forEach((value, k) => (left[k]! -= along * value));
      }
      missed = Math.max(missed, ...left.map(Math.abs));
    }
    expect(missed).toBeLessThan(1e-5);
  });

  it('refuse fewer rows than components, and values that are no rows', () => {
    expect(() => findPrincipalComponents(new Float32Array(8), 4, 3, createRng(1))).toThrow(/3 components/);
    expect(() => findPrincipalComponents(new Float32Array(9), 4, 1, createRng(1))).toThrow(/no rows of 4/);
  });

  it('rest on eigenvalues: those of a matrix worked by hand', () => {
    // eigenvalues 1, 2 ± √2
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 0, 1, 2, 1, 0, 1, 1 + 1), 3);
    expect([...values].sort((a, b) => a - b)).toEqual(
      [2 - Math.SQRT2, 2, 2 + Math.SQRT2].map((value) => expect.closeTo(value, 10) as number),
    );
    expect(vectors.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(3, 10);
  });
});
