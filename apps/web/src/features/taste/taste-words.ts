import type { TasteDimension } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';

/** Position on a scale −1 … 1 as a percentage from its left end. */
export function scalePercent(value: number): number {
  return ((Math.min(1, Math.max(-1, value)) + 1) / 2) * 100;
}

/** "slow", "a little slow", or that there is no lean. */
export function leanWords(dimension: Pick<TasteDimension, 'lowWord' | 'highWord'>, value: number): string {
  const { none, some, much, strong } = strings.taste.lean;
  const size = Math.abs(value);
  if (size < 0.12) return none(dimension.lowWord, dimension.highWord);
  const word = value < 0 ? dimension.lowWord : dimension.highWord;
  if (size < 0.35) return some(word);
  return size < 0.7 ? much(word) : strong(word);
}

/** How much a dimension says about this listener: a strong, sure lean first; what was set by hand before all. */
export function telling({ mean, certainty, corrected }: TasteDimension): number {
  return (corrected ? 10 : 0) + Math.abs(mean) * certainty;
}

/** "not sure at all" … "very sure". */
export function certaintyWords(certainty: number): string {
  const { certainty: words } = strings.taste;
  return words[Math.min(words.length - 1, Math.max(0, Math.floor(certainty * words.length)))]!;
}

/** How much a style or an instrument is liked. */
export function likingWords(liking: number): string {
  const { strong, some, neutral, dislike } = strings.taste.liking;
  if (liking > 0.5) return strong;
  if (liking > 0.12) return some;
  return liking < -0.12 ? dislike : neutral;
}
