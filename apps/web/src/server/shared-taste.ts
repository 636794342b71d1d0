import type { Factors, Liking } from '@attune/recommend';
import { evidenceOfVerdict } from '@attune/recommend';
import type { SharedTasteReport } from '../api/types.ts';
import type { RatingRepository } from './repositories/types.ts';

/** What many listeners have in common, in the way that the administrator chose. */
export interface SharedTaste {
  readonly mode: SharedTasteReport['mode'];
  /** Undefined where nothing is shared, or there is too little. */
  readonly factors: () => Promise<Factors | undefined>;
  /** What was learned with erased ratings is learned again without them, unless it is private. */
  readonly forget: () => void;
  /** Resolves once no fit is under way. */
  readonly settled: () => Promise<void>;
  readonly report: () => Promise<SharedTasteReport>;
}

/** Nothing is learned from others. */
export const NOTHING_SHARED: SharedTaste = {
  mode: 'off',
  factors: () => Promise.resolve(undefined),
  forget: () => undefined,
  settled: () => Promise.resolve(),
  report: () => Promise.resolve({ mode: 'off' }),
};

/** What listeners who share said of the catalogue, as likings. Plays are left out: they say little of why. */
export async function sharedLikings(ratings: Pick<RatingRepository, 'listShared'>): Promise<Liking[]> {
  return (await ratings.listShared()).map(({ listener, trackId, value }) => ({
    listener,
    item: trackId,
    ...evidenceOfVerdict(value),
  }));
}
