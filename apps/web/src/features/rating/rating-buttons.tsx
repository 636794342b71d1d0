'use client';
import { clsx } from 'clsx';
import { Ban, Sparkles, SkipForward, Star } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RatingValue, TrackSummary } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { useMyRating, useRating } from './rating-provider.tsx';

const STARS = [1, 2, 3, 4, 5] as const;

interface RatingProps {
  readonly track: TrackSummary | null;
  /** In place of only noting it: Discover also goes on. */
  readonly onRate?: (value: RatingValue) => void;
}

/** Five stars, each a button of at least 44 px on touch screens; the chosen number is pressed. */
export function StarButtons({
  track,
  onRate,
  compact = false,
}: RatingProps & { compact?: boolean }): ReactNode {
  const mine = useMyRating(track);
  const { rate } = useRating();
  const stars = typeof mine === 'number' ? mine : 0;
  const set = onRate ?? ((value: RatingValue) => track && rate(track, value));
  return (
    <div
      role="group"
      aria-label={track ? strings.rating.group(track.title) : strings.rating.groupEmpty}
      className="flex"
    >
      {STARS.map((star) => (
        <button
          key={star}
          type="button"
          disabled={!track}
          aria-label={strings.rating.stars(star)}
          aria-pressed={stars === star}
          title={`${strings.rating.stars(star)} (${star})`}
          onClick={() => set(star)}
          className={clsx(
            'inline-flex items-center justify-center rounded-md hover:bg-hover disabled:opacity-50',
            compact ? 'h-11 w-8 pointer-coarse:w-11' : 'size-11',
            star <= stars ? 'text-accent' : 'text-quiet',
          )}
        >
          <Star size={compact ? 16 : 20} fill={star <= stars ? 'currentColor' : 'none'} aria-hidden />
        </button>
      ))}
    </div>
  );
}

const WORDS = [
  { value: 'skip', label: strings.rating.skip, key: 'S', icon: SkipForward },
  { value: 'not-for-me', label: strings.rating.notForMe, key: 'N', icon: Ban },
  { value: 'more-like-this', label: strings.rating.moreLikeThis, key: 'L', icon: Sparkles },
] as const;

/** Skip, not for me, more like this: with words and their keys. */
export function WordButtons({ track, onRate }: RatingProps): ReactNode {
  const mine = useMyRating(track);
  const { rate } = useRating();
  const set = onRate ?? ((value: RatingValue) => track && rate(track, value));
  return (
    <div className="flex flex-wrap gap-2">
      {WORDS.map(({ value, label, key, icon: Icon }) => (
        <button
          key={value}
          type="button"
          disabled={!track}
          aria-pressed={mine === value}
          title={`${label} (${key})`}
          onClick={() => set(value)}
          className="inline-flex min-h-11 items-center gap-2 rounded-md border border-edge px-3 hover:bg-hover disabled:opacity-50 aria-pressed:border-accent aria-pressed:bg-tint"
        >
          <Icon size={16} aria-hidden className="max-md:hidden" />
          {label}
          <kbd className="hidden font-mono text-12 text-quiet md:inline" aria-hidden>
            {key}
          </kbd>
        </button>
      ))}
    </div>
  );
}
