import { AttuneError } from '@attune/core';

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
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i !== j) {
        lower[i * n + j] = sum / lower[j * n + j]!;
        continue;
      }
      if (!(sum > 0)) {
        throw new AttuneError('argument/invalid', `The matrix is not positive definite: pivot ${i} is ${sum}.`, { row: i });
      }
      lower[i * n + i] = Math.sqrt(sum);
    }
  }
  return { n, lower };
}

/** x with L x = b. */
export function solveLower({ n, lower }: Cholesky, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
  return x;
}

/** x with Lᵀ x = b. */
export function solveUpper({ n, lower }: Cholesky, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
  return x;
}

/** x with A x = b. */
export function solve(factor: Cholesky, b: ArrayLike<number>): Float64Array {
  return solveUpper(factor, solveLower(factor, b));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
