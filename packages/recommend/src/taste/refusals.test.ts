import { createRng } from '@attune/core';
import { STYLE_SPACE } from '@attune/core/style';
import { describe, expect, it } from 'vitest';
import { recommend } from '../ranking/recommend.ts';
import { createItem, createTinySpace, drawItems } from '../testing.ts';
import { createFeatureMap } from './features.ts';
import { inferPosterior } from './posterior.ts';
import { isRefused } from './refusals.ts';
import type { Steer } from './taste.ts';
import { createTaste, rate, steer, undoSteer } from './taste.ts';

const space = createTinySpace(['tempo', 'mode']);
const items = drawItems(space, 200, ['hymn', 'march'], createRng(8));
const map = createFeatureMap(space, ['hymn', 'march']);
const fast: Steer = { kind: 'feature', name: 'tempo', direction: 'high', action: 'never' };

describe('isRefused', () => {
  it('rules out what is half a deviation towards the end of a feature, and nothing that is not known to be', () => {
    const at = (z: number) => createItem(space, `${z}`, [z, 0]);
    const zs = [-2, -0.5, -0.49, 0, 0.49, 0.5, 2, NaN];
    expect(zs.filter((z) => isRefused(at(z), [fast], space))).toEqual([0.5, 2]);
    expect(zs.filter((z) => isRefused(at(z), [{ ...fast, direction: 'low' }], space))).toEqual([-2, -0.5]);
    for (const action of ['less', 'more'] as const)
      expect(zs.some((z) => isRefused(at(z), [{ ...fast, action }], space))).toBe(false);
    expect(isRefused(at(3), [{ ...fast, name: 'unheard of' }], space)).toBe(false);
  });

  it('rules out a style, an instrument and a family of instruments wherever it plays', () => {
    const vector = (strings: number) =>
      STYLE_SPACE.dimensions.map(({ name }) => (name === 'strings' ? strings : 0));
    const duo = { ...createItem(STYLE_SPACE, 'duo', vector(0.1), 'hymn'), instruments: [0, 40] };
    const band = { ...createItem(STYLE_SPACE, 'band', vector(-0.3), 'march'), instruments: [33, 128] };
    const sound = createItem(STYLE_SPACE, 'sound', vector(1.5));
    const refused = (step: Omit<Steer, 'action'>): string[] =>
      [duo, band, sound]
        .filter((item) => isRefused(item, [{ ...step, action: 'never' }], STYLE_SPACE))
        .map(({ id }) => id);
    expect(refused({ kind: 'style', name: 'march' })).toEqual(['band']);
    expect(refused({ kind: 'instrument', name: '40' })).toEqual(['duo']);
    expect(refused({ kind: 'feature', name: 'strings', direction: 'high' })).toEqual(['duo', 'sound']);
    expect(refused({ kind: 'feature', name: 'strings', direction: 'low' })).toEqual(['band']);
    expect(refused({ kind: 'feature', name: 'drums', direction: 'high' })).toEqual(['band']);
    expect(refused({ kind: 'track', name: 'duo' })).toEqual([]);
  });

  it('holds in recommendations against any number of ratings, until it is undone', () => {
    const loved = items
      .filter(({ vector }) => vector.values[0]! > 1)
      .slice(0, 12)
      .reduce((taste, { id }) => rate(taste, id, 5, 0), createTaste());
    const tempos = (taste: typeof loved) => {
      const posterior = inferPosterior(taste, map, (id) => items.find((item) => item.id === id), 0);
      return recommend(taste, posterior, items, { take: 200, rng: createRng(1) }).map(
        ({ itemId }) => items.find(({ id }) => id === itemId)!.vector.values[0]!,
      );
    };
    const never = steer(loved, fast);
    expect(Math.max(...tempos(never))).toBeLessThan(0.5);
    expect(tempos(undoSteer(never, fast))).toEqual(tempos(loved));
    expect(Math.max(...tempos(loved))).toBeGreaterThan(1);
    expect(undoSteer(never, { ...fast, direction: 'low' }).steers).toEqual([fast]);
  });
});
