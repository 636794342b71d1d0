import { AttuneError } from '@attune/core';

/** A sparse matrix by rows: row r has columns `indices[offsets[r] … offsets[r + 1])`, ascending, with `values` beside. */
export interface CsrMatrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows + 1] */
  readonly offsets: Uint32Array;
  /** [entries], each < `columns` */
  readonly indices: Uint32Array;
  /** [entries] */
  readonly values: Float32Array;
}

/** One row of a sparse vector or matrix: columns and values side by side, both [entries]. */
export interface SparseRow {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** A matrix [rows, columns] of sparse rows. */
export function csrOfRows(rows: readonly SparseRow[], columns: number): CsrMatrix {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, r) => (offsets[r + 1] = offsets[r]! + row.indices.length));
  const indices = new Uint32Array(offsets[rows.length]!);
  const values = new Float32Array(indices.length);
  rows.forEach((row, r) => {
    indices.set(row.indices, offsets[r]);
    values.set(row.values, offsets[r]);
  });
  return { rows: rows.length, columns, offsets, indices, values };
}

/** A view of row r, without copying. */
export function rowOf(matrix: CsrMatrix, r: number): SparseRow {
  const [from, to] = [matrix.offsets[r]!, matrix.offsets[r + 1]!];
  return { indices: matrix.indices.subarray(from, to), values: matrix.values.subarray(from, to) };
}

/** Mᵀ [columns, rows], by counting: linear in the entries. */
export function transpose({ rows, columns, offsets, indices, values }: CsrMatrix): CsrMatrix {
  const starts = new Uint32Array(columns + 1);
  for (const column of indices) starts[column + 1]!++;
  for (let c = 0; c < columns; c++) starts[c + 1]! += starts[c]!;
  const next = starts.slice();
  const turned = new Uint32Array(indices.length);
  const moved = new Float32Array(indices.length);
  for (let r = 0; r < rows; r++) {
    for (let e = offsets[r]!; e < offsets[r + 1]!; e++) {
      const at = next[indices[e]!]!++;
      turned[at] = r;
      moved[at] = values[e]!;
    }
  }
  return { rows: columns, columns: rows, offsets: starts, indices: turned, values: moved };
}

/** The same pattern with values `scale(value, row, column)`. */
export function mapValues(
  matrix: CsrMatrix,
  scale: (value: number, row: number, column: number) => number,
): CsrMatrix {
  const values = new Float32Array(matrix.values.length);
  for (let r = 0; r < matrix.rows; r++) {
    for (let e = matrix.offsets[r]!; e < matrix.offsets[r + 1]!; e++) {
      values[e] = scale(matrix.values[e]!, r, matrix.indices[e]!);
    }
  }
  return { ...matrix, values };
}

/** Adds `weight` · row r of the matrix to `out` [columns]. */
export function addRow(matrix: CsrMatrix, r: number, weight: number, out: Float32Array | Float64Array): void {
  for (let e = matrix.offsets[r]!; e < matrix.offsets[r + 1]!; e++) {
    out[matrix.indices[e]!]! += weight * matrix.values[e]!;
  }
}

/** out[rows] = M v, for v [columns]. */
export function multiplyVector(matrix: CsrMatrix, v: ArrayLike<number>): Float64Array {
  const out = new Float64Array(matrix.rows);
  for (let r = 0; r < matrix.rows; r++) {
    let sum = 0;
    for (let e = matrix.offsets[r]!; e < matrix.offsets[r + 1]!; e++)
      sum += matrix.values[e]! * v[matrix.indices[e]!]!;
    out[r] = sum;
  }
  return out;
}

/** Sum of `power(value)` over each column: [columns]. */
export function columnSums(matrix: CsrMatrix, power: (value: number) => number = (x) => x): Float64Array {
  const sums = new Float64Array(matrix.columns);
  for (let e = 0; e < matrix.indices.length; e++) sums[matrix.indices[e]!]! += power(matrix.values[e]!);
  return sums;
}

/** Refuses arrays that are no matrix, as a damaged file may hold. @throws `checkpoint/malformed` */
export function validateCsr(matrix: CsrMatrix, name: string): CsrMatrix {
  const { rows, columns, offsets, indices, values } = matrix;
  const fail = (what: string): never => {
    throw new AttuneError('checkpoint/malformed', `The sparse matrix ${name} ${what}.`, { tensor: name });
  };
  if (offsets.length !== rows + 1 || offsets[0] !== 0) fail(`has ${offsets.length} offsets for ${rows} rows`);
  for (let r = 0; r < rows; r++)
    if (offsets[r + 1]! < offsets[r]!) fail(`has offsets that go back at row ${r}`);
  if (offsets[rows] !== indices.length || indices.length !== values.length) fail('has entries without a row');
  for (const column of indices) if (column >= columns) fail(`names column ${column} of ${columns}`);
  for (const value of values) if (!Number.isFinite(value)) fail(`holds the value ${value}`);
  return matrix;
}
