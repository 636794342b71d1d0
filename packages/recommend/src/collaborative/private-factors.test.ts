import { createRng } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Liking } from './factors.ts';
import { fitPrivateFactors, secondMoment } from './private-factors.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'];
const liking = fc.record({
  listener: fc.constantFrom('me', 'you', 'they'),
  item: fc.constantFrom(...ITEMS),
  liking: fc.double({ min: -1, max: 1, noNaN: true }),
  weight: fc.double({ min: 0, max: 2, noNaN: true }),
});

/** Two crowds: one likes even items and dislikes odd ones, the other the reverse. */
function checkerboard(listeners: number, items: readonly string[]): Liking[] {
  return Array.from({ length: listeners }, (_, l) =>
    items.map((item, i) => ({ listener: `l${l}`, item, liking: (l + i) % 2 === 0 ? 1 : -1, weight: 1 })),
  ).flat();
}

describe('private factors', () => {
  it('are made of a matrix that no listener can move by more than clip²', () => {
    fc.assert(
      fc.property(
        fc.array(liking, { maxLength: 30 }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        (all, clip) => {
          const withMe = secondMoment(all, ITEMS, clip);
          const others = all.filter(({ listener }) => listener !== 'me');
          const withoutMe = secondMoment(others, ITEMS, clip);
          const change = Math.hypot(...withMe.map((value, at) => value - withoutMe[at]!));
          expect(change).toBeLessThanOrEqual(clip * clip * (1 + 1e-9));
        },
      ),
    );
  });

  it('hold the second moment of centred, clipped rows, by hand', () => {
    // Likings 1 and −0.5 with weights 1 and 2: mean 0, so x = (1, −0.5 √2), of length √1.5.
    const own: Liking[] = [
      { listener: 'me', item: 'a', liking: 1, weight: 1 },
      { listener: 'me', item: 'b', liking: -0.5, weight: 2 },
      { listener: 'me', item: 'not in the catalogue', liking: 1, weight: 1 },
    ];
    const whole = secondMoment(own, ['a', 'b'], 9);
    [1, -Math.SQRT1_2, -Math.SQRT1_2, 0.5].forEach((value, at) => expect(whole[at]).toBeCloseTo(value, 12));
    const cut = secondMoment(own, ['a', 'b'], 1);
    whole.forEach((value, at) => expect(cut[at]).toBeCloseTo(value / 1.5, 12));
    // Neighbouring sets with and without this listener: the bound is reached, so σ is no larger than it must be.
    expect(Math.hypot(...cut)).toBeCloseTo(1, 12);
  });

  it('have noise that follows from the sensitivity: ρ = 1/8 and clip 3 give σ = 9 / √(1/4) = 18', () => {
    const options = { items: ITEMS, rho: 1 / 8, clip: 3 };
    expect(fitPrivateFactors([], { ...options, noise: createRng(1) }).deviation).toBe(18);
    let draws = 0;
    fitPrivateFactors([], { ...options, noise: { normal: () => ++draws } });
    expect(draws).toBe((6 * 7) / 2); // one for each pair of items
  });

  it('tell the sides of a checkerboard apart where there are enough listeners, and nothing of noise', () => {
    const items = Array.from({ length: 12 }, (_, i) => `i${i}`);
    const { factors } = fitPrivateFactors(checkerboard(2000, items), {
      items,
      rho: 0.3,
      noise: createRng(2),
    });
    const at = (i: number): Float64Array => factors!.items.get(`i${i}`)!;
    const cosine = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, k) => sum + value * b[k]!, 0) / Math.hypot(...a) / Math.hypot(...b);
    expect(factors!.rank).toBe(1); // all else is noise, and left out
    for (let i = 2; i < 12; i++) expect(cosine(at(0), at(i))).toBeCloseTo(i % 2 === 0 ? 1 : -1, 9);
    const squares = [...factors!.items.values()].map((own) => Math.hypot(...own) ** 2);
    expect(squares.reduce((a, b) => a + b, 0) / 12).toBeCloseTo(1, 9);
    // Noise alone passes the edge of its own spectrum rarely (Tracy & Widom 1996: far below 5 %).
    const ofNoise = Array.from({ length: 200 }, (_, seed) =>
      fitPrivateFactors([], { items, rho: 0.3, noise: createRng(seed) }),
    );
    expect(ofNoise.filter(({ factors: found }) => found !== undefined).length).toBeLessThan(10);
    expect(factors).not.toHaveProperty('listeners');
  });

  it('with hardly any noise span the plane of the two largest eigenvalues, in their order', () => {
    // Two pairs of items, judged apart by 30 and by 10 listeners: eigenvalues 30 and 10, vectors (±1, ∓1)/√2.
    const pair = (name: string, items: [string, string], count: number): Liking[] =>
      Array.from({ length: count }, (_, l) =>
        items.map((item, i) => ({ listener: `${name}${l}`, item, liking: i === 0 ? 1 : -1, weight: 1 })),
      ).flat();
    const all = [...pair('x', ['a', 'b'], 30), ...pair('y', ['c', 'd'], 10)];
    const { factors } = fitPrivateFactors(all, { items: ITEMS, rho: 1e12, rank: 2, noise: createRng(3) });
    const of = (item: string): number[] => [...factors!.items.get(item)!];
    expect(of('a')[0]).toBeCloseTo(-of('b')[0]!, 4);
    expect(of('c')[1]).toBeCloseTo(-of('d')[1]!, 4);
    expect(Math.abs(of('a')[0]!)).toBeGreaterThan(0.5);
    expect(of('a')[1]).toBeCloseTo(0, 4);
    expect(of('e')[0]).toBeCloseTo(0, 2);
  });

  it('refuse a catalogue that names an item twice, and likings that are no numbers', () => {
    const noise = createRng(1);
    expect(() => fitPrivateFactors([], { items: ['a', 'a'], rho: 1, noise })).toThrow(
      'a is in the catalogue twice',
    );
    const odd = [{ listener: 'me', item: 'a', liking: NaN, weight: 1 }];
    expect(() => fitPrivateFactors(odd, { items: ['a'], rho: 1, noise })).toThrow('A liking of a is NaN');
    expect(() => fitPrivateFactors([], { items: ['a'], rho: 0, noise })).toThrow('rho is');
    expect(() => fitPrivateFactors([], { items: ['a'], rho: 1, rank: 0, noise })).toThrow(
      'whole number from 1',
    );
    expect(fitPrivateFactors([], { items: [], rho: 1, noise }).factors).toBeUndefined();
  });
});
