import type { MoodAxis } from '@attune/core/style';

/** A mood axis as a word, with where the piece lies among the pieces that the axes were measured on. */
export interface MoodLabel {
  /** 'low', 'middle' or 'high': the thirds of those pieces. */
  readonly level: 'low' | 'middle' | 'high';
  /** E.g. 'calm', 'bright'. */
  readonly word: string;
  /** 0 … 1. */
  readonly quantile: number;
}

const MOOD_WORDS: Readonly<Record<MoodAxis, readonly [string, string, string]>> = {
  energy: ['calm', 'moderate', 'lively'],
  valence: ['dark', 'neutral', 'bright'],
  tension: ['relaxed', 'balanced', 'tense'],
};
const LEVELS = ['low', 'middle', 'high'] as const;

/** `quantile`: 0 … 1 of the axis. */
export function moodLabel(axis: MoodAxis, quantile: number): MoodLabel {
  const third = Math.min(2, Math.floor(3 * quantile));
  return { level: LEVELS[third]!, word: MOOD_WORDS[axis][third]!, quantile };
}
