import type { Rng } from '../foundation/rng.ts';
import type { Initialiser } from './parameter-store.ts';

/** All 0, as biases start. */
export const zeros: Initialiser = (shape) => new Float32Array(count(shape));
/** All 1, as the scales of normalisation start. */
export const ones: Initialiser = (shape) => new Float32Array(count(shape)).fill(1);

/** Normal with mean 0. */
export function normal(standardDeviation: number): Initialiser {
  return (shape, rng) => fill(shape, () => rng.normal() * standardDeviation);
}

/** Uniform on (−√(6 / (in + out)), √(6 / (in + out))): Glorot & Bengio 2010. Fans as in `fans`. */
export const glorotUniform: Initialiser = (shape, rng) => {
  const { fanIn, fanOut } = fans(shape);
  return uniform(shape, rng, Math.sqrt(6 / (fanIn + fanOut)));
};

/** Normal with variance 2 / in, for layers followed by a rectifier: He et al. 2015. Fans as in `fans`. */
export const heNormal: Initialiser = (shape, rng) => normal(Math.sqrt(2 / fans(shape).fanIn))(shape, rng);

/**
 * [H, k·H] as k orthogonal matrices side by side, for the state weights of recurrent layers (Saxe et al. 2014): random
 * normal columns made orthonormal by Gram and Schmidt's method.
 */
export const orthogonalBlocks: Initialiser = (shape, rng) => {
  const [rows, columns] = shape as [number, number];
  const values = new Float32Array(rows * columns);
  for (let block = 0; block < columns; block += rows) {
    const done: Float64Array[] = [];
    while (done.length < Math.min(rows, columns - block)) {
      const column = Float64Array.from({ length: rows }, () => rng.normal());
      for (const other of [...done, ...done]) {
        const along = column.reduce((sum, value, i) => sum + value * other[i]!, 0);
        for (let i = 0; i < rows; i++) column[i]! -= along * other[i]!;
      }
      const length = Math.hypot(...column);
      if (length > 1e-6) done.push(column.map((value) => value / length));
    }
    done.forEach((column, j) => column.forEach((value, i) => (values[i * columns + block + j] = value)));
  }
  return values;
};

/** The last axis counts outputs, the one before it inputs, any axes before these the positions of a kernel. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const positions = count(shape.slice(0, -2));
  return { fanIn: positions * shape.at(-2)!, fanOut: positions * shape.at(-1)! };
}

function uniform(shape: readonly number[], rng: Rng, limit: number): Float32Array {
  return fill(shape, () => (2 * rng.uniform() - 1) * limit);
}

function fill(shape: readonly number[], draw: () => number): Float32Array {
  const values = new Float32Array(count(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
