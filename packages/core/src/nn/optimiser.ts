import { AttuneError } from '../foundation/errors.ts';
import type { NamedArray } from './named-array.ts';
import type { ParameterStore } from './parameter-store.ts';
import type { Tensor, TensorFlow, Variable } from './tensor-flow.ts';

/** Gradients by parameter name. */
export type Gradients = Readonly<Record<string, Tensor>>;

/**
 * Updates the parameters of one store in place; its own state can be taken out and put back.
 *
 * The arithmetic runs in plain loops over the values, not in tensor operations: an update makes one pass over
 * memory where ten operations make ten, which is faster on tfjs-node, wasm and cpu alike, and all three then give
 * the same numbers for the same gradients.
 */
export interface Optimiser {
  /**
   * One update. Returns the global norm of the gradients before clipping. Gradients are not disposed. Throws
   * `model/invalid`, with nothing changed, when the norm is not finite.
   */
  step(gradients: Gradients, learningRate: number): number;
  save(): Map<string, NamedArray>;
  /** Throws `checkpoint/mismatch` naming what is missing or of another length. */
  load(state: ReadonlyMap<string, NamedArray>): void;
}

/** Settings of AdamW. */
export interface AdamWOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.95. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Default 0.01. */
  readonly weightDecay?: number;
  /** Which parameters decay. Default: those of rank ≥ 2 (no biases, no norm scales). */
  readonly decays?: (name: string, rank: number) => boolean;
  /** All gradients are scaled so that their global norm is at most this. Default: no clipping. */
  readonly clipNorm?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, Algorithm 2 as PyTorch has it):
 * w ← w − lr·λ·w − lr · m̂ / (√v̂ + ε), with bias-corrected m̂ and v̂.
 */
export function createAdamW(tf: TensorFlow, store: ParameterStore, options: AdamWOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, weightDecay = 0.01, clipNorm } = options;
  const decays = options.decays ?? ((_name, rank) => rank >= 2);
  const slots = createSlots(store, ['m', 'v']);
  let steps = 0;

  return {
    step(gradients, learningRate) {
      const { values, norm } = download(gradients);
      const scale = clipFactor(norm, clipNorm);
      steps++;
      const rate = learningRate / (1 - beta1 ** steps);
      const correction = 1 / Math.sqrt(1 - beta2 ** steps);
      for (const [name, variable] of store.entries()) {
        const gradient = values.get(name);
        if (gradient === undefined) continue;
        const keep = decays(name, variable.rank) ? 1 - learningRate * weightDecay : 1;
        const [m, v] = [slots.get(name, 'm'), slots.get(name, 'v')];
        replaceValues(tf, variable, (w) =>
          adamUpdate(w, m, v, gradient, { scale, beta1, beta2, keep, rate, correction, epsilon }),
        );
      }
      return norm;
    },
    save: () => slots.save().set('steps', { shape: [1], data: Int32Array.of(steps) }),
    load(state) {
      const saved = state.get('steps')?.data[0];
      if (saved === undefined)
        throw new AttuneError('checkpoint/mismatch', 'The optimiser state has no step count.');
      slots.load(state);
      steps = saved;
    },
  };
}

/** Updates `w`, `m` and `v` in place from the gradient `g`; arithmetic in float64, stored as float32. */
function adamUpdate(
  w: Float32Array,
  m: Float32Array,
  v: Float32Array,
  g: Float32Array,
  by: {
    scale: number;
    beta1: number;
    beta2: number;
    keep: number;
    rate: number;
    correction: number;
    epsilon: number;
  },
): void {
  const { scale, beta1, beta2, keep, rate, correction, epsilon } = by;
  for (let i = 0; i < w.length; i++) {
    const slope = g[i]! * scale;
    const mean = beta1 * m[i]! + (1 - beta1) * slope;
    const square = beta2 * v[i]! + (1 - beta2) * slope * slope;
    m[i] = mean;
    v[i] = square;
    w[i] = w[i]! * keep - (rate * mean) / (Math.sqrt(square) * correction + epsilon);
  }
}

/** Settings of gradient descent. */
export interface SgdOptions {
  /** Default 0. */
  readonly momentum?: number;
  /** As in `AdamWOptions`. */
  readonly clipNorm?: number;
}

/** Stochastic gradient descent; with momentum μ: u ← μ·u + g, w ← w − lr·u. */
export function createSgd(tf: TensorFlow, store: ParameterStore, options: SgdOptions = {}): Optimiser {
  const { momentum = 0, clipNorm } = options;
  const slots = createSlots(store, momentum === 0 ? [] : ['u']);
  return {
    step(gradients, learningRate) {
      const { values, norm } = download(gradients);
      const scale = clipFactor(norm, clipNorm);
      for (const [name, variable] of store.entries()) {
        const gradient = values.get(name);
        if (gradient === undefined) continue;
        const u = momentum === 0 ? undefined : slots.get(name, 'u');
        replaceValues(tf, variable, (w) => {
          for (let i = 0; i < w.length; i++) {
            let update = gradient[i]! * scale;
            if (u) update = u[i] = momentum * u[i]! + update;
            w[i] = w[i]! - learningRate * update;
          }
        });
      }
      return norm;
    },
    save: () => slots.save(),
    load: (state) => slots.load(state),
  };
}

/** Loss and gradients of `store`'s parameters, by parameter name. The caller disposes both. */
export function gradientsOf(
  tf: TensorFlow,
  store: ParameterStore,
  loss: () => Tensor,
): { loss: Tensor; gradients: Record<string, Tensor> } {
  const entries = store.entries();
  const { value, grads } = tf.variableGrads(
    loss as () => never,
    entries.map(([, variable]) => variable),
  );
  const gradients: Record<string, Tensor> = {};
  for (const [name, variable] of entries) {
    const gradient = grads[variable.name];
    if (gradient !== undefined && gradient !== null) gradients[name] = gradient;
  }
  return { loss: value, gradients };
}

/** √Σ of all squared gradient elements. Throws `model/invalid` when it is not finite. */
export function globalNorm(gradients: Gradients): number {
  return download(gradients).norm;
}

function download(gradients: Gradients): { values: Map<string, Float32Array>; norm: number } {
  const values = new Map<string, Float32Array>();
  let total = 0;
  for (const [name, gradient] of Object.entries(gradients)) {
    const data = gradient.dataSync<'float32'>();
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i]! * data[i]!;
    total += sum;
    values.set(name, data);
    if (!Number.isFinite(sum)) {
      throw new AttuneError(
        'model/invalid',
        `The gradient of ${name} is not finite; the update was not made.`,
        {
          parameter: name,
        },
      );
    }
  }
  return { values, norm: Math.sqrt(total) };
}

function clipFactor(norm: number, clipNorm: number | undefined): number {
  return clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
}

/** Gives `edit` a copy of the values and assigns it back; backends may hold on to the arrays they are given. */
function replaceValues(tf: TensorFlow, variable: Variable, edit: (values: Float32Array) => void): void {
  const values = new Float32Array(variable.dataSync<'float32'>());
  edit(values);
  const next = tf.tensor(values, variable.shape, 'float32');
  variable.assign(next);
  next.dispose();
}

interface Slots {
  get(parameter: string, kind: string): Float32Array;
  save(): Map<string, NamedArray>;
  load(state: ReadonlyMap<string, NamedArray>): void;
}

/** Arrays beside each parameter, first zero, keyed `parameter:kind` when saved. */
function createSlots(store: ParameterStore, kinds: readonly string[]): Slots {
  const slots = new Map<string, Float32Array>();
  for (const [name, { size }] of store.entries()) {
    for (const kind of kinds) slots.set(`${name}:${kind}`, new Float32Array(size));
  }
  return {
    get(parameter, kind) {
      const slot = slots.get(`${parameter}:${kind}`);
      if (slot === undefined) {
        throw new AttuneError('model/invalid', `Parameter ${parameter} was created after its optimiser.`, {
          parameter,
        });
      }
      return slot;
    },
    save: () => new Map([...slots].map(([key, data]) => [key, { shape: [data.length], data: data.slice() }])),
    load(state) {
      for (const [key, slot] of slots) {
        const found = state.get(key)?.data.length;
        if (found !== slot.length) {
          throw new AttuneError(
            'checkpoint/mismatch',
            `The optimiser state ${key} has ${found ?? 'no'} values, and ${slot.length} are needed.`,
            { key, found: found ?? 0, wanted: slot.length },
          );
        }
      }
      for (const [key, slot] of slots) slot.set(state.get(key)!.data);
    },
  };
}
