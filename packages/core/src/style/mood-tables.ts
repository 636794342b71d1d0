import type { MoodAxis } from './conditioning.ts';

/** Quantiles of the raw mood values, ascending, evenly spaced from the lowest to the highest training piece. */
export type MoodTables = Readonly<Record<MoodAxis, readonly number[]>>;

export const MOOD_TABLES: MoodTables = {
  energy: [0, 1],
  valence: [0, 1],
  tension: [0, 1],
};
