import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createTinySpace, drawItems } from '../testing.ts';
import { tasteConditioning, type Anchor } from './conditioning.ts';
import { createFeatureMap } from './features.ts';
import { inferPosterior, predict } from './posterior.ts';
import { createTaste, rate, steer } from './taste.ts';
import { describeTaste } from './view.ts';

const space = createTinySpace(['tempo', 'energy']);
const styles = ['hymn', 'march'];
const map = createFeatureMap(space, styles);
const items = drawItems(space, 120, styles, createRng(8));
const itemOf = (id: string) => items.find((item) => item.id === id);
/** Loves a tempo near +1 and nothing else matters, except that marches are disliked. */
const taste = items.slice(0, 60).reduce((t, item) => {
  const near = Math.exp(-((item.vector.values[0]! - 1) ** 2));
  return rate(t, item.id, item.style === 'march' ? 1 : near > 0.6 ? 5 : near > 0.2 ? 3 : 1, 0);
}, createTaste());
const posterior = inferPosterior(taste, map, itemOf, 0);

describe('describeTaste', () => {
  it('finds the tempo that is liked, is sure of it, and shows evidence', () => {
    const { dimensions } = describeTaste(posterior, createRng(1));
    const tempo = dimensions[0]!;
    expect(tempo.preferred).toBeGreaterThan(0.5);
    expect(tempo.low).toBeLessThanOrEqual(tempo.preferred);
    expect(tempo.high).toBeGreaterThanOrEqual(tempo.preferred);
    expect(tempo.certainty).toBeGreaterThan(dimensions[1]!.certainty);
    expect(tempo.evidence.length).toBe(3);
  });

  it('prefers the liked style', () => {
    const [hymn, march] = describeTaste(posterior, createRng(1)).styles;
    expect(hymn!.mean).toBeGreaterThan(0.2);
    expect(march!.mean).toBeCloseTo(-hymn!.mean, 9);
  });

  it('claims no certainty before any rating', () => {
    const nothing = describeTaste(inferPosterior(createTaste(), map, itemOf, 0), createRng(1));
    for (const { certainty } of nothing.dimensions) expect(certainty).toBeLessThan(0.1);
  });
});

describe('tasteConditioning', () => {
  const anchors = items.slice(60).map((item) => ({
    item,
    conditioning: { style: item.style as 'hymn' | 'march', tempo: 100 + 20 * item.vector.values[0]! },
  }));

  it('asks for what is liked, differently as far as it is told to be adventurous', () => {
    const ask = (adventure: number) =>
      Array.from({ length: 20 }, (_, i) =>
        tasteConditioning(posterior, anchors, createRng(i), [], { adventure }),
      );
    const different = (wishes: ReturnType<typeof ask>) =>
      new Set(wishes.map((wish) => `${wish.tempo} ${wish.energy}`)).size;
    expect(ask(1).filter((wish) => wish.style === 'hymn').length).toBe(20);
    expect(different(ask(0))).toBe(1);
    expect(different(ask(1))).toBeGreaterThan(3);
    expect(() => ask(-1)).toThrow('Adventure is a number from 0, not -1.');
    // What is asked without adventure is the anchor that the expected taste likes best.
    const best = anchors.reduce((a, b) =>
      predict(posterior, b.item).mean > predict(posterior, a.item).mean ? b : a,
    );
    expect(ask(0)[0]!.style).toBe(best.conditioning.style);
  });

  it('asks in every second candidate for nothing but the style whose music is liked most on average', () => {
    const wishes = [0, 1, 2, 3].map((candidate) =>
      tasteConditioning(posterior, anchors, createRng(3), [], { adventure: 0, candidate }),
    );
    expect(wishes[1]).toEqual({ style: 'hymn' });
    expect(wishes[3]).toEqual({ style: 'hymn' });
    expect(wishes[0]!.tempo).toBeDefined();
    expect(wishes[2]).toEqual(wishes[0]);
    const marches = anchors.map((anchor) => ({ ...anchor, item: { ...anchor.item, style: 'march' } }));
    const few = marches.slice(0, 3).map(({ item }, i) => ({
      item: { ...item, id: `hymn ${i}`, style: 'hymn', vector: { ...item.vector, values: [-3, 0] } },
      conditioning: { style: 'hymn' as const, tempo: 40 },
    }));
    const likingOf = (some: readonly Pick<Anchor, 'item'>[]): number =>
      some.reduce((sum, { item }) => sum + predict(posterior, item).mean, 0) / some.length;
    const better = likingOf(few) > likingOf(marches) ? 'hymn' : 'march';
    const loose = tasteConditioning(posterior, [...marches, ...few], createRng(3), [], {
      adventure: 0,
      candidate: 1,
    });
    expect(loose.style).toBe(better);
  });

  it('never asks for a style that was ruled out', () => {
    const steered = steer(taste, { kind: 'style', name: 'hymn', action: 'never' });
    for (const candidate of [0, 1]) {
      const wish = tasteConditioning(posterior, anchors, createRng(2), steered.steers, { candidate });
      expect(wish.style).toBe('march');
    }
    const none = steer(steered, { kind: 'style', name: 'march', action: 'never' });
    expect(() => tasteConditioning(posterior, anchors, createRng(2), none.steers)).toThrow(/ruled out/);
  });
});
