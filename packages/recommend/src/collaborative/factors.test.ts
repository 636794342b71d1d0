import { createRng } from '@attune/core';
import { expect, it } from 'vitest';
import type { Liking } from './factors.ts';
import { fitFactors } from './factors.ts';

/** Two crowds: one likes even items and dislikes odd ones, the other the reverse. */
function checkerboard(listeners: number, items: number): Liking[] {
  return Array.from({ length: listeners }, (_, l) =>
    Array.from({ length: items }, (_, i) => ({
      listener: `l${l}`,
      item: `i${i}`,
      liking: (l + i) % 2 === 0 ? 1 : -1,
      weight: 1,
    })),
  ).flat();
}

function cosine(a: Float64Array, b: Float64Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return dot / Math.hypot(...a) / Math.hypot(...b);
}

it('tells the two sides of a checkerboard apart', () => {
  const factors = fitFactors(checkerboard(20, 12), createRng(1), { rank: 3 })!;
  const at = (i: number): Float64Array => factors.items.get(`i${i}`)!;
  expect(factors.listeners).toBe(20);
  for (let i = 2; i < 12; i++) {
    const likeness = cosine(at(0), at(i));
    if (i % 2 === 0) expect(likeness).toBeGreaterThan(0.95);
    else expect(likeness).toBeLessThan(-0.95);
  }
});

it('joins in only where there are enough ratings', () => {
  expect(fitFactors(checkerboard(4, 12), createRng(1))).toBeUndefined();
  expect(fitFactors([], createRng(1))).toBeUndefined();
  const lone: Liking = { listener: 'l0', item: 'rare', liking: 1, weight: 1 };
  const factors = fitFactors([...checkerboard(20, 12), lone], createRng(1))!;
  expect(factors.items.has('rare')).toBe(false);
});

it('gives the same factors for the same seed, whatever the order of ratings', () => {
  const likings = checkerboard(20, 12);
  const a = fitFactors(likings, createRng(4))!;
  const b = fitFactors([...likings].reverse(), createRng(4))!;
  for (const [id, values] of a.items) {
    values.forEach((value, k) => expect(Math.abs(value - b.items.get(id)![k]!)).toBeLessThan(1e-9));
  }
});

it('erasing a listener equals a fit without them', () => {
  const all = checkerboard(21, 12);
  const without = fitFactors(
    all.filter((liking) => liking.listener !== 'l20'),
    createRng(4),
  )!;
  const never = fitFactors(checkerboard(20, 12), createRng(4))!;
  expect([...without.items]).toEqual([...never.items]);
});
