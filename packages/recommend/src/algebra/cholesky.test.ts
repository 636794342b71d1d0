import { createRng, isAttuneError } from '@attune/core';
import { expect, it } from 'vitest';
import { factorise, solve, solveLower, solveUpper } from './cholesky.ts';

it('factorises a matrix worked by hand', () => {
  // [[4, 2], [2, 5]] = [[2, 0], [1, 2]] · [[2, 1], [0, 2]]
  const { lower } = factorise(Float64Array.of(4, 2, 2, 5), 2);
  expect([...lower]).toEqual([2, 0, 1, 2]);
});

it('solves a system worked by hand', () => {
  const factor = factorise(Float64Array.of(4, 2, 2, 5), 2);
  expect([...solveLower(factor, [2, 5])]).toEqual([1, 2]);
  expect([...solveUpper(factor, [3, 2])]).toEqual([1, 1]);
  expect([...solve(factor, [6, 7])]).toEqual([1, 1]); // A·[1, 1] = [6, 7]
});

it('gives back x from A x for random positive definite matrices', () => {
  const rng = createRng(1);
  for (const n of [1, 5, 30]) {
    const b = Float64Array.from({ length: n * n }, () => rng.normal());
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = i === j ? 1 : 0;
        for (let k = 0; k < n; k++) sum += b[i * n + k]! * b[j * n + k]!;
        matrix[i * n + j] = sum;
      }
    const x = Float64Array.from({ length: n }, () => rng.normal());
    const y = x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * n + j]! * value, 0));
    solve(factorise(matrix, n), y).forEach((value, i) => expect(Math.abs(value - x[i]!)).toBeLessThan(1e-9));
  }
});

it('refuses a matrix that is not positive definite, and one with NaN', () => {
  for (const matrix of [Float64Array.of(1, 2, 2, 1), Float64Array.of(NaN, 0, 0, 1)]) {
    let caught: unknown;
    try {
      factorise(matrix, 2);
    } catch (error) {
      caught = error;
    }
    expect(isAttuneError(caught, 'argument/invalid')).toBe(true);
  }
});
