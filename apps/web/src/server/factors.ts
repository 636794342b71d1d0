import { createRng } from '@attune/core';
import type { Factors, Liking } from '@attune/recommend';
import { fitFactors } from '@attune/recommend';
import type { RatingRepository } from './repositories/types.ts';
import { sharedLikings, type SharedTaste } from './shared-taste.ts';

/** Fitted factors are used for this long before what was rated since is taken in. */
const FRESH_MS = 5 * 60_000;

/**
 * What many listeners have in common, fitted now and then rather than at each request. Where there is something to go on
 * with, nobody waits for the next fit; after `forget` nothing fitted before is used again.
 */
export function createFactorCache(
  ratings: Pick<RatingRepository, 'listShared'>,
  now: () => Date,
  /** Elsewhere than in this thread, where there are many. */
  fitLikings: (likings: readonly Liking[]) => Promise<Factors | undefined> = (likings) =>
    Promise.resolve(fitFactors(likings, createRng(1))),
): SharedTaste {
  let fitted: Promise<Factors | undefined> | undefined;
  let fittedAt = 0;
  let refitting: Promise<unknown> | undefined;
  let generation = 0;
  const fit = async (): Promise<Factors | undefined> => fitLikings(await sharedLikings(ratings));
  const refit = (): void => {
    const own = generation;
    const next = fit();
    refitting = next
      .then(() => {
        if (own === generation) fitted = next;
      })
      .catch((error: unknown) =>
        console.error('What listeners have in common could not be fitted again.', error),
      )
      .finally(() => {
        refitting = undefined;
      });
  };
  return {
    mode: 'on',
    factors: (): Promise<Factors | undefined> => {
      const time = now().getTime();
      if (!fitted) {
        fittedAt = time;
        const first = fit();
        fitted = first;
        first.catch(() => {
          if (fitted === first) fitted = undefined;
        });
      } else if (time - fittedAt > FRESH_MS && !refitting) {
        fittedAt = time;
        refit();
      }
      return fitted;
    },
    forget: (): void => {
      generation++;
      fitted = undefined;
    },
    settled: async () => {
      await refitting;
    },
    report: () => Promise.resolve({ mode: 'on' }),
  };
}
