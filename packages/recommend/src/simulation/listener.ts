import type { Rng } from '@attune/core';
import type { StyleSpace } from '@attune/core/style';
import type { Item } from '../taste/item.ts';
import type { Verdict } from '../taste/events.ts';

/** A listener whose taste is known, for measuring what a taste model makes of their ratings. */
export interface SimulatedListener {
  /** Hidden liking of an item, standardised over `items`: mean 0, deviation 1. */
  preference(item: Item): number;
  /** A star rating: the preference with noise, cut into five equally likely stars. */
  rate(item: Item, rng: Rng): Verdict;
}

/** What a simulated listener is like. */
export interface ListenerOptions {
  /** Deviation of a rating's noise, beside preferences of deviation 1. */
  readonly noise?: number;
  /** How many dimensions and styles matter to this listener. */
  readonly dimensions?: number;
}

/**
 * Draws a hidden taste that is not of the form the taste model fits: a few dimensions each with a preferred value
 * and a Gaussian-shaped liking around it, plus likings of styles; standardised over the given items.
 */
export function createSimulatedListener(
  space: StyleSpace,
  items: readonly Item[],
  rng: Rng,
  { noise = 0.5, dimensions = 6 }: ListenerOptions = {},
): SimulatedListener {
  const order = rng.shuffle(space.dimensions.map((_, j) => j)).slice(0, dimensions);
  const wishes = order.map((j) => ({ j, at: rng.normal(), width: 0.7 + rng.uniform(), weight: rng.normal() + 1 }));
  const styles = [...new Set(items.map((item) => item.style))].sort();
  const styleLiking = new Map(styles.map((style) => [style, rng.normal() * 0.6]));
  const raw = (item: Item): number => {
    let sum = styleLiking.get(item.style) ?? 0;
    for (const { j, at, width, weight } of wishes) {
      const z = item.vector.values[j]!;
      if (!Number.isNaN(z)) sum += weight * Math.exp(-(((z - at) / width) ** 2) / 2);
    }
    return sum;
  };
  const values = items.map(raw);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  const preference = (item: Item): number => (raw(item) - mean) / deviation;
  return {
    preference,
    rate: (item, noiseRng) => toStars((preference(item) + noise * noiseRng.normal()) / Math.sqrt(1 + noise * noise)),
  };
}

/** Quintiles of the standard normal. */
const CUTS = [-0.8416, -0.2533, 0.2533, 0.8416];

function toStars(value: number): Verdict {
  return (1 + CUTS.filter((cut) => value > cut).length) as Verdict;
}
