import type { RatingEffect, RatingValue, TrackSummary } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';

/** "Harbour Waltz: 4 stars". */
export function ratingDone(track: TrackSummary, value: RatingValue): string {
  const { done } = strings.rating;
  return typeof value === 'number' ? done.stars(track.title, value) : done[value](track.title);
}

/** "Moved 14 tracks; slower, more minor." */
export function effectWords(effect: RatingEffect): string {
  return strings.rating.effect(effect.moved, effect.summary.join(', '));
}
