import { AttuneError } from '@attune/core';
import type { Play, Rating, Verdict } from './events.ts';
import { checkTime, evidenceOfVerdict } from './events.ts';

/** What a pressed chip asks for. `kind` and `name`: a style dimension's name, a style, or an instrument's number. */
export interface Steer {
  readonly kind: 'feature' | 'style' | 'instrument';
  readonly name: string;
  /** For a feature: which end of it the chip named. */
  readonly direction?: 'low' | 'high';
  readonly action: 'more' | 'less' | 'never';
}

/** "My tempo is here": a stated preferred value of one dimension, standardised. */
export interface Correction {
  readonly dimension: string;
  readonly value: number;
}

/**
 * Everything a listener has said; plain JSON. The posterior is computed from it afresh, so that undoing or erasing
 * a rating is exactly as if it had never been given.
 */
export interface Taste {
  readonly version: 1;
  readonly ratings: readonly Rating[];
  readonly plays: readonly Play[];
  readonly steers: readonly Steer[];
  readonly corrections: readonly Correction[];
}

/** The taste of someone who has said nothing yet. */
export function createTaste(): Taste {
  return { version: 1, ratings: [], plays: [], steers: [], corrections: [] };
}

/**
 * Records a verdict; an earlier one on the same track is replaced.
 * @throws `argument/invalid` for any other verdict than those of `Verdict`, or a time that is not finite.
 */
export function rate(taste: Taste, itemId: string, verdict: Verdict, at: number): Taste {
  evidenceOfVerdict(verdict);
  checkTime(at, itemId);
  const others = taste.ratings.filter((rating) => rating.itemId !== itemId);
  return { ...taste, ratings: [...others, { itemId, verdict, at }] };
}

/**
 * Records many verdicts at once, in time linear in their number; of several on one track the last in order counts. All
 * are checked before any is recorded. @throws as `rate`, naming the first that is refused.
 */
export function rateAll(taste: Taste, ratings: Iterable<Rating>): Taste {
  const byItem = new Map(taste.ratings.map((rating) => [rating.itemId, rating]));
  for (const { itemId, verdict, at } of ratings) {
    evidenceOfVerdict(verdict);
    checkTime(at, itemId);
    byItem.delete(itemId); // so that it stands last, as after `rate`
    byItem.set(itemId, { itemId, verdict, at });
  }
  return { ...taste, ratings: [...byItem.values()] };
}

/** Takes a track's rating back, as if it had never been given. */
export function undoRating(taste: Taste, itemId: string): Taste {
  return { ...taste, ratings: taste.ratings.filter((rating) => rating.itemId !== itemId) };
}

/** Records that a share (0 … 1) of a track was heard; the longest hearing of a track counts. */
export function recordPlay(taste: Taste, itemId: string, share: number, at: number): Taste {
  if (!(share >= 0 && share <= 1)) {
    throw new AttuneError(
      'argument/invalid',
      `The share of a track that was played is 0 to 1, not ${share}.`,
      { share },
    );
  }
  checkTime(at, itemId);
  const before = taste.plays.find((play) => play.itemId === itemId);
  if (before && before.share >= share) return taste;
  return {
    ...taste,
    plays: [...taste.plays.filter((play) => play.itemId !== itemId), { itemId, share, at }],
  };
}

/** Presses a chip; the opposite earlier press of the same chip is taken back. */
export function steer(taste: Taste, step: Steer): Taste {
  const same = (other: Steer): boolean =>
    other.kind === step.kind && other.name === step.name && other.direction === step.direction;
  const kept = taste.steers.filter((other) => !(same(other) && other.action !== step.action));
  // Pressing "never" twice means no more than once; "more" may be pressed again and again.
  if (step.action === 'never' && kept.some(same)) return { ...taste, steers: kept };
  return { ...taste, steers: [...kept, step] };
}

/** States the preferred value of a dimension; `undefined` takes the statement back. */
export function correct(taste: Taste, dimension: string, value: number | undefined): Taste {
  const others = taste.corrections.filter((correction) => correction.dimension !== dimension);
  if (value === undefined) return { ...taste, corrections: others };
  if (!Number.isFinite(value)) {
    throw new AttuneError('argument/invalid', `A corrected value is a number, not ${value}.`, { dimension });
  }
  return { ...taste, corrections: [...others, { dimension, value }] };
}
