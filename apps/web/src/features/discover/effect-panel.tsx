'use client';
import type { ReactNode } from 'react';
import { useLastEffect } from '@/features/rating/rating-provider.tsx';
import { effectWords } from '@/features/rating/rating-words.ts';
import { strings } from '@/strings/index.ts';

/** What the last rating changed; the toast, a live region, says it aloud. */
export function EffectPanel({ ratings }: { ratings: number }): ReactNode {
  const last = useLastEffect();
  return (
    <section className="flex flex-col gap-1">
      <h2 className="text-16">{strings.discover.effect}</h2>
      <p className={last ? undefined : 'text-quiet'}>
        {last ? effectWords(last.effect) : strings.discover.noEffect}
      </p>
      <p className="text-12 text-quiet">{strings.discover.progress(last?.effect.ratings ?? ratings)}</p>
    </section>
  );
}
