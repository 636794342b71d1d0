import { expect, it } from 'vitest';
import { secretNoise } from './secret-noise.ts';

it('is standard normal, and never the same twice', () => {
  const [a, b] = [secretNoise(), secretNoise()];
  const draws = Array.from({ length: 40_000 }, () => a.normal());
  const moment = (power: number): number =>
    draws.reduce((sum, value) => sum + value ** power, 0) / draws.length;
  // Within six deviations of the moments 0, 1 and 3 of a standard normal: √(1, 2, 96) / 200.
  expect(Math.abs(moment(1))).toBeLessThan(6 / 200);
  expect(Math.abs(moment(2) - 1)).toBeLessThan((6 * Math.SQRT2) / 200);
  expect(Math.abs(moment(4) - 3)).toBeLessThan((6 * Math.sqrt(96)) / 200);
  expect(draws).not.toContain(b.normal());
});
