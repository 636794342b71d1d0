import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { Arena, createSimdKernels } from './simd-kernels.ts';

const rng = createRng(11);
function filled(arena: Arena, length: number): Float32Array {
  const array = arena.floats(length);
  for (let i = 0; i < length; i++) array[i] = rng.normal();
  return array;
}

describe('SIMD kernels', () => {
  it.each([
    [1, 4],
    [3, 8],
    [4, 16],
    [7, 48],
    [130, 64],
  ])('dotRows of %i rows and %i columns equals the sums by definition', (rows, columns) => {
    const stride = columns + 12;
    const arena = new Arena(rows * stride + columns + rows, 3);
    const kernels = createSimdKernels(arena.memory);
    const [w, x, y] = [filled(arena, rows * stride), filled(arena, columns), arena.floats(rows)];
    kernels.dotRows(w.byteOffset, 4 * stride, x.byteOffset, y.byteOffset, rows, 4 * columns);
    for (let r = 0; r < rows; r++) {
      let expected = 0;
      for (let c = 0; c < columns; c++) expected += w[r * stride + c]! * x[c]!;
      expect(Math.abs(y[r]! - expected)).toBeLessThan(1e-5 * columns); // float32 sums
    }
  });

  it('addRows adds weighted rows, leaves the rest of memory alone and skips zeros', () => {
    const [rows, columns] = [9, 20];
    const arena = new Arena(rows * columns + rows + columns + 4, 4);
    const kernels = createSimdKernels(arena.memory);
    const [w, s, y, after] = [
      filled(arena, rows * columns),
      filled(arena, rows),
      filled(arena, columns),
      filled(arena, 4),
    ];
    s[3] = 0;
    w[3 * columns] = Infinity; // 0 · ∞ would be NaN
    const [before, rest] = [Float32Array.from(y), Float32Array.from(after)];
    kernels.addRows(w.byteOffset, 4 * columns, s.byteOffset, y.byteOffset, rows, 4 * columns);
    for (let c = 0; c < columns; c++) {
      let expected = before[c]!;
      for (let r = 0; r < rows; r++) if (r !== 3) expected += s[r]! * w[r * columns + c]!;
      expect(Math.abs(y[c]! - expected)).toBeLessThan(1e-5 * rows);
    }
    expect(after).toEqual(rest);
  });

  it('does nothing for no rows', () => {
    const arena = new Arena(8, 2);
    const kernels = createSimdKernels(arena.memory);
    const [w, y] = [filled(arena, 4), filled(arena, 4)];
    const before = Float32Array.from(y);
    kernels.addRows(w.byteOffset, 16, w.byteOffset, y.byteOffset, 0, 16);
    kernels.dotRows(w.byteOffset, 16, w.byteOffset, y.byteOffset, 0, 16);
    expect(y).toEqual(before);
  });
});
