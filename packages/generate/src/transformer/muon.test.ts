import { createRng } from '@attune/core';
import { normal, ParameterStore, selectBackend, type TensorFlow } from '@attune/core/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMuon, orthogonalise } from './muon.ts';

let tf: TensorFlow;
beforeAll(async () => {
  tf = (await selectBackend({ prefer: ['cpu'] })).tf;
});

describe('orthogonalise', () => {
  it('brings the singular values of a diagonal matrix near 1 and keeps their signs', () => {
    const values = [...orthogonalise(tf, tf.tensor3d([3, 0, 0, -0.5], [1, 2, 2])).dataSync()];
    // The quintic iteration settles between about 0.7 and 1.2 (Jordan 2024).
    for (const [i, sign] of [
      [0, 1],
      [3, -1],
    ] as const) {
      expect(values[i]! * sign).toBeGreaterThan(0.65);
      expect(values[i]! * sign).toBeLessThan(1.25);
    }
    expect(Math.abs(values[1]!) + Math.abs(values[2]!)).toBeLessThan(1e-6);
  });

  it('treats a tall matrix as its transpose', () => {
    const wide = tf.randomNormal([2, 3, 5], 0, 1, 'float32', 4);
    const tall = tf.transpose(wide, [0, 2, 1]);
    const back = tf.transpose(orthogonalise(tf, tall), [0, 2, 1]).dataSync();
    orthogonalise(tf, wide)
      .dataSync()
      .forEach((value, i) => expect(back[i]).toBeCloseTo(value, 5));
  });
});

describe('createMuon', () => {
  function setUp() {
    const store = new ParameterStore(tf, createRng(1));
    for (const name of ['a', 'b']) store.create(name, [4, 4], normal(1));
    store.create('bias', [4], normal(1));
    const optimiser = createMuon(tf, store, { groups: [['a', 'b']] });
    /** Half the squared distance from zero: the gradient is the parameter itself. */
    const step = (): void => {
      const gradients = Object.fromEntries(
        store.entries().map(([name, variable]) => [name, tf.clone(variable)]),
      );
      optimiser.step(gradients, 0.01);
    };
    const norm = (): number => Math.hypot(...[...store.save().values()].flatMap(({ data }) => [...data]));
    return { store, optimiser, step, norm };
  }

  it('goes down a bowl', () => {
    const { step, norm } = setUp();
    const before = norm();
    for (let i = 0; i < 20; i++) step();
    expect(norm()).toBeLessThan(0.6 * before);
  });

  it('goes on from a saved state as if it had never stopped', () => {
    const [one, two] = [setUp(), setUp()];
    for (let i = 0; i < 6; i++) one.step();
    for (let i = 0; i < 3; i++) two.step();
    const three = setUp();
    three.store.load(two.store.save());
    three.optimiser.load(two.optimiser.save());
    for (let i = 0; i < 3; i++) three.step();
    expect([...three.store.save().values()].map(({ data }) => [...data])).toEqual(
      [...one.store.save().values()].map(({ data }) => [...data]),
    );
  });
});
