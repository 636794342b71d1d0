import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createDrawScratch, drawValue, natsOf } from './draw.ts';

const logits = Float32Array.from([0.5, 0.25, 0.15, 0.1].map(Math.log));
const scratch = createDrawScratch(4);
const count = (mask: readonly number[], temperature: number, topP: number): number[] => {
  const rng = createRng(8);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 10_000; i++)
    counts[drawValue(logits, Uint8Array.from(mask), temperature, topP, rng, scratch)]!++;
  return counts;
};

describe('drawValue', () => {
  it('draws by probability', () => {
    // Deviations of 10,000 draws are at most 50.
    [5000, 2500, 1500, 1000].forEach((expected, v) =>
      expect(Math.abs(count([1, 1, 1, 1], 1, 1)[v]! - expected)).toBeLessThan(300),
    );
  });

  it('draws only legal values, in proportion', () => {
    const counts = count([0, 1, 0, 1], 1, 1);
    expect([counts[0], counts[2]]).toEqual([0, 0]);
    expect(Math.abs(counts[1]! - 10_000 * (0.25 / 0.35))).toBeLessThan(300);
  });

  it('keeps the likeliest values that together reach topP', () => {
    const counts = count([1, 1, 1, 1], 1, 0.7);
    expect(counts.slice(2)).toEqual([0, 0]);
    expect(Math.abs(counts[0]! - 10_000 * (2 / 3))).toBeLessThan(300);
    expect(count([1, 1, 1, 1], 1, 0.01)).toEqual([10_000, 0, 0, 0]);
  });

  it('sharpens by temperature: at 1/2 probabilities are squared', () => {
    const squares = [0.25, 0.0625, 0.0225, 0.01];
    const sum = squares.reduce((a, b) => a + b);
    squares.forEach((p, v) =>
      expect(Math.abs(count([1, 1, 1, 1], 0.5, 1)[v]! - (10_000 * p) / sum)).toBeLessThan(300),
    );
  });
});

describe('natsOf', () => {
  it('is minus the log of the probability', () => {
    expect(natsOf(logits, 2)).toBeCloseTo(-Math.log(0.15), 6);
    expect(natsOf(Float32Array.of(1000, 1000), 0)).toBeCloseTo(Math.LN2, 6);
  });
});
