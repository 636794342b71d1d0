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
  for (let i = 0; i < n; i++) matrix.fill(0, i * n + i + 1, (i + 1) * n);
  invertLowerInPlace(matrix, n, tell);
  return multiplyTransposed(matrix, n, tell);
}

function factoriseInPlace(a: Float64Array, n: number, tell: (done: number) => void): void {
  const rest = new Float64Array(BLOCK);
  for (let from = 0; from < n; from += BLOCK) {
    tell(from);
    const to = Math.min(n, from + BLOCK);
    for (let j = 0; j < to; j++) {
      const first = Math.max(from, j);
      subtractProducts(a, n, first, to, j, rest);
      for (let i = first; i < to; i++) {
        const value = rest[i - first]!;
        if (i > j) a[i * n + j] = value / a[j * n + j]!;
        else if (value > 0) a[i * n + i] = Math.sqrt(value);
        else {
          throw new AttuneError(
            'model/invalid',
            `The matrix is not positive definite: pivot ${i} is ${value}.`,
            {
              row: i,
            },
          );
        }
      }
    }
  }
}

/** rest[i − from] = a[i, j] − a[i, 0 … j) · a[j, 0 … j), for four rows i at a time, so that row j is read once. */
function subtractProducts(
  a: Float64Array,
  n: number,
  from: number,
  to: number,
  j: number,
  rest: Float64Array,
): void {
  const y = j * n;
  let i = from;
  for (; i + 3 < to; i += 4) {
    const [x0, x1, x2, x3] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
    let [s0, s1, s2, s3] = [a[x0 + j]!, a[x1 + j]!, a[x2 + j]!, a[x3 + j]!];
    for (let k = 0; k < j; k++) {
      const value = a[y + k]!;
      s0 -= a[x0 + k]! * value;
      s1 -= a[x1 + k]! * value;
      s2 -= a[x2 + k]! * value;
      s3 -= a[x3 + k]! * value;
    }
    rest[i - from] = s0;
    rest[i - from + 1] = s1;
    rest[i - from + 2] = s2;
    rest[i - from + 3] = s3;
  }
  for (; i < to; i++) {
    let sum = a[i * n + j]!;
    for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[y + k]!;
    rest[i - from] = sum;
  }
}

/** L → L⁻¹: row i of the inverse is (e_i − Σ_k<i L_ik row k) / L_ii. */
function invertLowerInPlace(a: Float64Array, n: number, tell: (done: number) => void): void {
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (i % BLOCK === 0) tell(n + i);
    row.fill(0, 0, i);
    addRows(a, n, 0, i, (k) => -a[i * n + k]!, row, 0, i);
    const pivot = a[i * n + i]!;
    for (let c = 0; c < i; c++) a[i * n + c] = row[c]! / pivot;
    a[i * n + i] = 1 / pivot;
  }
}

/** M → Mᵀ M for lower triangular M: row i is Σ_k≥i M_ki row k. */
function multiplyTransposed(a: Float64Array, n: number, tell: (done: number) => void): Float64Array {
  const product = new Float64Array(n * n);
  for (let k = 0; k < n; k += BLOCK) {
    tell(2 * n + k);
    const to = Math.min(n, k + BLOCK);
    for (let i = 0; i < to; i++) {
      addRows(a, n, Math.max(i, k), to, (r) => a[r * n + i]!, product, i * n, i + 1);
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) product[j * n + i] = product[i * n + j]!;
  return product;
}

/** Adds Σ factorOf(k) · a[k, 0 … length) over k in from … to − 1 to `out`, four rows at a time. */
function addRows(
  a: Float64Array,
  n: number,
  from: number,
  to: number,
  factorOf: (k: number) => number,
  out: Float64Array,
  at: number,
  length: number,
): void {
  let k = from;
  for (; k + 3 < to; k += 4) {
    const [f0, f1, f2, f3] = [factorOf(k), factorOf(k + 1), factorOf(k + 2), factorOf(k + 3)];
    const [r0, r1, r2, r3] = [k * n, (k + 1) * n, (k + 2) * n, (k + 3) * n];
    const end = Math.min(length, k + 4); // the rows are lower triangular: 0 beyond
    for (let c = 0; c < end; c++) {
      out[at + c]! += f0 * a[r0 + c]! + f1 * a[r1 + c]! + (f2 * a[r2 + c]! + f3 * a[r3 + c]!);
    }
  }
  for (; k < to; k++) {
    const f = factorOf(k);
    const end = Math.min(length, k + 1);
    for (let c = 0; c < end; c++) out[at + c]! += f * a[k * n + c]!;
  }
}
