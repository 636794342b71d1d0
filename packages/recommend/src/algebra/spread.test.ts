import { expect, it } from 'vitest';
import { spreadOf } from './spread.ts';

it('gives the mean and the deviation of the population, by hand', () => {
  expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: 2 });
  expect(spreadOf(Float32Array.of(3, 3, 3))).toEqual({ mean: 3, deviation: 0 });
});
