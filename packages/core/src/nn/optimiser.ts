import { AttuneError } from '../foundation/errors.ts';
import type { NamedArray } from './named-array.ts';
import type { ParameterStore } from './parameter-store.ts';
import type { NamedTensorMap, Tensor, TensorFlow, Variable } from './tensor-flow.ts';

/** Gradients by parameter name. */
export type Gradients = Readonly<Record<string, Tensor>>;

/** Updates the parameters of one store in place; its own state can be taken out and put back. */
export interface Optimiser {
  /** One update. Returns the global norm of the gradients before clipping. Gradients are not disposed. */
  step(gradients: Gradients, learningRate: number): number;
  save(): Map<string, NamedArray>;
  /** Throws `checkpoint/mismatch` naming what is missing or of another length. */
  load(state: ReadonlyMap<string, NamedArray>): void;
  dispose(): void;
}

export interface AdamWOptions {
  readonly beta1?: number; // 0.9
  readonly beta2?: number; // 0.95
  readonly epsilon?: number; // 1e-8
  readonly weightDecay?: number; // 0.01
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
  const moments = createSlots(tf, store, ['m', 'v']);
  let steps = 0;

  return {
    step(gradients, learningRate) {
      const norm = globalNorm(tf, gradients);
      steps++;
      const scale = clipFactor(norm, clipNorm);
      const correction1 = 1 - beta1 ** steps;
      const correction2 = 1 - beta2 ** steps;
      for (const [name, variable] of store.entries()) {
        const gradient = gradients[name];
        if (gradient === undefined) continue;
        const [m, v] = [moments.get(`${name}:m`), moments.get(`${name}:v`)];
        tf.tidy(() => {
          const g = scale === 1 ? gradient : tf.mul(gradient, scale);
          m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
          v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
          const rms = tf.add(tf.sqrt(tf.div(v, correction2)), epsilon);
          const kept =
            weightDecay !== 0 && decays(name, variable.rank)
              ? tf.mul(variable, 1 - learningRate * weightDecay)
              : variable;
          variable.assign(tf.sub(kept, tf.mul(tf.div(m, rms), learningRate / correction1)));
        });
      }
      return norm;
    },
    save: () => new Map([...moments.save(), ['steps', { shape: [1], data: Int32Array.of(steps) }]]),
    load(state) {
      steps = readSteps(state);
      moments.load(state);
    },
    dispose: () => moments.dispose(),
  };
}

export interface SgdOptions {
  readonly momentum?: number; // 0
  readonly clipNorm?: number;
}

/** Stochastic gradient descent; with momentum μ: u ← μ·u + g, w ← w − lr·u. */
export function createSgd(tf: TensorFlow, store: ParameterStore, options: SgdOptions = {}): Optimiser {
  const { momentum = 0, clipNorm } = options;
  const slots = createSlots(tf, store, momentum === 0 ? [] : ['u']);
  return {
    step(gradients, learningRate) {
      const norm = globalNorm(tf, gradients);
      const scale = clipFactor(norm, clipNorm);
      for (const [name, variable] of store.entries()) {
        const gradient = gradients[name];
        if (gradient === undefined) continue;
        tf.tidy(() => {
          let update: Tensor = scale === 1 ? gradient : tf.mul(gradient, scale);
          if (momentum !== 0) {
            const u = slots.get(`${name}:u`);
            u.assign(tf.add(tf.mul(u, momentum), update));
            update = u;
          }
          variable.assign(tf.sub(variable, tf.mul(update, learningRate)));
        });
      }
      return norm;
    },
    save: () => slots.save(),
    load: (state) => slots.load(state),
    dispose: () => slots.dispose(),
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
  const gradients: NamedTensorMap = {};
  for (const [name, variable] of entries) {
    const gradient = grads[variable.name];
    if (gradient !== undefined && gradient !== null) gradients[name] = gradient;
  }
  return { loss: value, gradients };
}

/** √Σ of all squared gradient elements. Throws `model/invalid` when it is not finite. */
export function globalNorm(tf: TensorFlow, gradients: Gradients): number {
  const squares = tf.tidy(() => {
    const parts = Object.values(gradients).map((g) => tf.sum(tf.square(g)));
    return parts.length === 0 ? tf.scalar(0) : tf.addN(parts);
  });
  const norm = Math.sqrt(squares.dataSync()[0]!);
  squares.dispose();
  if (!Number.isFinite(norm)) {
    throw new AttuneError('model/invalid', `The gradient norm is ${norm}; the update was not made.`);
  }
  return norm;
}

function clipFactor(norm: number, clipNorm: number | undefined): number {
  return clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
}

interface Slots {
  get(key: string): Variable;
  save(): Map<string, NamedArray>;
  load(state: ReadonlyMap<string, NamedArray>): void;
  dispose(): void;
}

/** Zero-initialised variables beside each parameter, keyed `name:kind`. */
function createSlots(tf: TensorFlow, store: ParameterStore, kinds: readonly string[]): Slots {
  const slots = new Map<string, Variable>(
    store
      .entries()
      .flatMap(([name, parameter]) =>
        kinds.map(
          (kind) =>
            [`${name}:${kind}`, tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false))] as const,
        ),
      ),
  );
  return {
    get(key) {
      const slot = slots.get(key);
      if (slot === undefined) {
        throw new AttuneError('model/invalid', `The parameter of ${key} was created after its optimiser.`, {
          key,
        });
      }
      return slot;
    },
    save: () =>
      new Map(
        [...slots].map(([key, slot]) => [
          key,
          { shape: [...slot.shape], data: Float32Array.from(slot.dataSync()) },
        ]),
      ),
    load(state) {
      for (const [key, slot] of slots) {
        const data = state.get(key)?.data;
        if (data?.length !== slot.size) {
          throw new AttuneError(
            'checkpoint/mismatch',
            `The optimiser state ${key} has ${data?.length ?? 'no'} values, and ${slot.size} are needed.`,
            { key },
          );
        }
      }
      for (const [key, slot] of slots) {
        const value = tf.tensor(Float32Array.from(state.get(key)!.data), slot.shape, 'float32');
        slot.assign(value);
        value.dispose();
      }
    },
    dispose() {
      for (const slot of slots.values()) slot.dispose();
      slots.clear();
    },
  };
}

function readSteps(state: ReadonlyMap<string, NamedArray>): number {
  const steps = state.get('steps')?.data[0];
  if (steps === undefined)
    throw new AttuneError('checkpoint/mismatch', 'The optimiser state has no step count.');
  return steps;
}
