import type { Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import type { Conditioning, Style } from '@attune/core/style';
import { isStyle } from '@attune/core/style';
import { dot } from '../algebra/cholesky.ts';
import { normalCdf } from '../algebra/normal.ts';
import { mapItem, peak } from './features.ts';
import type { Item } from './item.ts';
import type { Posterior } from './posterior.ts';
import { sampleWeights } from './posterior.ts';
import { isRefused } from './refusals.ts';
import type { Steer } from './taste.ts';

/** A known piece of music that a wish can start from: what was asked for to make it, and how it sounds. */
export interface Anchor {
  readonly item: Item;
  readonly conditioning: Conditioning;
}

/** Conditioning fields that follow a style dimension of the same name, and their bounds. */
const TEMPO_BOUNDS = [40, 220] as const;
/** How far from the anchor a wish may go, in deviations. */
const REACH = 1;
const STEPS = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].map((step) => step * REACH);
const MOODS = ['energy', 'valence', 'tension'] as const;

/** How a wish is drawn. */
export interface WishOptions {
  /** Scale of the drawn taste's difference from the expected one: 1 is a draw of the posterior, 0 the expected taste. */
  readonly adventure?: number;
  /** Which candidate of several for one piece this is a wish for, from 0: every second one is loose. */
  readonly candidate?: number;
}

/** Chosen on simulated listeners, as loose wishes were: docs/measurements/personalisation.md. */
const ADVENTURE = 0.25;

/**
 * What to ask a composer for, so that this listener will like it: one draw of the taste from its posterior (so that
 * ten wishes differ as much as the taste is unsure), the anchor that this drawn taste likes best, then tempo,
 * density and moods moved within one deviation to where the drawn taste likes them best. A loose wish asks for nothing but the
 * style whose anchors this drawn taste likes most on average: after a few ratings the style is what is known best.
 * @throws `argument/invalid` where there is no anchor that the listener has not ruled out.
 */
export function tasteConditioning(
  posterior: Posterior,
  anchors: readonly Anchor[],
  rng: Rng,
  steers: readonly Steer[] = [],
  { adventure = ADVENTURE, candidate = 0 }: WishOptions = {},
): Conditioning {
  if (!(adventure >= 0 && Number.isFinite(adventure)))
    throw new AttuneError('argument/invalid', `Adventure is a number from 0, not ${adventure}.`, {
      adventure,
    });
  const drawn = sampleWeights(posterior, rng);
  const weights = drawn.map((value, i) => posterior.mean[i]! + adventure * (value - posterior.mean[i]!));
  const open = anchors.filter(({ item }) => !isRefused(item, steers, posterior.map.space));
  const likings = open.map(({ item }) => dot(weights, mapItem(posterior.map, item)));
  const best = open[indexOfLargest(likings)];
  if (!best)
    throw new AttuneError('argument/invalid', 'There is no music to start from: all of it is ruled out.');

  if (candidate % 2 === 1) return styleWish(likedStyle(open, likings));
  const moved = (name: string): number | undefined => movedValue(posterior, weights, best.item, name);
  const wish: { -readonly [K in keyof Conditioning]: Conditioning[K] } = { ...best.conditioning };
  const tempo = rawValue(posterior, 'tempo', moved('tempo'));
  if (tempo !== undefined)
    wish.tempo = Math.round(Math.max(TEMPO_BOUNDS[0], Math.min(TEMPO_BOUNDS[1], tempo)));
  for (const mood of MOODS) {
    const value = moved(mood);
    if (value !== undefined) wish[mood] = Math.round(normalCdf(value) * 100) / 100;
  }
  return { ...wish, ...styleWish(best.item.style) };
}

function styleWish(style: string | null): Conditioning {
  return style !== null && isStyle(style) ? { style: style satisfies Style } : {};
}

/** The style whose music is liked most on average. */
function likedStyle(anchors: readonly Anchor[], likings: readonly number[]): string | null {
  const sums = new Map<string | null, { total: number; count: number }>();
  anchors.forEach(({ item }, i) => {
    const { total, count } = sums.get(item.style) ?? { total: 0, count: 0 };
    sums.set(item.style, { total: total + likings[i]!, count: count + 1 });
  });
  const styles = [...sums.keys()];
  const means = [...sums.values()].map(({ total, count }) => total / count);
  return styles[indexOfLargest(means)] ?? null;
}

/** −1 where there is no number among the values. */
function indexOfLargest(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), -1);
}

/** Where the drawn taste likes dimension `name` best near the item, standardised; undefined where it is unknown. */
function movedValue(
  posterior: Posterior,
  weights: Float64Array,
  item: Item,
  name: string,
): number | undefined {
  const { map } = posterior;
  const j = map.space.dimensions.findIndex((dimension) => dimension.name === name);
  const from = j < 0 ? NaN : (item.vector.values[j] ?? NaN);
  if (Number.isNaN(from)) return undefined;
  let best = from;
  let bestValue = -Infinity;
  for (const step of STEPS) {
    const z = Math.max(-2, Math.min(2, from + step));
    const value = weights[map.offsets.linear + j]! * z + weights[map.offsets.peak + j]! * peak(z);
    if (value > bestValue) [best, bestValue] = [z, value];
  }
  return best;
}

function rawValue(posterior: Posterior, name: string, z: number | undefined): number | undefined {
  const dimension = posterior.map.space.dimensions.find((candidate) => candidate.name === name);
  return dimension && z !== undefined ? dimension.mean + dimension.deviation * z : undefined;
}
