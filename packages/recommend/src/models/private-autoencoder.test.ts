import { createRng } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf } from './csr-matrix.ts';
import { createInteractions, withoutListener, type Interaction } from './interactions.ts';
import { ease } from './ease.ts';
import { clippedGram, gramSensitivity, privateAutoencoder, zeroConcentrated } from './private-autoencoder.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'];
const entry = fc.record({
  listener: fc.constantFrom('me', 'you', 'they'),
  item: fc.constantFrom(...ITEMS),
  liking: fc.double({ min: -1, max: 1, noNaN: true }),
});

describe('the private autoencoder', () => {
  it('has a matrix that no listener can change by more than the stated sensitivity', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 30 }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        (given, clip) => {
          const set = createInteractions(given, ITEMS);
          const [withMe, withoutMe] = [set, withoutListener(set, 'me')].map(({ likes }) =>
            clippedGram(likes, clip),
          );
          const change = Math.hypot(...withMe!.map((value, at) => value - withoutMe![at]!));
          expect(change).toBeLessThanOrEqual(gramSensitivity(clip) * (1 + 1e-6));
        },
      ),
    );
  });

  it('is that sensitive: one listener with a full row reaches it', () => {
    const set = createInteractions([{ listener: 'me', item: 'a', liking: 1 }], ITEMS);
    expect(Math.hypot(...clippedGram(set.likes, 0.8))).toBeCloseTo(gramSensitivity(0.8), 6);
    expect(rowOf(set.likes, 0).values[0]).toBe(1); // clipping leaves the set alone
  });

  it('converts (ε, δ) to ρ as Bun & Steinke state it', () => {
    for (const [epsilon, delta] of [
      [0.1, 1e-6],
      [1, 1e-5],
      [8, 0.01],
    ] as const) {
      const rho = zeroConcentrated(epsilon, delta);
      expect(rho + 2 * Math.sqrt(rho * Math.log(1 / delta))).toBeCloseTo(epsilon, 9);
    }
    // By hand: ln 1/δ = 4, ε = 5: ρ = (3 − 2)².
    expect(zeroConcentrated(5, Math.exp(-4))).toBeCloseTo(1, 12);
    expect(() => zeroConcentrated(0, 0.1)).toThrow('epsilon is');
    expect(() => zeroConcentrated(1, 1)).toThrow('delta is');
  });

  it('adds noise of the stated size: popularity is off by σ', () => {
    const items = Array.from({ length: 40 }, (_, i) => `i${i}`);
    const likes: Interaction[] = Array.from({ length: 60 }, (_, l) =>
      items.map((item) => ({ listener: `l${l}`, item, liking: 1 })),
    ).flat();
    const set = createInteractions(likes, items);
    const sigma = 1 / Math.sqrt(2 * zeroConcentrated(3, 1e-3));
    const errors = Array.from({ length: 25 }, (_, seed) => {
      const model = privateAutoencoder.fit(set, { epsilon: 3, delta: 1e-3, clip: 1, seed });
      return [...model.score(model.foldIn([]))].map((count) => count - 60 / 40);
    }).flat();
    // Popularity is cut at 0, so errors below the median are folded: compare the upper half with a half-normal's mean square.
    const upper = errors.filter((error) => error > 0);
    const size = Math.sqrt(upper.reduce((sum, error) => sum + error * error, 0) / upper.length);
    expect(size / sigma).toBeGreaterThan(0.9);
    expect(size / sigma).toBeLessThan(1.1);
  });

  it('with little noise is EASE of the clipped likes', () => {
    const rng = createRng(3);
    const likes = Array.from({ length: 60 }, () => ({
      listener: `l${rng.integer(30)}`,
      item: ITEMS[rng.integer(6)]!,
      liking: 1,
    }));
    const one = createInteractions(
      likes.filter(({ listener }, i) => likes.findIndex((l) => l.listener === listener) === i),
      ITEMS,
    );
    const options = { regularisation: 1 };
    const noisy = privateAutoencoder.fit(one, { ...options, epsilon: 1e12, delta: 0.5 });
    const exact = ease.fit(one, { ...options, dropout: 0 });
    const history = [{ item: 'a', liking: 1 }];
    const b = exact.score(exact.foldIn(history));
    noisy.score(noisy.foldIn(history)).forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 3));
  });
});
