/** What searching is told; see types.ts. */
import type { TrackSummary } from './types.ts';

/** In what two pieces may be alike; 'overall' compares the whole character. */
export type SearchAspect = 'overall' | 'rhythm' | 'harmony' | 'timbre' | 'melody';

/** One thing that was understood of a search, to be shown as a chip. */
export interface WishView {
  /** Place among the wishes of the phrase; what is taken away is named by it. */
  readonly index: number;
  /** What it means: "under 90 bpm", "not drums". */
  readonly label: string;
  /** The words it was read from. */
  readonly said: string;
}

export interface FoundTrack {
  readonly track: TrackSummary;
  /** 0 … 1 */
  readonly score: number;
  /** What of it fits: "84 bpm", "C minor". */
  readonly facts: readonly string[];
}

export interface WordSearch {
  readonly wishes: readonly WishView[];
  /** Words that mean nothing here. */
  readonly unknown: readonly string[];
  readonly corrections: readonly { readonly from: string; readonly to: string }[];
  readonly found: readonly FoundTrack[];
}

export interface LikeSearch {
  readonly found: readonly FoundTrack[];
  /** Tracks that were looked into so far, of how many. */
  readonly searched: number;
  readonly total: number;
  /** Whether asking again looks into more of them. */
  readonly isMore: boolean;
  /** Notes that were heard in a hummed or tapped melody; 0 of other searches. */
  readonly notes: number;
}

/** Answer of POST /api/search. */
export type SearchAnswer =
  | ({ readonly ok: true } & LikeSearch)
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };
