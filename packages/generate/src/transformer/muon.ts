import { AttuneError } from '@attune/core';
import {
  createAdamW,
  globalNorm,
  type AdamWOptions,
  type Gradients,
  type NamedArray,
  type Optimiser,
  type ParameterStore,
  type Rank,
  type Tensor,
  type Tensor3D,
  type TensorFlow,
} from '@attune/core/nn';

export interface MuonOptions extends AdamWOptions {
  /** Groups of equally shaped matrices that Muon updates, each a list of parameter names; AdamW has the rest. */
  readonly groups: readonly (readonly string[])[];
  /** Muon's learning rate as a multiple of the one passed to `step`. Default 10. */
  readonly rateFactor?: number;
  readonly momentum?: number; // 0.95
}

/** Coefficients of the quintic Newton–Schulz iteration of Jordan (2024). */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;

/**
 * Muon (Jordan 2024, "Muon: an optimizer for hidden layers"): the Nesterov momentum of each hidden matrix is
 * replaced by the nearest semi-orthogonal matrix before it is applied, with decoupled weight decay and the factor
 * √max(1, out / in). Matrices of one shape are orthogonalised as one batch. AdamW updates everything else.
 */
export function createMuon(tf: TensorFlow, store: ParameterStore, options: MuonOptions): Optimiser {
  const { groups, rateFactor = 10, momentum = 0.95, weightDecay = 0, ...adamOptions } = options;
  const adam = createAdamW(tf, store, { ...adamOptions, weightDecay });
  const matrices = new Set(groups.flat());
  const buffers = groups.map((names) => {
    const [inputs, outputs] = store.get(names[0]!).shape as [number, number];
    return tf.tidy(() => tf.variable(tf.zeros<Rank.R3>([names.length, inputs, outputs]), false));
  });

  return {
    step(gradients, learningRate) {
      const others: Gradients = Object.fromEntries(
        Object.entries(gradients).filter(([name]) => !matrices.has(name)),
      );
      const rate = learningRate * rateFactor;
      groups.forEach((names, g) => {
        const buffer = buffers[g]!;
        tf.tidy(() => {
          const gradient = tf.stack(names.map((name) => gradients[name]!)) as Tensor3D; // [L, in, out]
          buffer.assign(tf.add(tf.mul(buffer, momentum), tf.mul(gradient, 1 - momentum)));
          const update = orthogonalise(tf, tf.add(tf.mul(buffer, momentum), tf.mul(gradient, 1 - momentum)));
          const [, inputs, outputs] = update.shape;
          const scaled = tf.mul(update, rate * Math.sqrt(Math.max(1, outputs / inputs)));
          tf.unstack(scaled).forEach((change, i) => {
            const variable = store.get(names[i]!);
            variable.assign(tf.sub(tf.mul(variable, 1 - rate * weightDecay), change));
          });
        });
      });
      return Math.hypot(
        adam.step(others, learningRate),
        globalNorm(Object.fromEntries(Object.entries(gradients).filter(([name]) => matrices.has(name)))),
      );
    },
    save() {
      const state = new Map<string, NamedArray>(adam.save());
      buffers.forEach((buffer, g) => {
        state.set(`muon${g}`, { shape: [...buffer.shape], data: Float32Array.from(buffer.dataSync()) });
      });
      return state;
    },
    load(state) {
      adam.load(state);
      buffers.forEach((buffer, g) => {
        const data = state.get(`muon${g}`)?.data;
        if (data?.length !== buffer.size) {
          throw new AttuneError(
            'checkpoint/mismatch',
            `The optimiser state muon${g} does not fit the model.`,
            { key: `muon${g}` },
          );
        }
        tf.tidy(() => buffer.assign(tf.tensor3d(Float32Array.from(data), buffer.shape)));
      });
    },
  };
}

/** Singular values of each matrix of the batch [L, m, n] to about 1, by Newton–Schulz. */
export function orthogonalise(tf: TensorFlow, matrices: Tensor): Tensor3D {
  return tf.tidy(() => {
    const isTall = matrices.shape[1]! > matrices.shape[2]!;
    let x = (isTall ? tf.transpose(matrices, [0, 2, 1]) : matrices) as Tensor3D;
    const norm = tf.sqrt(tf.sum(tf.square(x), [1, 2], true));
    x = tf.div(x, tf.add(norm, 1e-7));
    for (let i = 0; i < ITERATIONS; i++) {
      const gram = tf.matMul(x, x, false, true);
      const polynomial = tf.add(tf.mul(gram, B), tf.mul(tf.matMul(gram, gram), C));
      x = tf.add(tf.mul(x, A), tf.matMul(polynomial, x));
    }
    return isTall ? tf.transpose(x, [0, 2, 1]) : x;
  });
}
