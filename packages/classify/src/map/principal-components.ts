/** Directions of the largest variance, and where rows stand along them. */
export interface PrincipalComponents {
  /** [components][width]: unit vectors, the largest entry of each positive. */
  readonly directions: readonly Float64Array[];
  /** [components]: variance along each, divided by rows − 1; falling. */
  readonly variances: Float64Array;
  /** [rows][components] */
  readonly coordinates: readonly Float64Array[];
}

const SWEEPS = 60;

/**
 * Principal components of rows of equal width (Pearson 1901), by Jacobi's rotations of the covariance matrix: exact for
 * the few dozen dimensions of a style space. A value that is not finite counts as the mean of its column.
 */
export function principalComponents(
  rows: readonly ArrayLike<number>[],
  components: number,
): PrincipalComponents {
  const width = rows[0]?.length ?? 0;
  const count = Math.min(components, width);
  const centred = centreRows(rows, width);
  const covariance = new Float64Array(width * width);
  for (const row of centred) {
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        covariance[i * width + j]! += (row[i]! * row[j]!) / Math.max(1, rows.length - 1);
  }
  const { values, vectors } = eigen(covariance, width);
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!).slice(0, count);
  const directions = order.map((k) =>
    withSign(Float64Array.from({ length: width }, (_, i) => vectors[i * width + k]!)),
  );
  return {
    directions,
    variances: Float64Array.from(order, (k) => Math.max(0, values[k]!)),
    coordinates: centred.map((row) =>
      Float64Array.from(directions, (direction) =>
        direction.reduce((sum, value, i) => sum + value * row[i]!, 0),
      ),
    ),
  };
}

/** Rows minus the means of their columns; what is not finite becomes 0. */
export function centreRows(rows: readonly ArrayLike<number>[], width: number): Float64Array[] {
  const means = Float64Array.from({ length: width }, (_, j) => {
    let [sum, known] = [0, 0];
    for (const row of rows) if (Number.isFinite(row[j])) [sum, known] = [sum + row[j]!, known + 1];
    return known === 0 ? 0 : sum / known;
  });
  return rows.map((row) => means.map((mean, j) => (Number.isFinite(row[j]) ? row[j]! - mean : 0)));
}

/** The sign of a direction is free: fixed, so that a map does not flip from one run to the next. */
function withSign(direction: Float64Array): Float64Array {
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}

/** Cyclic Jacobi (Golub & Van Loan 2013, §8.5) of a symmetric matrix [n, n]; column k of `vectors` belongs to value k. */
function eigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const scale = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q]! ** 2;
    if (off <= 1e-24 * scale) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
}

function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i * n + p]!, a[i * n + q]!];
    a[i * n + p] = c * x - s * y;
    a[i * n + q] = s * x + c * y;
  }
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[p * n + i]!, a[q * n + i]!];
    a[p * n + i] = c * x - s * y;
    a[q * n + i] = s * x + c * y;
    const [u, v] = [vectors[i * n + p]!, vectors[i * n + q]!];
    vectors[i * n + p] = c * u - s * v;
    vectors[i * n + q] = s * u + c * v;
  }
}
