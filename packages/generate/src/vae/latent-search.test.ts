import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { MELODY_ATTRIBUTES, melodyAttributesOf } from './attributes.ts';
import { searchLatent } from './latent-search.ts';
import { MELODY } from './voice-sets.ts';
import { HOLD } from './voices.ts';

/** A world in which dimension 0 is the height and dimension 1 the number of notes: 2 to 8 in a bar. */
const codec = {
  set: MELODY,
  encode: (grid: Uint16Array): Float32Array => {
    const notes = [...grid].filter((value) => value < HOLD);
    return Float32Array.of((notes[0]! - 60) / 4, (notes.length - 4) / 2, 0);
  },
  decode: (z: Float32Array): Uint16Array => {
    const gap = Math.round(16 / Math.max(2, Math.min(8, 4 + 2 * z[1]!)));
    return new Uint16Array(16).map((_, t) => (t % gap === 0 ? Math.round(60 + 4 * z[0]!) : HOLD));
  },
};
const fitted = {
  means: new Float64Array(4),
  deviations: Float64Array.of(0.5, 2, 5, 1),
  directions: [
    Float32Array.of(0, 0.5, 0),
    Float32Array.of(0.5, 0, 0),
    new Float32Array(3),
    new Float32Array(3),
  ],
};
const at = (amounts: readonly number[], seed = 1): Float64Array =>
  melodyAttributesOf(
    codec.decode(searchLatent(codec, fitted, new Float32Array(3), amounts, createRng(seed))),
  );

describe('searchLatent', () => {
  it('moves what is asked for by about as much as is asked, one way, and leaves the rest', () => {
    const height = MELODY_ATTRIBUTES.indexOf('height');
    const heights = [-2, -1, 0, 1, 2].map((amount) => at([0, amount, 0, 0]));
    heights.forEach((values, i) => {
      expect(Math.abs(values[height]! - (60 + 2 * (i - 2)))).toBeLessThanOrEqual(1);
      expect(values[0]).toBe(heights[2]![0]);
    });
    const densities = [-1, 0, 1].map((amount) => at([amount, 0, 0, 0])[0]!);
    expect(densities[0]).toBeLessThan(densities[1]!);
    expect(densities[1]).toBeLessThan(densities[2]!);
  });

  it('gives the same for the same seed, and the latent itself when nothing is asked', () => {
    const z = Float32Array.of(0.3, -0.2, 1);
    expect(searchLatent(codec, fitted, z, [0, 0, 0, 0], createRng(1))).toBe(z);
    expect(at([1, 1, 0, 0])).toEqual(at([1, 1, 0, 0]));
  });

  it('refuses amounts that are not finite', () => {
    expect(() => at([NaN, 0, 0, 0])).toThrow(expect.objectContaining({ code: 'argument/invalid' }) as Error);
  });
});
