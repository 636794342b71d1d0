import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { availableBackends, closeTo, gradientError, randomTensor } from '../../testing/tensors.ts';
import { ParameterStore } from '../parameter-store.ts';
import type { Tensor } from '../tensor-flow.ts';
import { createGru, gru } from './gru.ts';
import { createLstm, lstm } from './lstm.ts';
import type { RecurrentOptions } from './recurrent.ts';

const backends = await availableBackends();

describe.each([...backends.keys()])('recurrent layers on %s', (name) => {
  const backend = backends.get(name)!;
  const { tf } = backend;
  const store = (): ParameterStore => new ParameterStore(tf, createRng(5));
  const x = (shape: number[]): Tensor => randomTensor(tf, shape, createRng(8));

  describe.each(['gru', 'lstm'] as const)('%s', (kind) => {
    const run = (input: Tensor, options: RecurrentOptions = {}): { outputs: Tensor; state: Tensor } =>
      kind === 'gru'
        ? gru(tf, input, createGru(store(), 'layer', 2, 3), options)
        : lstm(tf, input, createLstm(store(), 'layer', 2, 3), options);

    it('with a mask, ends as if the row had ended there, and repeats the state', async () => {
      await backend.activate();
      const input = x([2, 4, 2]);
      const mask = tf.tensor2d([[1, 1, 0, 0], [1, 1, 1, 1]]); // prettier-ignore
      const { outputs, state } = run(input, { mask });
      const short = run(tf.slice(input, [0, 0, 0], [1, 2, 2]));
      const long = run(tf.slice(input, [1, 0, 0], [1, 4, 2]));
      closeTo(state.dataSync(), [...short.state.dataSync(), ...long.state.dataSync()], 1e-6);
      const steps = outputs.dataSync().slice(0, 12);
      expect(steps.slice(6, 9)).toEqual(steps.slice(3, 6));
      expect(steps.slice(9, 12)).toEqual(steps.slice(3, 6));
    });

    it('in reverse equals the run over the reversed sequence', async () => {
      await backend.activate();
      const input = x([2, 3, 2]);
      const { outputs, state } = run(input, { reverse: true });
      const straight = run(tf.reverse(input, 1));
      closeTo(outputs.dataSync(), tf.reverse(straight.outputs, 1).dataSync(), 1e-6);
      closeTo(state.dataSync(), straight.state.dataSync(), 1e-6);
    });

    it('has the right gradients through mask, direction, last state and computed weights', async () => {
      await backend.activate();
      const mask = tf.tensor2d([[1, 0, 1], [1, 1, 0]]); // prettier-ignore
      const gates = kind === 'gru' ? 3 : 4;
      const loss = (input: Tensor, w: Tensor, u: Tensor, b: Tensor, h: Tensor): Tensor =>
        tf.tidy(() => {
          const stateWeight = tf.mul(u, 0.5); // made inside, so the layer has to keep it
          const options = { mask, reverse: true, state: h };
          const { outputs, state } =
            kind === 'gru'
              ? gru(tf, input, { inputWeight: w, inputBias: b, stateWeight, stateBias: b }, options)
              : lstm(tf, input, { inputWeight: w, stateWeight, bias: b }, { ...options, cell: h });
          return tf.concat([tf.reshape(outputs, [-1]), tf.reshape(state, [-1])]);
        });
      const inputs = [[2, 3, 2], [2, 2 * gates], [2, 2 * gates], [2 * gates], [2, 2]].map(x); // prettier-ignore
      expect(gradientError(tf, loss, inputs)).toBeLessThan(3e-3);
    });

    it('refuses a mask of another size or with other numbers', async () => {
      await backend.activate();
      expect(() => run(x([2, 3, 2]), { mask: tf.ones([3, 2]) })).toThrow(
        /mask \[3, 2\] does not fit 2 rows of 3/,
      );
      expect(() => run(x([1, 2, 2]), { mask: tf.tensor2d([[1, 0.5]]) })).toThrow(/0 and 1 only/);
    });
  });

  it('start from orthogonal state weights, and from a forget gate that is open', async () => {
    await backend.activate();
    const made = createLstm(store(), 'l', 2, 3);
    const blocks = tf.split(made.stateWeight, 4, 1);
    for (const block of blocks) {
      closeTo(tf.matMul(block, block, true).dataSync(), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-6);
    }
    expect([...made.bias.dataSync()]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    expect(() => lstm(tf, x([1, 2, 2]), made, { state: tf.zeros([1, 3]) })).toThrow(/state and a cell/);
  });
});
