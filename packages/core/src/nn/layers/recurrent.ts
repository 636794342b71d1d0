import { AttuneError } from '../../foundation/errors.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/** Where a recurrent layer starts, what it skips, and which way it goes. */
export interface RecurrentOptions {
  /** State before the first step [N, H]. Default 0. */
  readonly state?: Tensor;
  /**
   * [N, T] of 0 and 1: at a 0 the state stays as it was, and the output repeats it. A constant: no gradient. Padding
   * at the end thus leaves the last state to be that of each row's own end.
   */
  readonly mask?: Tensor;
  /** From the last step to the first; the final state is then that of step 0. Default false. */
  readonly reverse?: boolean;
}

/** Keeps tensors until the way back; one that is only closed over may be gone by then. */
export type Save = (tensors: Tensor[]) => void;

/** Sizes of one run, T steps of N rows of H units, and the order of the steps. */
export interface Sequence {
  readonly steps: number;
  readonly rows: number;
  readonly units: number;
  readonly order: readonly number[];
  /** Values of the mask by [N, T], or undefined when all count. */
  readonly keeps: Float32Array | undefined;
}

/** Checks what gates of `gateCount` kinds need. Throws `model/invalid`. */
export function readSequence(
  x: Tensor,
  inputWeight: Tensor,
  stateWeight: Tensor,
  gateCount: number,
  options: RecurrentOptions,
): Sequence {
  const [units, wide] = stateWeight.shape as [number, number];
  const [rows, steps, inputs] = x.shape as [number, number, number];
  const fits =
    x.rank === 3 &&
    wide === gateCount * units &&
    inputWeight.shape[0] === inputs &&
    inputWeight.shape[1] === wide;
  if (!fits) {
    const [a, b, c] = [x, inputWeight, stateWeight].map(({ shape }) => shape.join(', '));
    throw new AttuneError(
      'model/invalid',
      `A recurrent layer with weights [${b}] and [${c}] cannot take input [${a}].`,
    );
  }
  const { mask, state, reverse = false } = options;
  if (mask !== undefined && (mask.shape[0] !== rows || mask.shape[1] !== steps || mask.rank !== 2)) {
    throw new AttuneError('model/invalid', `A mask [${mask.shape.join(', ')}] does not fit ${rows} rows of ${steps} steps.`); // prettier-ignore
  }
  if (state !== undefined && (state.shape[0] !== rows || state.shape[1] !== units)) {
    throw new AttuneError('model/invalid', `A state [${state.shape.join(', ')}] does not fit ${rows} rows of ${units} units.`); // prettier-ignore
  }
  const order = Array.from({ length: steps }, (_, t) => (reverse ? steps - 1 - t : t));
  const keeps = mask === undefined ? undefined : Float32Array.from(mask.dataSync());
  if (keeps?.some((value) => value !== 0 && value !== 1)) {
    throw new AttuneError('model/invalid', 'A mask of steps holds 0 and 1 only.');
  }
  return { steps, rows, units, order, keeps };
}

/** Whether row n takes part in step t. */
export function isKept({ keeps, steps }: Sequence, n: number, t: number): boolean {
  return keeps === undefined || keeps[n * steps + t] !== 0;
}

/** rows [N, a] · matrix [a, b], from an array to an array. */
export function timesMatrix(
  tf: TensorFlow,
  rows: Float32Array,
  count: number,
  matrix: Tensor,
  transposed = false,
): Float32Array {
  return tf.tidy(() => {
    const left = tf.tensor2d(rows, [count, rows.length / count]);
    return tf.matMul(left, matrix, false, transposed).dataSync<'float32'>();
  });
}

/** Σ over rows: [N, width] → [width]. */
export function sumRows(values: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length; at += width)
    for (let j = 0; j < width; j++) sums[j]! += values[at + j]!;
  return Float32Array.from(sums);
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
