'use client';
import { Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { IconButton } from '@/components/ui/button.tsx';
import { useMyRating, useRating } from '@/features/rating/rating-provider.tsx';
import { strings } from '@/strings/index.ts';

export function MoreLikeThis({ track }: { track: TrackSummary | null }): ReactNode {
  const { rate } = useRating();
  const mine = useMyRating(track);
  return (
    <IconButton
      label={strings.rating.moreLikeThis}
      hotkey="L"
      disabled={!track}
      pressed={mine === 'more-like-this'}
      onClick={() => track && rate(track, 'more-like-this')}
    >
      <Sparkles size={20} aria-hidden />
    </IconButton>
  );
}
