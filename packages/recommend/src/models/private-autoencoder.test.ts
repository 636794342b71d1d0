import { createRng } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf } from './csr-matrix.ts';
import { createInteractions, withoutListener, type Interaction } from './interactions.ts';
import { ease } from './ease.ts';
import { zeroConcentrated } from '../privacy/gaussian-mechanism.ts';
import { loadRecommender } from './load-recommender.ts';
import { clippedGram, gramSensitivity, privacyOf, privateAutoencoder } from './private-autoencoder.ts';

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

  it('has no source of noise by default, and says which option is missing', () => {
    const set = createInteractions([{ listener: 'me', item: 'a', liking: 1 }], ITEMS);
    for (const options of [undefined, {}, { seed: 1 }]) {
      try {
        privateAutoencoder.fit(set, options as never);
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: 'model/invalid', place: { option: 'noise' } });
      }
    }
  });

  it('states ε, δ, clip and σ in its file, and they are shown where it is loaded', () => {
    const set = createInteractions([{ listener: 'me', item: 'a', liking: 1 }], ITEMS);
    const stated = { epsilon: 5, delta: Math.exp(-4), clip: 2 };
    const model = privateAutoencoder.fit(set, { ...stated, noise: createRng(9) });
    // ρ = 1 by hand, so σ = 2² / √2.
    const expected = { ...stated, deviation: 4 / Math.SQRT2 };
    const files = model.save();
    const config = JSON.parse(new TextDecoder().decode(files['config.json'])) as object;
    expect(JSON.stringify(config)).not.toContain('seed');
    for (const each of [model, loadRecommender(files)]) {
      const { deviation, ...rest } = privacyOf(each)!;
      expect(rest).toEqual(stated);
      expect(deviation).toBeCloseTo(expected.deviation, 12);
    }
    expect(privacyOf(ease.fit(set))).toBeUndefined();
    const silent = new TextEncoder().encode(
      new TextDecoder().decode(files['config.json']).replace('"epsilon"', '"no-epsilon"'),
    );
    expect(() => loadRecommender({ ...files, 'config.json': silent })).toThrow('no number epsilon');
  });

  it('adds noise of the stated size: popularity is off by σ', () => {
    const items = Array.from({ length: 40 }, (_, i) => `i${i}`);
    const likes: Interaction[] = Array.from({ length: 60 }, (_, l) =>
      items.map((item) => ({ listener: `l${l}`, item, liking: 1 })),
    ).flat();
    const set = createInteractions(likes, items);
    const sigma = 1 / Math.sqrt(2 * zeroConcentrated(3, 1e-3));
    const errors = Array.from({ length: 25 }, (_, seed) => {
      const model = privateAutoencoder.fit(set, { epsilon: 3, delta: 1e-3, clip: 1, noise: createRng(seed) });
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
    const noisy = privateAutoencoder.fit(one, { ...options, noise: createRng(1), epsilon: 1e12, delta: 0.5 });
    const exact = ease.fit(one, { ...options, dropout: 0 });
    const history = [{ item: 'a', liking: 1 }];
    const b = exact.score(exact.foldIn(history));
    noisy.score(noisy.foldIn(history)).forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 3));
  });
});
