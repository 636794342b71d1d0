import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import {
  fitDirections,
  interpolateLatents,
  moveLatent,
  nearestLatents,
  tasteDirection,
} from './latent-arithmetic.ts';

const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;

describe('latent arithmetic', () => {
  it('finds the directions that a linear world was made of, though its attributes go together', () => {
    const rng = createRng(1);
    const truth = [Float32Array.of(1, 0, 2), Float32Array.of(0, -1, 1)];
    const attributes = Array.from({ length: 400 }, () => {
      const first = rng.normal();
      return Float64Array.of(5 + 3 * first, 0.8 * first + 0.6 * rng.normal());
    });
    const latents = attributes.map((values) =>
      Float32Array.from(
        { length: 3 },
        (_, d) => ((values[0]! - 5) / 3) * truth[0]![d]! + values[1]! * truth[1]![d]!,
      ),
    );
    const { directions, deviations } = fitDirections(latents, attributes);
    // one deviation of an attribute, as measured, along what it was made of
    directions[0]!.forEach((value, d) => expect(value).toBeCloseTo((truth[0]![d]! * deviations[0]!) / 3, 3));
    directions[1]!.forEach((value, d) => expect(value).toBeCloseTo(truth[1]![d]! * deviations[1]!, 3));
  });

  it('refuses too few pieces and values that are not finite', () => {
    const z = [Float32Array.of(1), Float32Array.of(2)];
    expect(() => fitDirections(z, [Float64Array.of(1, 2), Float64Array.of(2, 3)])).toThrow(refused);
    expect(() => fitDirections(z, [Float64Array.of(1), Float64Array.of(NaN)])).toThrow(refused);
    expect(() => tasteDirection(z, [1])).toThrow(refused);
    expect(() => tasteDirection(z, [1, NaN])).toThrow(refused);
  });

  it('goes along the great circle, and along the line where there is none', () => {
    const [a, b] = [Float32Array.of(2, 0), Float32Array.of(0, 4)];
    const half = interpolateLatents(a, b, 0.5);
    expect(half[0]).toBeCloseTo(3 * Math.SQRT1_2, 5); // 45° at the mean length
    expect(half[1]).toBeCloseTo(3 * Math.SQRT1_2, 5);
    const third = interpolateLatents(a, Float32Array.of(0, 2), 1 / 3);
    expect(Math.atan2(third[1]!, third[0]!)).toBeCloseTo(Math.PI / 6, 5);
    expect([...interpolateLatents(a, b, 0)]).toEqual([2, 0]);
    interpolateLatents(a, b, 1).forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 5));
    expect([...interpolateLatents(a, Float32Array.of(4, 0), 0.25)]).toEqual([2.5, 0]);
    expect([...interpolateLatents(Float32Array.of(0, 0), b, 0.5)]).toEqual([0, 2]);
  });

  it('moves along directions by their amounts', () => {
    const moved = moveLatent(Float32Array.of(1, 1), [Float32Array.of(1, 0), Float32Array.of(0, 2)], [2, -1]);
    expect([...moved]).toEqual([3, -1]);
  });

  it('finds along which dimension liking rises, and nothing where all is liked alike', () => {
    const rng = createRng(2);
    const latents = Array.from({ length: 40 }, () => Float32Array.from({ length: 8 }, () => rng.normal()));
    const direction = tasteDirection(
      latents,
      latents.map((z) => Math.tanh(z[3]!)),
      0.1,
    );
    expect(direction[3]).toBeGreaterThan(0.9);
    expect(Math.hypot(...direction)).toBeCloseTo(1, 5);
    expect([
      ...tasteDirection(
        latents,
        latents.map(() => 1),
      ),
    ]).toEqual(new Array(8).fill(0));
  });

  it('lists the nearest by angle, whatever their length', () => {
    const others = [Float32Array.of(0, 1), Float32Array.of(10, 1), Float32Array.of(1, 1)];
    expect(nearestLatents(Float32Array.of(1, 0), others, 2)).toEqual([1, 2]);
  });
});
