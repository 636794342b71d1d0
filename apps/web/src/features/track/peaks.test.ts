import { expect, it } from 'vitest';
import { reduceToPeaks } from './peaks.ts';

it('keeps the greatest amplitude of each part, relative to the loudest', () => {
  const peaks = reduceToPeaks(new Float32Array([0.1, -0.5, 0.25, 0.2, 0, 0.05]), 3);
  expect([...peaks]).toEqual([1, 0.5, expect.closeTo(0.1, 6)]);
});

it('leaves silence silent, and parts without samples empty', () => {
  expect([...reduceToPeaks(new Float32Array(4), 2)]).toEqual([0, 0]);
  expect([...reduceToPeaks(new Float32Array([0.5]), 3)].filter((peak) => peak > 0)).toHaveLength(1);
});
