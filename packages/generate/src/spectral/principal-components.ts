import { AttuneError, type Rng } from '@attune/core';

/** The best linear code of its size: the mean, and the directions in which rows differ most from it. */
export interface PrincipalComponents {
  /** [size]. */
  readonly mean: Float64Array;
  /** [components, size], orthonormal, by falling deviation. */
  readonly directions: Float64Array;
  /** [components]: standard deviation of the rows along each. */
  readonly deviations: Float64Array;
}

/** Directions beyond the wanted ones, which make the iteration settle sooner (Halko, Martinsson & Tropp 2011). */
const SPARE = 8;
const ITERATIONS = 14;

/**
 * Principal components of `rows`, [count, size], by subspace iteration on the covariance, then a rotation of what was
 * found to its own principal axes. Throws `argument/invalid` for fewer rows than components, or shapes that do not fit.
 */
export function findPrincipalComponents(
  rows: Float32Array,
  size: number,
  components: number,
  rng: Rng,
): PrincipalComponents {
  const count = rows.length / size;
  if (!Number.isInteger(count) || count < components || components < 1 || components > size) {
    throw new AttuneError(
      'argument/invalid',
      `${rows.length} values are no rows of ${size} from which ${components} components can be found.`,
      { values: rows.length, size, components },
    );
  }
  const mean = meanOf(rows, size);
  const covariance = covarianceOf(rows, mean);
  const width = Math.min(size, components + SPARE);
  let basis = Float64Array.from({ length: width * size }, () => rng.normal());
  orthonormalise(basis, width, size, rng);
  for (let i = 0; i < ITERATIONS; i++) {
    basis = multiply(covariance, basis, width, size);
    orthonormalise(basis, width, size, rng);
  }
  const image = multiply(covariance, basis, width, size);
  const inner = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += basis[a * size + k]! * image[b * size + k]!;
      inner[a * width + b] = sum;
    }
  }
  const { values, vectors } = symmetricEigen(inner, width);
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!);
  const directions = new Float64Array(components * size);
  const deviations = new Float64Array(components);
  for (let c = 0; c < components; c++) {
    const column = order[c]!;
    deviations[c] = Math.sqrt(Math.max(0, values[column]!));
    for (let a = 0; a < width; a++) {
      const share = vectors[a * width + column]!;
      for (let k = 0; k < size; k++) directions[c * size + k]! += share * basis[a * size + k]!;
    }
  }
  return { mean, directions, deviations };
}

/** Eigenvalues, and eigenvectors as columns [n, n], of a symmetric matrix [n, n]: cyclic Jacobi rotations. */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const offDiagonal = (): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += a[i * n + j]! ** 2;
    return sum;
  };
  const total = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < 60 && offDiagonal() > 1e-24 * total; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
    }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
}

/** Makes a[p, q] zero (Golub & Van Loan, Matrix Computations, section 8.5). */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const off = a[p * n + q]!;
  if (off === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * off);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + p]!, a[k * n + q]!];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p * n + k]!, a[q * n + k]!];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const [u, v] = [vectors[k * n + p]!, vectors[k * n + q]!];
    vectors[k * n + p] = c * u - s * v;
    vectors[k * n + q] = s * u + c * v;
  }
}

function meanOf(rows: Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  const count = rows.length / size;
  for (let i = 0; i < rows.length; i++) mean[i % size]! += rows[i]! / count;
  return mean;
}

/** [size, size]. */
function covarianceOf(rows: Float32Array, mean: Float64Array): Float64Array {
  const size = mean.length;
  const count = rows.length / size;
  const covariance = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let at = 0; at < rows.length; at += size) {
    for (let k = 0; k < size; k++) row[k] = rows[at + k]! - mean[k]!;
    for (let i = 0; i < size; i++) {
      const value = row[i]!;
      const start = i * size;
      for (let j = 0; j <= i; j++) covariance[start + j]! += value * row[j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = covariance[i * size + j]! / count;
      covariance[i * size + j] = value;
      covariance[j * size + i] = value;
    }
  }
  return covariance;
}

/** Each of `width` vectors [width, size] times the symmetric matrix. */
function multiply(
  matrix: Float64Array,
  vectors: Float64Array,
  width: number,
  size: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(width * size);
  for (let a = 0; a < width; a++) {
    for (let k = 0; k < size; k++) {
      const value = vectors[a * size + k]!;
      const [from, to] = [k * size, a * size];
      for (let j = 0; j < size; j++) out[to + j]! += value * matrix[from + j]!;
    }
  }
  return out;
}

/** Gram and Schmidt's method, twice over; a vector that others span already is drawn anew. */
function orthonormalise(vectors: Float64Array, width: number, size: number, rng: Rng): void {
  for (let a = 0; a < width; a++) {
    const own = vectors.subarray(a * size, (a + 1) * size);
    for (let attempt = 0; ; attempt++) {
      const before = lengthOf(own);
      for (let pass = 0; pass < 2; pass++) {
        for (let b = 0; b < a; b++) {
          let along = 0;
          for (let k = 0; k < size; k++) along += own[k]! * vectors[b * size + k]!;
          for (let k = 0; k < size; k++) own[k]! -= along * vectors[b * size + k]!;
        }
      }
      const after = lengthOf(own);
      if (after > 1e-10 * before && after > 0) {
        for (let k = 0; k < size; k++) own[k]! /= after;
        break;
      }
      for (let k = 0; k < size; k++) own[k] = rng.normal();
    }
  }
}

function lengthOf(vector: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += vector[k]! ** 2;
  return Math.sqrt(sum);
}
