import { createRng } from '@attune/core';
import fc from 'fast-check';
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

describe('drawValue with topP', () => {
  /** By definition: legal values sorted by probability, then value; the first that together reach topP. */
  const byDefinition = (all: Float32Array, mask: Uint8Array, topP: number, u: number): number => {
    const sorted = [...all.keys()].filter((v) => mask[v] === 1).sort((a, b) => all[b]! - all[a]! || a - b);
    const highest = all[sorted[0]!]!;
    const shares = sorted.map((v) => Math.exp(all[v]! - highest));
    const whole = sorted
      .map((v, i) => [v, shares[i]!] as const)
      .sort(([a], [b]) => a - b)
      .reduce((total, [, share]) => total + share, 0);
    let kept = 0;
    let reached = 0;
    while (kept < sorted.length && reached < topP * whole) reached += shares[kept++]!;
    let left = u * reached;
    for (let i = 0; i < kept; i++) if ((left -= shares[i]!) < 0) return sorted[i]!;
    return sorted[kept - 1]!;
  };

  it('draws what sorting all values would draw, equal ones too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.boolean()), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.9999, noNaN: true }),
        (values, topP, u) => {
          const all = Float32Array.from(values, ([value]) => value / 2);
          const mask = Uint8Array.from(values, ([, legal], i) => (legal || i === 0 ? 1 : 0));
          const rng = { ...createRng(1), uniform: () => u };
          const drawn = drawValue(all, mask, 1, topP, rng, createDrawScratch(60));
          expect(drawn).toBe(byDefinition(all, mask, topP, u));
        },
      ),
    );
  });
});

describe('natsOf', () => {
  it('is minus the log of the probability', () => {
    expect(natsOf(logits, 2)).toBeCloseTo(-Math.log(0.15), 6);
    expect(natsOf(Float32Array.of(1000, 1000), 0)).toBeCloseTo(Math.LN2, 6);
  });
});
