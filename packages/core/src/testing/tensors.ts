import type { Rng } from '../foundation/rng.ts';
import type { Backend, BackendName } from '../nn/backend.ts';
import type { Tensor, TensorFlow } from '../nn/tensor-flow.ts';
import { selectNodeBackend } from '../node/nn-backend.ts';

/** Starts cpu and wasm, and tfjs-node where it is installed; says on the console when it is not. */
export async function availableBackends(
  names: readonly BackendName[] = ['cpu', 'wasm', 'node'],
): Promise<Map<BackendName, Backend>> {
  const started = new Map<BackendName, Backend>();
  for (const name of names) {
    try {
      started.set(name, await selectNodeBackend({ env: { ATTUNE_BACKEND: name } }));
    } catch (error) {
      if (name !== 'node') throw error;
      console.log(`Tests on tfjs-node are skipped: ${(error as Error).message}`);
    }
  }
  return started;
}

/**
 * Largest |analytic − numeric| gradient over all elements of `inputs`, relative to max(1, |numeric|). `f` maps the
 * inputs to a tensor of any shape, which is weighted by fixed numbers and summed. Central differences of step `h`
 * in float32: keep values near 1, and expect errors of 1e-3.
 */
export function gradientError(
  tf: TensorFlow,
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  h = 1e-2,
): number {
  const scalarOf = (...xs: Tensor[]): Tensor =>
    tf.tidy(() => {
      const y = f(...xs);
      const probe = Float32Array.from({ length: y.size }, (_, i) => Math.cos(1.7 * i + 0.3));
      return tf.sum(tf.mul(tf.reshape(y, [-1]), tf.tensor1d(probe)));
    });
  const gradients = tf.grads(scalarOf)(inputs as Tensor[]);
  let worst = 0;
  inputs.forEach((input, which) => {
    const values = Float32Array.from(input.dataSync());
    const analytic = gradients[which]!.dataSync();
    const at = (i: number, delta: number): number =>
      tf.tidy(() => {
        const moved = values.slice();
        moved[i]! += delta;
        const xs = inputs.map((x, j) => (j === which ? tf.tensor(moved, x.shape, 'float32') : x));
        return scalarOf(...xs).dataSync()[0]!;
      });
    for (let i = 0; i < values.length; i++) {
      const numeric = (at(i, h) - at(i, -h)) / (2 * h);
      const error = Math.abs(analytic[i]! - numeric) / Math.max(1, Math.abs(numeric));
      if (!(error <= worst)) worst = error; // also takes a NaN
    }
  });
  gradients.forEach((g) => g.dispose());
  return worst;
}

/** Standard normal values. */
export function randomTensor(tf: TensorFlow, shape: readonly number[], rng: Rng): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => rng.normal()),
    [...shape],
  );
}

/** Throws unless both have one length and |actual − expected| ≤ tolerance · max(1, |expected|) everywhere. */
export function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values, ${expected.length} expected.`);
  for (let i = 0; i < expected.length; i++) {
    const allowed = tolerance * Math.max(1, Math.abs(expected[i]!));
    if (!(Math.abs(actual[i]! - expected[i]!) <= allowed)) {
      throw new Error(`Value ${i} is ${actual[i]}, expected ${expected[i]} within ${allowed}.`);
    }
  }
}
