const TILE = 16;

/** `from` [rows, columns] at `fromAt` → `to` [columns, rows] at `toAt`; offsets in elements. */
export function transpose2d(
  from: Float32Array,
  fromAt: number,
  to: Float32Array,
  toAt: number,
  rows: number,
  columns: number,
): void {
  for (let i0 = 0; i0 < rows; i0 += TILE) {
    const i1 = Math.min(rows, i0 + TILE);
    for (let j0 = 0; j0 < columns; j0 += TILE) {
      const j1 = Math.min(columns, j0 + TILE);
      for (let i = i0; i < i1; i++) {
        for (let j = j0, at = fromAt + i * columns + j0; j < j1; j++, at++)
          to[toAt + j * rows + i] = from[at]!;
      }
    }
  }
}
