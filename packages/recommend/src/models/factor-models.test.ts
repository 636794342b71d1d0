import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createFactorScan } from './factor-scan.ts';
import { rankByFactors } from './factor-ranker.ts';
import { fitAls } from './implicit-als.ts';
import { createInteractions } from './interactions.ts';
import { csrOfRows } from './csr-matrix.ts';
import { rightSingularVectors } from './spectral-filter.ts';
import { contentFactors } from './content-factors.ts';
import { invertPositive } from './positive-inverse.ts';

describe('folding in by factors', () => {
  it('solves the least squares of Hu, Koren & Volinsky, by hand in one dimension', () => {
    // Factors 2, 1, 3; likes the first, α = 4, λ = 1: v = 5·2 / (4 + 1 + 9 + 4·4 + 1) = 10 / 31.
    const model = {
      rank: 1,
      factors: Float32Array.of(2, 1, 3),
      confidence: 4,
      regularisation: 1,
      frequencyPower: 0,
    };
    const ranker = rankByFactors('test', model);
    const likes = { indices: Uint32Array.of(0), values: Float32Array.of(1) };
    expect(ranker.fold(likes)[0]).toBeCloseTo(10 / 31, 12);
  });
});

describe('implicit ALS', () => {
  it('ends where its loss has no slope: the items’ factors solve their normal equations', () => {
    const rng = createRng(2);
    const likes = Array.from({ length: 80 }, () => ({
      listener: `l${rng.integer(15)}`,
      item: `i${rng.integer(12)}`,
      liking: 1,
    }));
    const set = createInteractions(likes);
    const options = {
      rank: 3,
      confidence: 6,
      regularisation: 0.5,
      frequencyPower: 0,
      conjugateSteps: 6,
      seed: 4,
    };
    const { factors } = fitAls(set.likes, { ...options, iterations: 400 });
    const further = fitAls(set.likes, { ...options, iterations: 401 }).factors;
    // One more round of exact half-steps changes nothing at a fixed point.
    factors.forEach((value, at) => expect(Math.abs(value - further[at]!)).toBeLessThan(1e-4));
  });
});

describe('a factor scan', () => {
  it.each([1, 3, 4, 7, 12, 64])('of rank %i agrees with double precision, and its top is exact', (rank) => {
    const rng = createRng(rank);
    const factors = Float32Array.from({ length: 501 * rank }, () => rng.normal());
    const query = Float32Array.from({ length: rank }, () => rng.normal());
    const scan = createFactorScan(factors, rank);
    const exact = Float64Array.from({ length: 501 }, (_, i) =>
      query.reduce((sum, value, k) => sum + factors[i * rank + k]! * value, 0),
    );
    scan.products(query).forEach((value, i) => expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-5 * rank));
    const order = [...exact.keys()].sort((a, b) => exact[b]! - exact[a]!);
    expect([...scan.top(query, 10)]).toEqual(order.slice(0, 10));
    expect([...scan.top(query, 3, (i) => i === order[0])]).toEqual(order.slice(1, 4));
  });

  it('refuses vectors of another length', () => {
    expect(() => createFactorScan(new Float32Array(7), 2)).toThrow('7 values are no vectors of 2.');
    expect(() => createFactorScan(new Float32Array(8), 2).products([1])).toThrow(
      'A query has 2 values, not 1.',
    );
  });
});

describe('singular vectors', () => {
  it('of a diagonal matrix are the axes of its largest values', () => {
    const rows = [3, 1, 5, 2].map((value, i) => ({
      indices: Uint32Array.of(i),
      values: Float32Array.of(value),
    }));
    const vectors = rightSingularVectors(csrOfRows(rows, 4), 2, createRng(1));
    [2, 0].forEach((axis, k) => expect(Math.abs(vectors[k * 4 + axis]!)).toBeCloseTo(1, 5));
  });
});

describe('inverses', () => {
  it.each([1, 2, 5, 49, 130])('of positive definite matrices of size %i times them are 1', (n) => {
    const rng = createRng(n);
    const root = Float64Array.from({ length: n * n }, () => rng.normal());
    const at = (i: number, j: number): number => {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) sum += root[i * n + k]! * root[j * n + k]!;
      return sum;
    };
    const matrix = Float64Array.from({ length: n * n }, (_, e) => at(Math.floor(e / n), e % n));
    const inverse = invertPositive(matrix.slice(), n);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = i === j ? -1 : 0;
        for (let k = 0; k < n; k++) sum += matrix[i * n + k]! * inverse[k * n + j]!;
        worst = Math.max(worst, Math.abs(sum));
      }
    }
    expect(worst).toBeLessThan(1e-9);
  });

  it('of others are refused', () => {
    expect(() => invertPositive(Float64Array.of(1, 2, 2, 1), 2)).toThrow(
      'The matrix is not positive definite: pivot 1 is -3.',
    );
  });
});

describe('content factors', () => {
  it('place items that nobody has heard by their content', () => {
    const items = Array.from({ length: 16 }, (_, i) => `i${i}`);
    const content = new Map(items.map((item, i) => [item, [i % 2, i / 16]]));
    const likes = Array.from({ length: 12 }, (_, l) =>
      items
        .slice(0, 12)
        .filter((_, i) => i % 2 === l % 2)
        .map((item) => ({ listener: `l${l}`, item, liking: 1 })),
    ).flat(); // i12 … i15 are new
    const model = contentFactors.fit(createInteractions(likes, items), {
      content,
      rank: 2,
      regularisation: 0.1,
    });
    const fresh = model.recommend(model.foldIn([{ item: 'i1', liking: 1 }]), {
      take: 2,
      exclude: items.slice(0, 12),
    });
    expect(fresh.map(({ item }) => item).sort()).toEqual(['i13', 'i15']);
  });

  it('refuse a catalogue without content', () => {
    const set = createInteractions([{ listener: 'l', item: 'i', liking: 1 }]);
    expect(() => contentFactors.fit(set)).toThrow(
      'Item i needs a content vector of finite values, all of one length.',
    );
    const content = new Map([['i', [NaN]]]);
    expect(() => contentFactors.fit(set, { content })).toThrow('Item i needs a content vector');
  });
});
