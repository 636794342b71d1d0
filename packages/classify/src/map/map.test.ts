import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { mapNeighbours, neighbourProbabilities } from './neighbour-map.ts';
import { principalComponents } from './principal-components.ts';

describe('principal components', () => {
  it('of points on a line are the line, with all of the variance', () => {
    const rows = [-2, -1, 0, 1, 2].map((t) => [3 + 0.6 * t, 1 + 0.8 * t, 7]);
    const { directions, variances, coordinates } = principalComponents(rows, 2);
    [0.6, 0.8, 0].forEach((value, i) => expect(directions[0]![i]).toBeCloseTo(value, 12));
    expect(variances[0]).toBeCloseTo(2.5, 12); // Σ t² / (n − 1)
    expect(variances[1]).toBeCloseTo(0, 12);
    coordinates.forEach((place, i) => expect(place[0]).toBeCloseTo(i - 2, 12));
  });

  it('agree with a covariance whose eigenvalues are known by hand', () => {
    // Rows ±(1, 1)·2 and ±(1, −1): covariance [[10/3, 2], [2, 10/3]], eigenvalues 16/3 and 4/3.
    const { variances, directions } = principalComponents([[2, 2], [-2, -2], [1, -1], [-1, 1]], 2); // prettier-ignore
    expect(variances[0]).toBeCloseTo(16 / 3, 12);
    expect(variances[1]).toBeCloseTo(4 / 3, 12);
    expect(Math.abs(directions[0]![0]! - directions[0]![1]!)).toBeLessThan(1e-12);
  });

  it('take unknown values for the mean of their column, and survive no rows', () => {
    const { coordinates } = principalComponents([[1, 5], [3, NaN], [5, 9]], 2); // prettier-ignore
    expect(coordinates.flatMap((place) => [...place]).every(Number.isFinite)).toBe(true);
    expect(principalComponents([], 2)).toMatchObject({ directions: [], coordinates: [] });
    expect(principalComponents([[NaN], [NaN]], 2).variances[0]).toBe(0);
  });
});

/** Three clouds in six dimensions, 12 apart, deviation 1. */
function clouds(each: number, seed: number): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: 3 * each }, (_, i) =>
    Array.from({ length: 6 }, (_, f) => (f === i % 3 ? 12 : 0) + rng.normal()),
  );
}

describe('the map of neighbours', () => {
  it('gives every row as many neighbours as it was asked for', () => {
    const n = 30;
    const p = neighbourProbabilities(clouds(10, 1), 5);
    for (let i = 0; i < n; i++) {
      const row = p.subarray(i * n, (i + 1) * n);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(row[i]).toBe(0);
      expect(Math.exp(row.reduce((sum, q) => (q > 0 ? sum - q * Math.log(q) : sum), 0))).toBeCloseTo(5, 3);
    }
  });

  it('keeps clouds together and apart: the nearest on the map is of the same cloud', () => {
    const rows = clouds(25, 2);
    const { places, method } = mapNeighbours(rows, { perplexity: 10 });
    expect(method).toBe('neighbours');
    const distance = (a: number, b: number): number =>
      Math.hypot(places[a]![0] - places[b]![0], places[a]![1] - places[b]![1]);
    const wrong = rows.filter((_, i) => {
      const others = rows.map((_, j) => j).filter((j) => j !== i);
      return others.reduce((best, j) => (distance(i, j) < distance(i, best) ? j : best)) % 3 !== i % 3;
    });
    expect(wrong).toHaveLength(0);
    const bounds = places.flat();
    expect(Math.max(...bounds)).toBeCloseTo(1, 9);
    expect(Math.min(...bounds)).toBeGreaterThanOrEqual(-1 - 1e-9);
    expect(mapNeighbours(rows, { perplexity: 10 }).places).toEqual(places);
  });

  it('is of components where rows are few or many, and of nothing where there are none', () => {
    expect(mapNeighbours([])).toEqual({ places: [], method: 'components' });
    expect(mapNeighbours([[1, 2]]).places).toEqual([[0, 0]]);
    expect(mapNeighbours([[0, 0], [4, 0]]).places).toEqual([[-1, 0], [1, 0]]); // prettier-ignore
    expect(mapNeighbours(clouds(10, 1), { most: 20 }).method).toBe('components');
    expect(
      mapNeighbours(Array.from({ length: 12 }, () => [1, 1]))
        .places.flat()
        .every(Number.isFinite),
    ).toBe(true);
  });

  it('stops when it is cancelled', () => {
    const stopped = AbortSignal.abort();
    expect(() => mapNeighbours(clouds(10, 1), { signal: stopped })).toThrow(/cancelled/);
  });
});
