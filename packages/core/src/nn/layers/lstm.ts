import { AttuneError } from '../../foundation/errors.ts';
import { glorotUniform, orthogonalBlocks } from '../initialisers.ts';
import type { ParameterStore } from '../parameter-store.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';
import { dense } from './dense.ts';
import {
  isKept,
  readSequence,
  sigmoid,
  timesMatrix,
  type RecurrentOptions,
  type Save,
  type Sequence,
} from './recurrent.ts';

/** Weights of an LSTM layer of H units; the gates stand side by side as input, forget, candidate, output. */
export interface LstmParameters {
  /** [in, 4H] */
  readonly inputWeight: Tensor;
  /** [H, 4H] */
  readonly stateWeight: Tensor;
  /** [4H] */
  readonly bias: Tensor;
}

/** `RecurrentOptions` with the two states of an LSTM: both or none are given. */
export interface LstmOptions extends RecurrentOptions {
  /** Cell before the first step [N, H]. Default 0. */
  readonly cell?: Tensor;
}

/**
 * Glorot-uniform input weights, orthogonal state weights, biases 0 but 1 for the forget gate (Jozefowicz et al. 2015),
 * under `name/…`.
 */
export function createLstm(
  store: ParameterStore,
  name: string,
  inputs: number,
  units: number,
): LstmParameters {
  return {
    inputWeight: store.create(`${name}/inputWeight`, [inputs, 4 * units], glorotUniform),
    stateWeight: store.create(`${name}/stateWeight`, [units, 4 * units], orthogonalBlocks),
    bias: store.create(`${name}/bias`, [4 * units], () =>
      Float32Array.from({ length: 4 * units }, (_, i) => (i >= units && i < 2 * units ? 1 : 0)),
    ),
  };
}

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000, without
 * peepholes): i, f, o = σ(xW + hU + b), g = tanh(xW + hU + b), c ← f ∘ c + i ∘ g, h ← o ∘ tanh(c).
 * `x` [N, T, in] → outputs [N, T, H], and the last state and cell [N, H].
 *
 * One operation for the whole sequence, as `gru`. Throws `model/invalid` for shapes that do not fit.
 */
export function lstm(
  tf: TensorFlow,
  x: Tensor,
  parameters: LstmParameters,
  options: LstmOptions = {},
): { outputs: Tensor; state: Tensor; cell: Tensor } {
  const { inputWeight, stateWeight, bias } = parameters;
  const sequence = readSequence(x, inputWeight, stateWeight, 4, options);
  const { steps, rows, units, order } = sequence;
  if ((options.state === undefined) !== (options.cell === undefined)) {
    throw new AttuneError('model/invalid', 'An LSTM starts from a state and a cell, or from neither.');
  }
  if (options.cell !== undefined && (options.cell.shape[0] !== rows || options.cell.shape[1] !== units)) {
    throw new AttuneError('model/invalid', `A cell [${options.cell.shape.join(', ')}] does not fit ${rows} rows of ${units} units.`); // prettier-ignore
  }
  return tf.tidy(() => {
    const gates = dense(tf, tf.transpose(x, [1, 0, 2]), inputWeight, bias); // [T, N, 4H]
    const zero = tf.zeros([rows, units]);
    const op = tf.customGrad((...args) => {
      const [g, u, h0, c0, save] = args as unknown as [Tensor, Tensor, Tensor, Tensor, Save];
      save([u]);
      const past = forward(tf, sequence, g, u, h0, c0);
      return {
        value: tf.tensor(past.both, [steps, rows, 2, units]),
        gradFunc: (dy: Tensor, [weight]: Tensor[]) => backward(tf, sequence, past, weight!, dy),
      };
    });
    const both = op(gates, stateWeight, options.state ?? zero, options.cell ?? zero); // [T, N, 2, H]
    const [outputs, cells] = tf.unstack(both, 2) as [Tensor, Tensor];
    const lastOf = (t: Tensor): Tensor =>
      tf.reshape(tf.slice(t, [order.at(-1)!, 0, 0], [1, rows, units]), [rows, units]);
    return { outputs: tf.transpose(outputs, [1, 0, 2]), state: lastOf(outputs), cell: lastOf(cells) };
  });
}

interface Past {
  /** State and cell after each step [T, N, 2, H]. */
  readonly both: Float32Array;
  /** State, and cell, before each step [T, N, H]. */
  readonly stateBefore: Float32Array;
  readonly cellBefore: Float32Array;
  /** i, f, g, o side by side [T, N, 4H]. */
  readonly gates: Float32Array;
  /** tanh(c) [T, N, H]. */
  readonly shown: Float32Array;
}

function forward(
  tf: TensorFlow,
  sequence: Sequence,
  inputGates: Tensor,
  stateWeight: Tensor,
  firstState: Tensor,
  firstCell: Tensor,
): Past {
  const { steps, rows, units, order } = sequence;
  const x = inputGates.dataSync<'float32'>();
  const size = rows * units;
  const past: Past = {
    both: new Float32Array(steps * size * 2),
    stateBefore: new Float32Array(steps * size),
    cellBefore: new Float32Array(steps * size),
    gates: new Float32Array(steps * size * 4),
    shown: new Float32Array(steps * size),
  };
  const state = Float32Array.from(firstState.dataSync());
  const cell = Float32Array.from(firstCell.dataSync());
  for (const t of order) {
    const product = timesMatrix(tf, state.slice(), rows, stateWeight); // [N, 4H]
    past.stateBefore.set(state, t * size);
    past.cellBefore.set(cell, t * size);
    for (let n = 0; n < rows; n++) {
      const wide = (t * rows + n) * 4 * units;
      const keep = isKept(sequence, n, t);
      for (let j = 0; j < units; j++) {
        const gate = (k: number): number => x[wide + k * units + j]! + product[(n * 4 + k) * units + j]!;
        const [i, f, g, o] = [sigmoid(gate(0)), sigmoid(gate(1)), Math.tanh(gate(2)), sigmoid(gate(3))];
        const at = n * units + j;
        const next = f * cell[at]! + i * g;
        const shown = Math.tanh(next);
        past.gates[wide + j] = i;
        past.gates[wide + units + j] = f;
        past.gates[wide + 2 * units + j] = g;
        past.gates[wide + 3 * units + j] = o;
        past.shown[t * size + at] = shown;
        if (keep) {
          cell[at] = next;
          state[at] = o * shown;
        }
        past.both[((t * rows + n) * 2 + 0) * units + j] = state[at]!;
        past.both[((t * rows + n) * 2 + 1) * units + j] = cell[at]!;
      }
    }
  }
  return past;
}

/** Gradients of input gates, state weight, first state and first cell. */
function backward(tf: TensorFlow, sequence: Sequence, past: Past, stateWeight: Tensor, dy: Tensor): Tensor[] {
  const { steps, rows, units, order } = sequence;
  const size = rows * units;
  const dBoth = dy.dataSync<'float32'>();
  const dGates = new Float32Array(steps * size * 4);
  let dState = new Float32Array(size);
  const dCell = new Float32Array(size);
  for (const t of [...order].reverse()) {
    const dBefore = new Float32Array(size);
    for (let n = 0; n < rows; n++) {
      const wide = (t * rows + n) * 4 * units;
      const keep = isKept(sequence, n, t);
      for (let j = 0; j < units; j++) {
        const at = n * units + j;
        const dh = dState[at]! + dBoth[((t * rows + n) * 2 + 0) * units + j]!;
        const dc = dCell[at]! + dBoth[((t * rows + n) * 2 + 1) * units + j]!;
        if (!keep) {
          dBefore[at] = dh;
          dCell[at] = dc;
          continue;
        }
        const [i, f] = [past.gates[wide + j]!, past.gates[wide + units + j]!];
        const [g, o] = [past.gates[wide + 2 * units + j]!, past.gates[wide + 3 * units + j]!];
        const shown = past.shown[t * size + at]!;
        const d = dc + dh * o * (1 - shown * shown);
        dGates[wide + j] = d * g * i * (1 - i);
        dGates[wide + units + j] = d * past.cellBefore[t * size + at]! * f * (1 - f);
        dGates[wide + 2 * units + j] = d * i * (1 - g * g);
        dGates[wide + 3 * units + j] = dh * shown * o * (1 - o);
        dCell[at] = d * f;
      }
    }
    const through = timesMatrix(tf, dGates.slice(t * size * 4, (t + 1) * size * 4), rows, stateWeight, true);
    for (let i = 0; i < size; i++) dBefore[i]! += through[i]!;
    dState = dBefore;
  }
  const before = tf.tensor2d(past.stateBefore, [steps * rows, units]);
  const wide = tf.tensor2d(dGates, [steps * rows, 4 * units]);
  return [
    tf.reshape(wide, [steps, rows, 4 * units]),
    tf.matMul(before, wide, true),
    tf.tensor2d(dState, [rows, units]),
    tf.tensor2d(dCell, [rows, units]),
  ];
}
