import { describe, expect, it } from 'vitest';
import { cholesky, solveLower, solveUpper } from './cholesky.ts';

describe('Cholesky', () => {
  it('factors the textbook matrix and solves with both triangles', () => {
    const factor = cholesky(Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98), 3);
    expect([...factor]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3]);
    const x = solveUpper(factor, solveLower(factor, [4, 12, -16])); // the first column: x = (1, 0, 0)
    [1, 0, 0].forEach((value, i) => expect(x[i]).toBeCloseTo(value, 12));
  });
  it('refuses a matrix that is not positive definite', () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(/not positive definite/);
  });
});
