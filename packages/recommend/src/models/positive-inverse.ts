import { AttuneError, throwIfCancelled } from '@attune/core';
import type { FitOptions } from './recommender.ts';

/** Rows of the factor that are worked on together while another row passes by: they stay in the second-level cache. */
const BLOCK = 48;

/**
 * The inverse of a symmetric positive definite matrix [n, n], row-major, from its lower triangle; all of it is filled.
 * Works in place: Cholesky factor L, then L⁻¹, then L⁻ᵀ L⁻¹; about n³/2 multiplications.
 * @throws `model/invalid` where the matrix is not positive definite, `cancelled`
 */
export function invertPositive(
  matrix: Float64Array,
  n: number,
  { signal, onProgress }: FitOptions = {},
): Float64Array {
  const steps = 3 * n;
  const tell = (done: number): void => {
    throwIfCancelled(signal);
    onProgress?.({ done, total: steps, stage: 'inverting' });
  };
  factoriseInPlace(matrix, n, tell);
  invertLowerInPlace(matrix, n, tell);
  return multiplyTransposed(matrix, n, tell);
}

function factoriseInPlace(a: Float64Array, n: number, tell: (done: number) => void): void {
  for (let from = 0; from < n; from += BLOCK) {
    tell(from);
    const to = Math.min(n, from + BLOCK);
    for (let j = 0; j < to; j++) {
      for (let i = Math.max(from, j); i < to; i++) {
        const rest = a[i * n + j]! - dotRows(a, i * n, j * n, j);
        if (i > j) a[i * n + j] = rest / a[j * n + j]!;
        else if (rest > 0) a[i * n + i] = Math.sqrt(rest);
        else {
          throw new AttuneError(
            'model/invalid',
            `The matrix is not positive definite: pivot ${i} is ${rest}.`,
            {
              row: i,
            },
          );
        }
      }
    }
  }
}

/** L → L⁻¹: row i of the inverse is (e_i − Σ_k<i L_ik row k) / L_ii. */
function invertLowerInPlace(a: Float64Array, n: number, tell: (done: number) => void): void {
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (i % BLOCK === 0) tell(n + i);
    row.fill(0, 0, i);
    for (let k = 0; k < i; k++) {
      const factor = a[i * n + k]!;
      if (factor === 0) continue;
      const at = k * n;
      for (let c = 0; c <= k; c++) row[c]! -= factor * a[at + c]!;
    }
    const pivot = a[i * n + i]!;
    for (let c = 0; c < i; c++) a[i * n + c] = row[c]! / pivot;
    a[i * n + i] = 1 / pivot;
  }
}

/** M → Mᵀ M for lower triangular M. */
function multiplyTransposed(a: Float64Array, n: number, tell: (done: number) => void): Float64Array {
  const product = new Float64Array(n * n);
  for (let from = 0; from < n; from += BLOCK) {
    tell(2 * n + from);
    const to = Math.min(n, from + BLOCK);
    for (let k = from; k < n; k++) {
      for (let i = from; i < Math.min(to, k + 1); i++) {
        const factor = a[k * n + i]!;
        const [out, at] = [i * n, k * n];
        for (let j = 0; j <= i; j++) product[out + j]! += factor * a[at + j]!;
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) product[j * n + i] = product[i * n + j]!;
  return product;
}

/** Four sums side by side, so that one addition does not wait for the last. */
function dotRows(a: Float64Array, x: number, y: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[x + k]! * a[y + k]!;
    s1 += a[x + k + 1]! * a[y + k + 1]!;
    s2 += a[x + k + 2]! * a[y + k + 2]!;
    s3 += a[x + k + 3]! * a[y + k + 3]!;
  }
  for (; k < length; k++) s0 += a[x + k]! * a[y + k]!;
  return s0 + s1 + (s2 + s3);
}
