import { AttuneError } from '@attune/core';
import type { Play, Rating, Verdict } from './events.ts';
import { checkTime, evidenceOfVerdict } from './events.ts';

/**
 * What a pressed chip asks for. `kind` and `name`: a style dimension's name, a style, an instrument's number, or the id of
 * a track, of which what was said then counts for more, for less, or not at all (`weightOfTrack`).
 */
export interface Steer {
  readonly kind: 'feature' | 'style' | 'instrument' | 'track';
  readonly name: string;
  /** For a feature: which end of it the chip named. */
  readonly direction?: 'low' | 'high';
  readonly action: 'more' | 'less' | 'never';
}

/** What a chip speaks of, whichever way it is pressed. */
export type Chip = Pick<Steer, 'kind' | 'name' | 'direction'>;

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
  const kept = taste.steers.filter((other) => !(isSameChip(other, step) && other.action !== step.action));
  // Pressing "never" twice means no more than once; "more" may be pressed again and again.
  if (step.action === 'never' && kept.some((other) => isSameChip(other, step)))
    return { ...taste, steers: kept };
  return { ...taste, steers: [...kept, step] };
}

/** Takes all presses of a chip back, as if it had never been pressed. */
export function undoSteer(taste: Taste, chip: Chip): Taste {
  return { ...taste, steers: taste.steers.filter((other) => !isSameChip(other, chip)) };
}

function isSameChip(a: Chip, b: Chip): boolean {
  return a.kind === b.kind && a.name === b.name && a.direction === b.direction;
}

/** What each press of "less" leaves of the weight of what was said of a track, and what "more" makes of it. */
const LESS_OF_TRACK = 0.25;
const MORE_OF_TRACK = 2;

/**
 * What the listener's rating or playing of a track weighs by the chips that name it: 1 where none does, a quarter for each
 * "less", 0 after "never", 2 after "more". What they said of the track itself stays as it is.
 */
export function weightOfTrack({ steers }: Pick<Taste, 'steers'>, itemId: string): number {
  let weight = 1;
  for (const { kind, name, action } of steers) {
    if (kind !== 'track' || name !== itemId) continue;
    if (action === 'never') return 0;
    weight = action === 'more' ? MORE_OF_TRACK : weight * LESS_OF_TRACK;
  }
  return weight;
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
