import { expect, it } from 'vitest';
import { normalCdf } from './normal.ts';

it('normalCdf agrees with a printed table', () => {
  for (const [x, p] of [
    [0, 0.5],
    [1, 0.8413447],
    [-1.96, 0.0249979],
    [3, 0.9986501],
  ] as const) {
    expect(Math.abs(normalCdf(x) - p)).toBeLessThan(1e-6);
  }
});
