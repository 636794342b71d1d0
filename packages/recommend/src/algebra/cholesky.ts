import { cholesky, solveLower as solveWithLower, solveUpper as solveWithUpper } from '@attune/core';

/** Lower triangle L of A = L Lᵀ, row-major n × n. */
export interface Cholesky {
  readonly n: number;
  readonly lower: Float64Array;
}

/**
 * Cholesky factor of a symmetric positive definite matrix (row-major, n × n; only the lower triangle is read).
 * @throws `argument/invalid` where the matrix is not positive definite.
 */
export function factorise(matrix: Float64Array, n: number): Cholesky {
  return { n, lower: cholesky(Float64Array.from(matrix), n) };
}

/** x with L x = b. */
export function solveLower({ lower }: Cholesky, b: ArrayLike<number>): Float64Array {
  return solveWithLower(lower, b);
}

/** x with Lᵀ x = b. */
export function solveUpper({ lower }: Cholesky, b: ArrayLike<number>): Float64Array {
  return solveWithUpper(lower, b);
}

/** x with A x = b. */
export function solve(factor: Cholesky, b: ArrayLike<number>): Float64Array {
  return solveUpper(factor, solveLower(factor, b));
}

/** Inner product Σ aᵢbᵢ of two vectors of one length, in double precision. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
