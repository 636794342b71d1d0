import { expect, it } from 'vitest';
import { addSymmetricNoise, deviationOf, epsilonOf, zeroConcentrated } from './gaussian-mechanism.ts';

it('converts (ε, δ) to ρ and back as Bun & Steinke state it', () => {
  // By hand: ln 1/δ = 4, ε = 5: ρ = (3 − 2)², and 1 + 2 √4 = 5.
  expect(zeroConcentrated(5, Math.exp(-4))).toBeCloseTo(1, 12);
  expect(epsilonOf(1, Math.exp(-4))).toBeCloseTo(5, 12);
  for (const [epsilon, delta] of [
    [0.1, 1e-6],
    [1, 1e-5],
    [8, 0.01],
  ] as const) {
    expect(epsilonOf(zeroConcentrated(epsilon, delta), delta)).toBeCloseTo(epsilon, 9);
  }
  expect(epsilonOf(0, 0.1)).toBe(0);
  expect(() => zeroConcentrated(0, 0.1)).toThrow('epsilon is');
  expect(() => zeroConcentrated(1, 1)).toThrow('delta is');
  expect(() => epsilonOf(-1, 0.1)).toThrow('rho is');
});

it('needs noise of sensitivity over √(2ρ)', () => {
  expect(deviationOf(3, 0.5)).toBe(3); // √(2 · 0.5) = 1
  expect(deviationOf(1, 2)).toBe(0.5);
  expect(() => deviationOf(1, 0)).toThrow('rho is');
});

it('noises a symmetric matrix symmetrically, each pair of places by one draw', () => {
  const draws = [1, 10, 100, 1000, 10000, 100000];
  const matrix = new Float64Array(9);
  addSymmetricNoise(matrix, 3, 2, { normal: () => draws.shift()! });
  expect([...matrix]).toEqual([2, 20, 2000, 20, 200, 20000, 2000, 20000, 200000]);
  expect(draws).toEqual([]);
});
