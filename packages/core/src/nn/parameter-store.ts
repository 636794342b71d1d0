import { AttuneError } from '../foundation/errors.ts';
import type { Rng } from '../foundation/rng.ts';
import type { Tensor, TensorFlow, Variable } from './tensor-flow.ts';
import type { NamedArray } from './named-array.ts';

/** Fills a new parameter of the given shape; draws from `rng` only. */
export type Initialiser = (shape: readonly number[], rng: Rng) => Float32Array;

/**
 * The named, ordered float32 values of one model: its trainable parameters, and buffers, which are saved and loaded
 * with them but not trained (running statistics, the vector of a power iteration). Names are paths such as
 * `block0/attention/query/weight`. Each value draws its first numbers from `rng.fork(name)`, so they do not depend
 * on the order of creation.
 */
export class ParameterStore {
  private readonly variables = new Map<string, Variable>();
  private readonly buffers = new Set<string>();
  private readonly tf: TensorFlow;
  private readonly rng: Rng;

  constructor(tf: TensorFlow, rng: Rng) {
    this.tf = tf;
    this.rng = rng;
  }

  /** Creates a parameter. Throws `model/invalid` when the name is taken or the shape is not of whole numbers > 0. */
  create(name: string, shape: readonly number[], initialise: Initialiser): Variable {
    this.check(name, shape);
    return this.add(name, shape, initialise, true);
  }

  /** Creates a value that layers change and optimisers leave alone. Throws as `create` does. */
  createBuffer(name: string, shape: readonly number[], initialise: Initialiser): Variable {
    this.check(name, shape);
    this.buffers.add(name);
    return this.add(name, shape, initialise, false);
  }

  /** Throws `model/invalid` for a name that does not exist. */
  get(name: string): Variable {
    const variable = this.variables.get(name);
    if (variable === undefined) {
      throw new AttuneError('model/invalid', `There is no parameter ${name}.`, { parameter: name });
    }
    return variable;
  }

  has(name: string): boolean {
    return this.variables.has(name);
  }

  /** Of parameters and buffers, in order of creation. */
  names(): string[] {
    return [...this.variables.keys()];
  }

  /** The parameters, without the buffers: what an optimiser updates. */
  entries(): [name: string, variable: Variable][] {
    return [...this.variables.entries()].filter(([name]) => !this.buffers.has(name));
  }

  /** Number of scalars in all parameters, buffers left out. */
  get size(): number {
    return this.entries().reduce((total, [, variable]) => total + variable.size, 0);
  }

  /** Copies of all values, buffers included, in order of creation. */
  save(): Map<string, NamedArray> {
    const saved = new Map<string, NamedArray>();
    for (const [name, variable] of this.variables) {
      saved.set(name, { shape: [...variable.shape], data: Float32Array.from(variable.dataSync()) });
    }
    return saved;
  }

  /**
   * Sets every parameter and buffer. Throws `checkpoint/mismatch` naming the first parameter that is missing, unknown or of
   * another shape; nothing is changed then.
   */
  load(values: ReadonlyMap<string, NamedArray>): void {
    for (const [name, variable] of this.variables) {
      const value = values.get(name);
      if (value === undefined) {
        throw new AttuneError('checkpoint/mismatch', `The checkpoint has no parameter ${name}.`, {
          parameter: name,
        });
      }
      if (
        value.shape.length !== variable.shape.length ||
        value.shape.some((n, i) => n !== variable.shape[i])
      ) {
        const [found, wanted] = [value.shape.join(', '), variable.shape.join(', ')];
        throw new AttuneError(
          'checkpoint/mismatch',
          `Parameter ${name} has shape [${found}] in the checkpoint, and the model needs [${wanted}].`,
          { parameter: name, found, wanted },
        );
      }
    }
    for (const name of values.keys()) {
      if (!this.variables.has(name)) {
        throw new AttuneError(
          'checkpoint/mismatch',
          `The checkpoint has a parameter ${name} that the model has not.`,
          {
            parameter: name,
          },
        );
      }
    }
    for (const [name, variable] of this.variables) this.assign(variable, values.get(name)!.data);
  }

  /** Frees all parameters; the store is empty afterwards. */
  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
    this.variables.clear();
    this.buffers.clear();
  }

  private check(name: string, shape: readonly number[]): void {
    if (this.variables.has(name)) {
      throw new AttuneError('model/invalid', `Parameter ${name} exists already.`, { parameter: name });
    }
    if (shape.some((n) => !Number.isInteger(n) || n < 1)) {
      throw new AttuneError('model/invalid', `Parameter ${name} cannot have shape [${shape.join(', ')}].`, {
        parameter: name,
      });
    }
  }

  private add(name: string, shape: readonly number[], initialise: Initialiser, trainable: boolean): Variable {
    const values = initialise(shape, this.rng.fork(name));
    const variable = this.tf.tidy(() =>
      this.tf.variable(this.tf.tensor(values, [...shape], 'float32'), trainable),
    );
    this.variables.set(name, variable);
    return variable;
  }

  private assign(variable: Variable, data: ArrayLike<number>): void {
    const value: Tensor = this.tf.tensor(Float32Array.from(data), variable.shape, 'float32');
    variable.assign(value);
    value.dispose();
  }
}
