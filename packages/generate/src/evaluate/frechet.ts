import { AttuneError, cholesky } from '@attune/core';

/**
 * Fréchet distance of two sets of feature vectors [n][d], each taken as a Gaussian (Dowson & Landau 1982; used on
 * network features by Heusel et al. 2017): ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½). Features are first divided by their
 * standard deviation in `real`; one that is constant there is left out. Covariances are of the population, with 1e-6
 * added to the diagonal. Throws `argument/invalid` for fewer than 2 vectors or differing widths.
 */
export function frechetDistance(real: readonly Float64Array[], other: readonly Float64Array[]): number {
  const width = real[0]?.length ?? 0;
  if (real.length < 2 || other.length < 2 || [...real, ...other].some(({ length }) => length !== width)) {
    throw new AttuneError(
      'argument/invalid',
      'A Fréchet distance needs two sets of at least 2 vectors of one length.',
      {
        real: real.length,
        other: other.length,
      },
    );
  }
  const { mean, deviation } = momentsOf(real);
  const kept = [...deviation.keys()].filter((i) => deviation[i]! > 1e-9);
  const scaled = (vectors: readonly Float64Array[]): Float64Array[] =>
    vectors.map((vector) => Float64Array.from(kept, (i) => (vector[i]! - mean[i]!) / deviation[i]!));
  const [a, b] = [gaussianOf(scaled(real)), gaussianOf(scaled(other))];
  const size = kept.length;
  let distance = 0;
  for (let i = 0; i < size; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * size + i]! + b.covariance[i * size + i]!;
  }
  return Math.max(0, distance - 2 * traceOfRoot(a.covariance, b.covariance, size));
}

/** tr((Σ₁Σ₂)^½): with Σ₁ = L Lᵀ the roots of the eigenvalues of Lᵀ Σ₂ L, which is symmetric. */
function traceOfRoot(first: Float64Array, second: Float64Array, size: number): number {
  const lower = cholesky(Float64Array.from(first), size);
  const half = multiply(second, lower, size);
  const inner = multiply(transposed(lower, size), half, size);
  return symmetricEigenvalues(inner, size).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

/** Eigenvalues of a symmetric matrix [size × size] by Jacobi's rotations (Golub & Van Loan 2013, section 8.5). */
export function symmetricEigenvalues(matrix: Float64Array, size: number): number[] {
  const a = Float64Array.from(matrix);
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += a[p * size + q]! ** 2;
    if (off < 1e-20) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, size, p, q);
  }
  return Array.from({ length: size }, (_, i) => a[i * size + i]!);
}

function rotate(a: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (Math.abs(apq) < 1e-300) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = c * pk - s * qk;
    a[q * size + k] = s * pk + c * qk;
  }
}

function momentsOf(vectors: readonly Float64Array[]): { mean: Float64Array; deviation: Float64Array } {
  const width = vectors[0]!.length;
  const mean = new Float64Array(width);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i]! += value / vectors.length));
  const deviation = new Float64Array(width);
  for (const vector of vectors)
    vector.forEach((value, i) => (deviation[i]! += (value - mean[i]!) ** 2 / vectors.length));
  return { mean, deviation: deviation.map(Math.sqrt) };
}

function gaussianOf(vectors: readonly Float64Array[]): { mean: Float64Array; covariance: Float64Array } {
  const { mean } = momentsOf(vectors);
  const size = mean.length;
  const covariance = new Float64Array(size * size);
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        covariance[i * size + j]! += ((vector[i]! - mean[i]!) * (vector[j]! - mean[j]!)) / vectors.length;
      }
    }
  }
  for (let i = 0; i < size; i++) covariance[i * size + i]! += 1e-6;
  return { mean, covariance };
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      for (let j = 0; j < size; j++) product[i * size + j]! += a[i * size + k]! * b[k * size + j]!;
    }
  }
  return product;
}

function transposed(a: Float64Array, size: number): Float64Array {
  return a.map((_, at) => a[(at % size) * size + Math.floor(at / size)]!);
}
