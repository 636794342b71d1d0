import { AttuneError } from '../foundation/errors.ts';
import type { NamedArray } from './named-array.ts';
import type { ParameterStore } from './parameter-store.ts';

/** Settings of an exponential moving average of weights. */
export interface WeightAverageOptions {
  /** Share of the average that an update keeps, 0 ≤ decay < 1. Default 0.999. */
  readonly decay?: number;
}

/** An exponential moving average of one store's parameters; its buffers are taken as they are. */
export interface WeightAverage {
  /** Takes the present values in. */
  update(): void;
  /** The averaged values, to be loaded into a store. */
  values(): Map<string, NamedArray>;
  save(): Map<string, NamedArray>;
  /** Throws `checkpoint/mismatch` naming what is missing or of another length. */
  load(state: ReadonlyMap<string, NamedArray>): void;
}

const COUNT = 'updates';

/**
 * average ← d · average + (1 − d) · weights with d = min(decay, (1 + n) / (10 + n)) at update n from 1, so that the
 * first values are soon forgotten (as TensorFlow's ExponentialMovingAverage). Kept in float32, computed in float64.
 */
export function createWeightAverage(
  store: ParameterStore,
  options: WeightAverageOptions = {},
): WeightAverage {
  const { decay = 0.999 } = options;
  if (!(decay >= 0 && decay < 1)) {
    throw new AttuneError('argument/invalid', `The decay of an average lies from 0 up to, not including, 1; it is ${decay}.`, { decay }); // prettier-ignore
  }
  let averages = store.save();
  let updates = 0;
  return {
    update() {
      updates++;
      const keep = Math.min(decay, (1 + updates) / (10 + updates));
      const trained = new Set(store.entries().map(([name]) => name));
      for (const [name, { data }] of store.save()) {
        const average = averages.get(name);
        if (average === undefined) {
          throw new AttuneError('model/invalid', `Parameter ${name} was created after its average.`, { parameter: name }); // prettier-ignore
        }
        const share = trained.has(name) ? keep : 0;
        for (let i = 0; i < data.length; i++)
          average.data[i] = share * average.data[i]! + (1 - share) * data[i]!;
      }
    },
    values: () => copyOf(averages),
    save: () => copyOf(averages).set(COUNT, { shape: [1], data: Int32Array.of(updates) }),
    load(state) {
      const count = state.get(COUNT)?.data[0];
      if (count === undefined)
        throw new AttuneError('checkpoint/mismatch', 'The averaged weights have no count.');
      for (const [name, { data }] of averages) {
        const found = state.get(name)?.data.length;
        if (found !== data.length) {
          throw new AttuneError('checkpoint/mismatch', `The average of ${name} has ${found ?? 'no'} values, and ${data.length} are needed.`, { parameter: name }); // prettier-ignore
        }
      }
      averages = copyOf(new Map([...averages.keys()].map((name) => [name, state.get(name)!])));
      updates = count;
    },
  };
}

function copyOf(arrays: ReadonlyMap<string, NamedArray>): Map<string, NamedArray> {
  return new Map(
    [...arrays].map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: Float32Array.from(data) },
    ]),
  );
}
