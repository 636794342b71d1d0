import { compileWasm, instantiateWasm, WasmArena, type WasmExports } from '@attune/core';
import { MATRIX_PRODUCT_WASM } from './matrix-product.wasm.ts';

/** Products of matrices, row-major, in single precision: the same bits wherever WebAssembly runs. */
export interface MatrixProducts {
  /** A dense layer whose weight [inputs, outputs] and bias [outputs] (absent: 0) stay in the kernel's memory: x [rows, inputs] → [rows, outputs]. */
  layer(weight: Float32Array, outputs: number, bias?: Float32Array): (x: Float32Array) => Float32Array;
  /** x [rows, inputs] · other [inputs, outputs] → [rows, outputs]. */
  multiply(x: Float32Array, other: Float32Array, outputs: number): Float32Array;
}

interface ProductExports extends WasmExports {
  multiply(
    x: number,
    rows: number,
    inputs: number,
    weight: number,
    outputs: number,
    bias: number,
    y: number,
  ): void;
}

/** Memory below this address is left to the module. */
const ARENA_START = 1024;

/** An own kernel with its own memory. */
export function createMatrixProducts(): MatrixProducts {
  const kernel = instantiateWasm<ProductExports>(compileWasm(MATRIX_PRODUCT_WASM));
  const arena = new WasmArena(kernel, ARENA_START);
  const [x, other, zeros, y] = [0, 0, 0, 0].map(() => createScratch(arena));
  const floats = (at: number, length: number): Float32Array =>
    new Float32Array(kernel.memory.buffer, at, length);

  const run = (
    values: Float32Array,
    inputs: number,
    weight: number,
    outputs: number,
    bias: number,
  ): Float32Array => {
    const rows = values.length / inputs;
    const wide = roundUp(outputs);
    const [from, to] = [x!(values.length), y!(rows * wide)];
    floats(from, values.length).set(values);
    kernel.multiply(from, rows, inputs, weight, wide, bias, to);
    if (wide === outputs) return floats(to, rows * wide).slice();
    const found = new Float32Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      found.set(floats(to + 4 * row * wide, outputs), row * outputs);
    }
    return found;
  };
  return {
    layer(weight, outputs, bias = new Float32Array(outputs)) {
      const inputs = weight.length / outputs;
      const weightAt = arena.floats(widen(weight, outputs));
      const biasAt = arena.floats(widen(bias, outputs));
      return (values) => run(values, inputs, weightAt, outputs, biasAt);
    },
    multiply(values, matrix, outputs) {
      const inputs = matrix.length / outputs;
      const wide = widen(matrix, outputs);
      const at = other!(wide.length);
      floats(at, wide.length).set(wide);
      return run(values, inputs, at, outputs, zeros!(roundUp(outputs)));
    },
  };
}

/** Room for at least so many values, at an address that changes when more are wanted; new room is zeroed. */
function createScratch(arena: WasmArena): (length: number) => number {
  let [at, room] = [0, 0];
  return (length) => {
    if (length > room) {
      room = Math.max(length, 2 * room);
      at = arena.reserve(room);
    }
    return at;
  };
}

/** Rows of whole vectors of four, as the kernel takes them; zeros at the end. */
function widen(matrix: Float32Array, columns: number): Float32Array {
  const wide = roundUp(columns);
  if (wide === columns) return matrix;
  const rows = matrix.length / columns;
  const found = new Float32Array(rows * wide);
  for (let row = 0; row < rows; row++) {
    found.set(matrix.subarray(row * columns, (row + 1) * columns), row * wide);
  }
  return found;
}

function roundUp(count: number): number {
  return Math.ceil(count / 4) * 4;
}
