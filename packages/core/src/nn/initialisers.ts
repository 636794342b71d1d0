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
