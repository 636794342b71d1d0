import { AttuneError } from './errors.ts';

/**
 * Cholesky factor L, L Lᵀ = matrix, in place on the lower triangle of a symmetric positive definite matrix [n, n]; the
 * upper triangle becomes 0. Throws `argument/invalid` for a matrix that is not positive definite.
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      if (i !== j) matrix[i * n + j] = sum / matrix[j * n + j]!;
      else if (sum > 0) matrix[i * n + i] = Math.sqrt(sum);
      else
        throw new AttuneError('argument/invalid', `The matrix is not positive definite (row ${i}).`, {
          row: i,
        });
    }
    matrix.fill(0, i * n + i + 1, (i + 1) * n);
  }
  return matrix;
}

/** x with L x = b (forward substitution). */
export function solveLower(factor: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * x[k]!;
    x[i] = sum / factor[i * n + i]!;
  }
  return x;
}

/** x with Lᵀ x = b (backward substitution). */
export function solveUpper(factor: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i]! * x[k]!;
    x[i] = sum / factor[i * n + i]!;
  }
  return x;
}
