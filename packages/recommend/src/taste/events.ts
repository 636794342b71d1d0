import { AttuneError } from '@attune/core';

/** What a listener can say of a track with one key. */
export type Verdict = 1 | 2 | 3 | 4 | 5 | 'skip' | 'not-for-me' | 'more-like-this';

/** The last word of a listener on one track. `at`: milliseconds since 1970. */
export interface Rating {
  readonly itemId: string;
  readonly verdict: Verdict;
  readonly at: number;
}

/** A listener's playing of a track, as weak evidence beside ratings. `share`: 0 … 1 of the track heard. */
export interface Play {
  readonly itemId: string;
  readonly share: number;
  readonly at: number;
}

/** Liking on the scale −1 (hated) … 1 (loved), and the weight of one such statement (1 = a star rating). */
export interface Evidence {
  readonly liking: number;
  readonly weight: number;
}

/** A star is a statement about the track; a skip says little; "not for me" and "more like this" say much. */
const VERDICT_EVIDENCE: ReadonlyMap<Verdict, Evidence> = new Map<Verdict, Evidence>([
  [1, { liking: -1, weight: 1 }],
  [2, { liking: -0.5, weight: 1 }],
  [3, { liking: 0, weight: 1 }],
  [4, { liking: 0.5, weight: 1 }],
  [5, { liking: 1, weight: 1 }],
  ['skip', { liking: -0.3, weight: 0.3 }],
  ['not-for-me', { liking: -1, weight: 2 }],
  ['more-like-this', { liking: 1, weight: 2 }],
]);

/** Weight of a rating halves in this time: tastes drift, but slowly. */
export const RATING_HALF_LIFE_DAYS = 365;
const DAY_MS = 86_400_000;
/** A finished play counts as a tenth of a rating that says "rather liked". */
const PLAY_WEIGHT = 0.1;
const PLAY_LIKING = 0.4;

/** The liking that a verdict states and what it weighs; `argument/invalid` for any other word. */
export function evidenceOfVerdict(verdict: Verdict): Evidence {
  const evidence = VERDICT_EVIDENCE.get(verdict);
  if (evidence) return evidence;
  const place = { verdict: String(verdict) };
  throw new AttuneError(
    'argument/invalid',
    `A rating is 1 to 5, skip, not-for-me or more-like-this, not ${verdict}.`,
    place,
  );
}

/** A play abandoned in its first half says nothing: a skip says that. */
export function evidenceOfPlay(share: number): Evidence | undefined {
  if (!(share >= 0 && share <= 1)) {
    throw new AttuneError(
      'argument/invalid',
      `The share of a track that was played is 0 to 1, not ${share}.`,
      { share },
    );
  }
  return share < 0.5 ? undefined : { liking: PLAY_LIKING, weight: PLAY_WEIGHT * share };
}

/** @throws `argument/invalid` where `at` is no time. */
export function checkTime(at: number, itemId: string): void {
  if (Number.isFinite(at)) return;
  throw new AttuneError('argument/invalid', `The time of what was said of track ${itemId} is ${at}.`, {
    itemId,
    at,
  });
}

/** Share of its weight that evidence of time `at` still has at time `now`; never more than 1. */
export function recency(at: number, now: number): number {
  return 2 ** (-Math.max(0, now - at) / (RATING_HALF_LIFE_DAYS * DAY_MS));
}
