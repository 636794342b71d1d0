/** Products of one vector with a matrix, in plain loops that V8 compiles well: contiguous reads, four sums at once. */

/** out[r] = Σ_c matrix[r, c] · x[c], for `rows` rows of `columns`. */
export function dotRows(
  matrix: Float32Array,
  x: Float32Array,
  rows: number,
  columns: number,
  out: Float32Array,
): void {
  const whole = columns - (columns % 4);
  for (let r = 0; r < rows; r++) {
    let at = r * columns;
    let [a, b, c, d] = [0, 0, 0, 0];
    let i = 0;
    for (; i < whole; i += 4, at += 4) {
      a += matrix[at]! * x[i]!;
      b += matrix[at + 1]! * x[i + 1]!;
      c += matrix[at + 2]! * x[i + 2]!;
      d += matrix[at + 3]! * x[i + 3]!;
    }
    for (; i < columns; i++, at++) a += matrix[at]! * x[i]!;
    out[r] = a + b + (c + d);
  }
}

/** out += Σ_r x[r] · matrix[r]: rows where x is 0 cost nothing. */
export function sparseRows(matrix: Float32Array, x: Float32Array, columns: number, out: Float64Array): void {
  for (let r = 0; r < x.length; r++) {
    const factor = x[r]!;
    if (factor === 0) continue;
    const at = r * columns;
    for (let c = 0; c < columns; c++) out[c]! += factor * matrix[at + c]!;
  }
}

/** out += matrix[row]. */
export function addRow(matrix: Float32Array, row: number, columns: number, out: Float64Array): void {
  const at = row * columns;
  for (let c = 0; c < columns; c++) out[c]! += matrix[at + c]!;
}

/** [rows, columns] → [columns, rows]. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c]!;
  return out;
}
