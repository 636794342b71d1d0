import type { Rng } from '@attune/core';
import { AttuneError } from '@attune/core';
import type { StyleSpace } from '@attune/core/style';
import { spreadOf } from '../algebra/spread.ts';
import type { Verdict } from '../taste/events.ts';
import type { Item } from '../taste/item.ts';

/** A listener whose taste is known, for measuring what a taste model makes of their ratings. */
export interface SimulatedListener {
  /** How many moods the listener has; 0 … moods − 1 name them. */
  readonly moods: number;
  /** Hidden liking of an item in a mood (the first if left out), standardised over `items`: mean 0, deviation 1. */
  preference(item: Item, mood?: number): number;
  /** A star rating in a mood: the preference with noise, cut into five equally likely stars. */
  rate(item: Item, rng: Rng, mood?: number): Verdict;
  /** The same listener later: each preferred value and weight has moved by `amount` of a fresh one, 0 … 1. */
  drift(rng: Rng, amount: number): SimulatedListener;
}

/** What a simulated listener is like. */
export interface ListenerOptions {
  /** Deviation of a rating's noise, beside preferences of deviation 1. */
  readonly noise?: number;
  /** How many dimensions and styles matter to this listener, in each mood. */
  readonly dimensions?: number;
  /** How many tastes the listener has, drawn apart; 1 if left out. */
  readonly moods?: number;
}

interface Wish {
  readonly j: number;
  readonly at: number;
  readonly width: number;
  readonly weight: number;
}

interface Mood {
  readonly wishes: readonly Wish[];
  readonly styles: ReadonlyMap<string | null, number>;
}

const STYLE_DEVIATION = 0.6;

/**
 * Draws a hidden taste that is not of the form the taste model fits: a few dimensions each with a preferred value
 * and a Gaussian-shaped liking around it, plus likings of styles; standardised over the given items.
 */
export function createSimulatedListener(
  space: StyleSpace,
  items: readonly Item[],
  rng: Rng,
  { noise = 0.5, dimensions = 6, moods = 1 }: ListenerOptions = {},
): SimulatedListener {
  if (!Number.isInteger(moods) || moods < 1)
    throw new AttuneError(
      'argument/invalid',
      `A listener has a whole number of moods from 1, not ${moods}.`,
      { moods },
    );
  const styles = [...new Set(items.map((item) => item.style))].sort();
  const drawn = Array.from({ length: moods }, (_, m) =>
    drawMood(space, styles, m === 0 ? rng : rng.fork(`mood ${m}`), dimensions),
  );
  return listenerOf(drawn, items, noise);
}

function drawMood(space: StyleSpace, styles: readonly (string | null)[], rng: Rng, dimensions: number): Mood {
  const order = rng.shuffle(space.dimensions.map((_, j) => j)).slice(0, dimensions);
  const wishes = order.map((j) => ({
    j,
    at: rng.normal(),
    width: 0.7 + rng.uniform(),
    weight: rng.normal() + 1,
  }));
  return { wishes, styles: new Map(styles.map((style) => [style, rng.normal() * STYLE_DEVIATION])) };
}

function listenerOf(moods: readonly Mood[], items: readonly Item[], noise: number): SimulatedListener {
  const scales = moods.map((mood) => spreadOf(items.map((item) => likingOf(mood, item))));
  const preference = (item: Item, mood = 0): number =>
    (likingOf(moods[mood]!, item) - scales[mood]!.mean) / (scales[mood]!.deviation || 1);
  return {
    moods: moods.length,
    preference,
    rate: (item, rng, mood = 0) =>
      toStars((preference(item, mood) + noise * rng.normal()) / Math.sqrt(1 + noise * noise)),
    drift: (rng, amount) => {
      if (!(amount >= 0 && amount <= 1))
        throw new AttuneError('argument/invalid', `An amount of drift is 0 to 1, not ${amount}.`, { amount });
      return listenerOf(
        moods.map((mood) => driftMood(mood, rng, amount)),
        items,
        noise,
      );
    },
  };
}

/** Keeps deviations: x √(1 − a²) + a fresh one. */
function driftMood({ wishes, styles }: Mood, rng: Rng, amount: number): Mood {
  const kept = Math.sqrt(1 - amount * amount);
  return {
    wishes: wishes.map((wish) => ({
      ...wish,
      at: kept * wish.at + amount * rng.normal(),
      weight: 1 + kept * (wish.weight - 1) + amount * rng.normal(),
    })),
    styles: new Map(
      [...styles].map(([style, liking]) => [style, kept * liking + amount * STYLE_DEVIATION * rng.normal()]),
    ),
  };
}

function likingOf({ wishes, styles }: Mood, item: Item): number {
  let sum = styles.get(item.style) ?? 0;
  for (const { j, at, width, weight } of wishes) {
    const z = item.vector.values[j]!;
    if (!Number.isNaN(z)) sum += weight * Math.exp(-(((z - at) / width) ** 2) / 2);
  }
  return sum;
}

/** Quintiles of the standard normal. */
const CUTS = [-0.8416, -0.2533, 0.2533, 0.8416];

function toStars(value: number): Verdict {
  return (1 + CUTS.filter((cut) => value > cut).length) as Verdict;
}
