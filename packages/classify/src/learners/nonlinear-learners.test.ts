import { createRng, isAttuneError } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { fitKernelMachine, readKernelScorer } from './kernel-machine.ts';
import { DEFAULT_NETWORK, readNetworkScorer, trainNetwork } from './network.ts';
import type { LabelledRows } from './scorer.ts';

/** Exclusive or with a little noise: no line separates it. */
function checkerboard(count: number, seed: number): LabelledRows {
  const rng = createRng(seed);
  const corners = [
    [-1, -1],
    [1, 1],
    [-1, 1],
    [1, -1],
  ] as const;
  const rows = Array.from({ length: count }, (_, i) =>
    Float32Array.from(corners[i % 4]!, (x) => x + 0.2 * rng.normal()),
  );
  return { rows, labels: rows.map((_, i) => (i % 4 < 2 ? 0 : 1)), weights: rows.map(() => 1), classes: 2 };
}
const fresh = checkerboard(80, 9);
const rightOf = (logits: (row: Float32Array) => Float64Array): number =>
  fresh.rows.filter((row, i) => Number(logits(row)[1]! > logits(row)[0]!) === fresh.labels[i]).length /
  fresh.rows.length;

describe('kernel machine', () => {
  it('is the closed form of two rows: (K + αI)⁻¹ y', () => {
    const rows = [Float32Array.of(0), Float32Array.of(1)];
    const scorer = fitKernelMachine(
      { rows, labels: [0, 1], weights: [1, 1], classes: 2 },
      { gamma: Math.LN2, alpha: 0.5 },
    ); // K01 = ½
    // [[1.5, 0.5], [0.5, 1.5]]⁻¹ = [[0.75, −0.25], [−0.25, 0.75]]; at x = 0: 0.75 − 0.125 of the target 8
    expect(scorer.logits([0])[0]).toBeCloseTo(8 * 0.625, 5);
    expect(scorer.logits([0])[1]).toBeCloseTo(8 * (-0.25 + 0.375), 5);
  });
  it('solves what no line separates', () => {
    const scorer = fitKernelMachine(checkerboard(80, 1), { gamma: 2, alpha: 0.1 });
    expect(rightOf((row) => scorer.logits(row))).toBeGreaterThan(0.97);
  });
  it('gives a row of small weight little say', () => {
    const rows = [Float32Array.of(0), Float32Array.of(0)];
    const scorer = fitKernelMachine(
      { rows, labels: [0, 1], weights: [1, 0.01], classes: 2 },
      { gamma: 1, alpha: 1 },
    );
    expect(scorer.logits([0])[0]! / scorer.logits([0])[1]!).toBeCloseTo(100, 3); // weighted mean
  });
  it('refuses no rows, and comes back from its arrays', () => {
    expect(() =>
      fitKernelMachine({ rows: [], labels: [], weights: [], classes: 2 }, { gamma: 1, alpha: 1 }),
    ).toThrow(/1 to 4000 rows, not 0/);
    const scorer = fitKernelMachine(checkerboard(12, 2), { gamma: 2, alpha: 0.1 });
    expect([...readKernelScorer(scorer.settings, scorer.arrays, 2).logits([0.3, 0.4])]).toEqual([
      ...scorer.logits([0.3, 0.4]),
    ]);
    expect(() => readKernelScorer(scorer.settings, scorer.arrays, 5)).toThrow(/over 5 features/);
    expect(() => readKernelScorer({ gamma: -1 }, scorer.arrays, 2)).toThrow(/kernel machine/);
  });
});

describe('network', () => {
  const settings = { ...DEFAULT_NETWORK, hidden: 16, epochs: 80, dropout: 0.05, learningRate: 0.02 };
  const scorer = trainNetwork(checkerboard(80, 1), settings, createRng(1));
  it('solves what no line separates', () => {
    expect(rightOf((row) => scorer.logits(row))).toBeGreaterThan(0.97);
  });
  it('is the same again from the same chance', () => {
    const again = trainNetwork(checkerboard(80, 1), settings, createRng(1));
    expect([...again.logits([0.2, -0.7])]).toEqual([...scorer.logits([0.2, -0.7])]);
  });
  it('learns the log odds of one binary feature, as counting does', () => {
    // x = 1: 30 of class 1, 10 of class 0; x = 0 the other way round: odds 3.
    const rows = Array.from({ length: 80 }, (_, i) => Float32Array.of(i < 40 ? 1 : 0));
    const labels = rows.map((_, i) => (i % 40 < 30 ? (i < 40 ? 1 : 0) : i < 40 ? 0 : 1));
    const net = trainNetwork(
      { rows, labels, weights: rows.map(() => 1), classes: 2 },
      { ...settings, batch: 80, epochs: 300, dropout: 0, decay: 0 },
      createRng(2),
    );
    const odds = (x: number): number => net.logits([x])[1]! - net.logits([x])[0]!;
    expect(odds(1)).toBeCloseTo(Math.log(3), 1);
    expect(odds(0)).toBeCloseTo(-Math.log(3), 1);
  });
  it('refuses rows without features, and comes back from its arrays', () => {
    expect([...readNetworkScorer({}, scorer.arrays, 2).logits([0.3, 0.4])]).toEqual([
      ...scorer.logits([0.3, 0.4]),
    ]);
    try {
      readNetworkScorer({}, scorer.arrays, 3);
      expect.unreachable();
    } catch (error) {
      expect(isAttuneError(error, 'checkpoint/mismatch')).toBe(true);
    }
    expect(() =>
      trainNetwork({ rows: [], labels: [], weights: [], classes: 2 }, settings, createRng(1)),
    ).toThrow(/at least one row/);
  });
});
