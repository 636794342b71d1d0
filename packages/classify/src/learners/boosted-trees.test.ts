import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { binRows } from './bins.ts';
import { DEFAULT_BOOSTING, trainBoostedTrees } from './boosted-trees.ts';
import { growTree } from './grow-tree.ts';
import type { LabelledRows } from './scorer.ts';
import { LEAF, readTreeScorer } from './tree-scorer.ts';

/** Four corners of the square; a class for each diagonal, which no linear rule tells apart. */
function xorWorld(copies: number, seed: number): LabelledRows {
  const rng = createRng(seed);
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  for (let i = 0; i < copies; i++) {
    const x = rng.uniform() < 0.5 ? 0 : 1;
    const y = rng.uniform() < 0.5 ? 0 : 1;
    rows.push(Float32Array.of(x + 0.2 * rng.normal(), y + 0.2 * rng.normal(), rng.normal()));
    labels.push(x === y ? 0 : 1);
  }
  return { rows, labels, weights: labels.map(() => 1), classes: 2 };
}
const SETTINGS = { ...DEFAULT_BOOSTING, rounds: 30, rowShare: 1, featureShare: 1 };

describe('boosted trees', () => {
  it('learn XOR, on rows that they have not seen', () => {
    const scorer = trainBoostedTrees(xorWorld(400, 1), SETTINGS, createRng(1));
    const fresh = xorWorld(400, 2);
    const right = fresh.rows.filter(
      (row, i) => (scorer.logits(row)[0]! > scorer.logits(row)[1]! ? 0 : 1) === fresh.labels[i],
    );
    expect(right.length / 400).toBeGreaterThan(0.95); // Bayes: (1 − Φ(−2.5))² + Φ(−2.5)² ≈ 0.988
  });

  it('are the same for the same seed, and others for another', () => {
    const settings = { ...SETTINGS, rounds: 3, rowShare: 0.5 };
    const thresholds = (seed: number): unknown =>
      trainBoostedTrees(xorWorld(100, 1), settings, createRng(seed)).arrays.get('threshold');
    expect(thresholds(4)).toEqual(thresholds(4));
    expect(thresholds(4)).not.toEqual(thresholds(5));
  });

  it('answer the same after a round trip through their arrays', () => {
    const scorer = trainBoostedTrees(xorWorld(200, 1), SETTINGS, createRng(1));
    const again = readTreeScorer({}, scorer.arrays, 3);
    for (const row of xorWorld(50, 3).rows) expect(again.logits(row)).toEqual(scorer.logits(row));
  });

  it('start from the class shares: without a tree the logits are their logarithms', () => {
    const data = { ...xorWorld(4, 1), labels: [0, 0, 0, 1] };
    const logits = trainBoostedTrees(data, { ...SETTINGS, rounds: 0 }, createRng(1)).logits([0, 0, 0]);
    expect(logits[0]! - logits[1]!).toBeCloseTo(Math.log(3.001 / 1.001), 5); // shares are smoothed by 0.001 of a row
  });

  it('are refused where a walk would not end or leave the features', () => {
    const scorer = trainBoostedTrees(xorWorld(50, 1), SETTINGS, createRng(1));
    expect(() => readTreeScorer({}, scorer.arrays, 1)).toThrow(/over 1 features/);
    const left = scorer.arrays.get('left')!;
    const looped = new Map(scorer.arrays).set('left', { ...left, data: new Uint16Array(left.data.length) });
    expect(() => readTreeScorer({}, looped, 3)).toThrow(/do not make trees/);
  });
});

describe('one tree', () => {
  it('puts −rate · G / (H + λ) on the leaves of the best split', () => {
    const bins = binRows([0, 1, 2, 3].map((x) => Float32Array.of(x)));
    const gradient = Float64Array.of(-1, -1, 1, 1); // best cut between 1 and 2
    const hessian = Float64Array.of(1, 1, 1, 1);
    const { nodes, apply } = growTree(
      bins,
      gradient,
      hessian,
      Int32Array.of(0, 1, 2, 3),
      Int32Array.of(0),
      { depth: 1, lambda: 2, leastHessian: 1 },
      0.5,
    );
    expect([...nodes.feature]).toEqual([0, LEAF, LEAF]);
    expect(nodes.threshold[0]).toBe(1.5);
    expect([0, 1, 2, 3].map(apply)).toEqual([0.25, 0.25, -0.25, -0.25]); // 0.5 · 2 / (2 + 2)
  });

  it('does not split where a side would be too light', () => {
    const bins = binRows([0, 1].map((x) => Float32Array.of(x)));
    const { nodes } = growTree(
      bins,
      Float64Array.of(-1, 1),
      Float64Array.of(1, 1),
      Int32Array.of(0, 1),
      Int32Array.of(0),
      { depth: 2, lambda: 1, leastHessian: 1.5 },
      1,
    );
    expect([...nodes.feature]).toEqual([LEAF]);
  });
});

describe('bins', () => {
  it('cut between distinct values, and bin by value ≤ edge', () => {
    const bins = binRows([1, 5, 5, 9].map((x) => Float32Array.of(x)));
    expect([...bins.edges[0]!]).toEqual([3, 7]);
    expect([...bins.columns[0]!]).toEqual([0, 1, 1, 2]);
  });
  it('give a constant feature one bin', () => {
    const bins = binRows([2, 2].map((x) => Float32Array.of(x)));
    expect(bins.edges[0]!.length).toBe(0);
  });
  it('are at most 64, about equally full, of many values', () => {
    const bins = binRows(Array.from({ length: 6400 }, (_, i) => Float32Array.of((i * 37) % 6400)));
    const counts = new Array<number>(64).fill(0);
    for (const bin of bins.columns[0]!) counts[bin]!++;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(99);
    expect(Math.max(...counts)).toBeLessThanOrEqual(101);
  });
});
