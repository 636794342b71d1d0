/** Several tastes of one person, and how new the recommendations are; see types.ts. */

export interface MoodView {
  /** What it is asked for by: stays the same while moods change places, as long as there is such a mood. */
  readonly key: string;
  /** "slow, minor · hymn"; empty where nothing sets it apart. */
  readonly name: string;
  /** Share of what was said that is of this mood, 0 … 1. */
  readonly share: number;
  readonly sittings: number;
  /** The latest sitting was in this mood, most probably. */
  readonly isNow: boolean;
  /** Some tracks that were rated in it. */
  readonly tracks: readonly { readonly id: string; readonly title: string }[];
}

/** One mood, by its key. */
export interface MoodWish {
  readonly mood: string;
}

export interface ListeningView {
  /** More than one, or none: where one taste explains what was said as well, there are no moods. */
  readonly moods: readonly MoodView[];
  /** Share of the recommendations that are something new on purpose, 0 … 1. */
  readonly exploration: number;
  /** After so many days a rating counts half. */
  readonly halfLifeDays: number;
}
