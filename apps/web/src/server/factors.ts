import { createRng } from '@attune/core';
import type { Factors } from '@attune/recommend';
import { evidenceOfVerdict, fitFactors } from '@attune/recommend';
import type { RatingRepository } from './repositories/types.ts';

/** Fitted factors are used for this long before what was rated since is taken in. */
const FRESH_MS = 5 * 60_000;

/** What many listeners have in common, fitted now and then rather than at each request. */
export function createFactorCache(ratings: RatingRepository, now: () => Date) {
  let fitted: Promise<Factors | undefined> | undefined;
  let fittedAt = 0;
  const fit = async (): Promise<Factors | undefined> => {
    const likings = (await ratings.listShared()).map(({ listener, trackId, value }) => ({
      listener,
      item: trackId,
      ...evidenceOfVerdict(value),
    }));
    return fitFactors(likings, createRng(1));
  };
  return {
    factors: (): Promise<Factors | undefined> => {
      const time = now().getTime();
      if (!fitted || time - fittedAt > FRESH_MS) {
        fittedAt = time;
        fitted = fit().catch((error: unknown) => {
          fitted = undefined;
          throw error;
        });
      }
      return fitted;
    },
    forget: (): void => {
      fitted = undefined;
    },
  };
}
