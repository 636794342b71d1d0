import { glorotUniform, orthogonalBlocks, zeros } from '../initialisers.ts';
import type { ParameterStore } from '../parameter-store.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { dense } from './dense.ts';
import {
  isKept,
  readSequence,
  sigmoid,
  sumRows,
  timesMatrix,
  type RecurrentOptions,
  type Save,
  type Sequence,
} from './recurrent.ts';

/** Weights of a gated recurrent unit of H units; the gates stand side by side as reset, update, candidate. */
export interface GruParameters {
  /** [in, 3H] */
  readonly inputWeight: Tensor;
  /** [3H] */
  readonly inputBias: Tensor;
  /** [H, 3H] */
  readonly stateWeight: Tensor;
  /** [3H] */
  readonly stateBias: Tensor;
}

/** Glorot-uniform input weights, orthogonal state weights, biases 0, under `name/…`. */
export function createGru(store: ParameterStore, name: string, inputs: number, units: number): GruParameters {
  return {
    inputWeight: store.create(`${name}/inputWeight`, [inputs, 3 * units], glorotUniform),
    inputBias: store.create(`${name}/inputBias`, [3 * units], zeros),
    stateWeight: store.create(`${name}/stateWeight`, [units, 3 * units], orthogonalBlocks),
    stateBias: store.create(`${name}/stateBias`, [3 * units], zeros),
  };
}

/**
 * Gated recurrent unit (Cho et al. 2014), the variant of cuDNN and PyTorch, which resets after the product:
 * r = σ(xWᵣ + bᵣ + hUᵣ + cᵣ), z = σ(xW_z + b_z + hU_z + c_z), n = tanh(xWₙ + bₙ + r ∘ (hUₙ + cₙ)),
 * h ← (1 − z) ∘ n + z ∘ h. `x` [N, T, in] → outputs [N, T, H] and the last state [N, H].
 *
 * The whole sequence is one operation with a gradient of its own: products go to the backend, the gates run in plain
 * loops. That gradient cannot be differentiated again. Throws `model/invalid` for shapes that do not fit.
 */
export function gru(
  tf: TensorFlow,
  x: Tensor,
  parameters: GruParameters,
  options: RecurrentOptions = {},
): { outputs: Tensor; state: Tensor } {
  const { inputWeight, inputBias, stateWeight, stateBias } = parameters;
  const sequence = readSequence(x, inputWeight, stateWeight, 3, options);
  const { steps, rows, units, order } = sequence;
  return tf.tidy(() => {
    const byTime = tf.transpose(x, [1, 0, 2]);
    const gates = dense(tf, byTime, inputWeight, inputBias); // [T, N, 3H]
    const first = options.state ?? tf.zeros([rows, units]);
    const op = tf.customGrad((...args) => {
      const [g, u, c, h0, save] = args as unknown as [Tensor, Tensor, Tensor, Tensor, Save];
      save([u]);
      const past = forward(tf, sequence, g, u, c, h0);
      return {
        value: tf.tensor(past.outputs, [steps, rows, units]),
        gradFunc: (dy: Tensor, [weight]: Tensor[]) => backward(tf, sequence, past, weight!, dy),
      };
    });
    const outputs = op(gates, stateWeight, stateBias, first); // [T, N, H]
    const last = tf.slice(outputs, [order.at(-1)!, 0, 0], [1, rows, units]);
    return { outputs: tf.transpose(outputs, [1, 0, 2]), state: tf.reshape(last, [rows, units]) };
  });
}

/** All that the way back needs; arrays of one run, [T, N, …] in the order of time. */
interface Past {
  /** State after each step [T, N, H]. */
  readonly outputs: Float32Array;
  /** State before each step [T, N, H]. */
  readonly before: Float32Array;
  /** r, z, n side by side [T, N, 3H]. */
  readonly gates: Float32Array;
  /** h·Uₙ + cₙ [T, N, H]. */
  readonly candidate: Float32Array;
}

function forward(
  tf: TensorFlow,
  sequence: Sequence,
  inputGates: Tensor,
  stateWeight: Tensor,
  stateBias: Tensor,
  first: Tensor,
): Past {
  const { steps, rows, units, order } = sequence;
  const [x, bias] = [inputGates.dataSync<'float32'>(), stateBias.dataSync<'float32'>()];
  const size = rows * units;
  const past: Past = {
    outputs: new Float32Array(steps * size),
    before: new Float32Array(steps * size),
    gates: new Float32Array(steps * size * 3),
    candidate: new Float32Array(steps * size),
  };
  let state = Float32Array.from(first.dataSync());
  for (const t of order) {
    const product = timesMatrix(tf, state, rows, stateWeight); // [N, 3H]
    past.before.set(state, t * size);
    for (let n = 0; n < rows; n++) {
      const [at, wide] = [t * size + n * units, (t * rows + n) * 3 * units];
      const keep = isKept(sequence, n, t);
      for (let j = 0; j < units; j++) {
        const [ir, iz, inn] = [j, units + j, 2 * units + j];
        const of = n * 3 * units;
        const r = sigmoid(x[wide + ir]! + product[of + ir]! + bias[ir]!);
        const z = sigmoid(x[wide + iz]! + product[of + iz]! + bias[iz]!);
        const inner = product[of + inn]! + bias[inn]!;
        const candidate = Math.tanh(x[wide + inn]! + r * inner);
        past.gates[wide + ir] = r;
        past.gates[wide + iz] = z;
        past.gates[wide + inn] = candidate;
        past.candidate[at + j] = inner;
        const held = past.before[at + j]!;
        past.outputs[at + j] = keep ? (1 - z) * candidate + z * held : held;
      }
    }
    state = past.outputs.slice(t * size, (t + 1) * size);
  }
  return past;
}

/** Gradients of input gates, state weight, state bias and first state. */
function backward(tf: TensorFlow, sequence: Sequence, past: Past, stateWeight: Tensor, dy: Tensor): Tensor[] {
  const { steps, rows, units, order } = sequence;
  const size = rows * units;
  const dOutputs = dy.dataSync<'float32'>();
  const dInput = new Float32Array(steps * size * 3);
  const dProduct = new Float32Array(steps * size * 3);
  let dState = new Float32Array(size);
  for (const t of [...order].reverse()) {
    const dBefore = new Float32Array(size);
    for (let n = 0; n < rows; n++) {
      const [at, wide] = [t * size + n * units, (t * rows + n) * 3 * units];
      const keep = isKept(sequence, n, t);
      for (let j = 0; j < units; j++) {
        const d = dState[n * units + j]! + dOutputs[at + j]!;
        if (!keep) {
          dBefore[n * units + j] = d;
          continue;
        }
        const [ir, iz, inn] = [wide + j, wide + units + j, wide + 2 * units + j];
        const [r, z, candidate] = [past.gates[ir]!, past.gates[iz]!, past.gates[inn]!];
        const dCandidate = d * (1 - z) * (1 - candidate * candidate);
        dInput[inn] = dCandidate;
        dProduct[inn] = dCandidate * r;
        dInput[ir] = dProduct[ir] = dCandidate * past.candidate[at + j]! * r * (1 - r);
        dInput[iz] = dProduct[iz] = d * (past.before[at + j]! - candidate) * z * (1 - z);
        dBefore[n * units + j] = d * z;
      }
    }
    const through = timesMatrix(
      tf,
      dProduct.slice(t * size * 3, (t + 1) * size * 3),
      rows,
      stateWeight,
      true,
    );
    for (let i = 0; i < size; i++) dBefore[i]! += through[i]!;
    dState = dBefore;
  }
  const before = tf.tensor2d(past.before, [steps * rows, units]);
  const products = tf.tensor2d(dProduct, [steps * rows, 3 * units]);
  return [
    tf.tensor(dInput, [steps, rows, 3 * units]),
    tf.matMul(before, products, true),
    tf.tensor1d(sumRows(dProduct, 3 * units)),
    tf.tensor2d(dState, [rows, units]),
  ];
}
