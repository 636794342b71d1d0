'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { MoodView } from '@/api/moods.ts';
import { Button, buttonClass } from '@/components/ui/button.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

const t = strings.taste.moods;

/** Several tastes in one person, where the ratings tell them apart; and how long ratings count. */
export function Moods(): ReactNode {
  const trpc = useTRPC();
  const listening = useQuery(trpc.recommend.listening.queryOptions());
  if (!listening.data) return null;
  const { moods, halfLifeDays } = listening.data;
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-20">{t.title}</h2>
      <p className="text-quiet">
        {moods.length > 0 ? t.several(moods.length) : t.one} {t.recency(halfLifeDays)}
      </p>
      <ul className="grid grid-cols-1 gap-3 md:grid-cols-2">
        {moods.map((mood, place) => (
          <Mood key={mood.key} mood={mood} title={mood.name || strings.forYou.mood(place + 1)} />
        ))}
      </ul>
    </section>
  );
}

function Mood({ mood, title }: { mood: MoodView; title: string }): ReactNode {
  const { key, share, sittings, isNow, tracks } = mood;
  const trpc = useTRPC();
  const { toast } = useFeedback();
  const compose = useMutation(
    trpc.recommend.composeForMood.mutationOptions({
      onSuccess: () => toast({ message: t.composing(title) }),
      onError: (error) => toast({ message: errorMessage(error), tone: 'error' }),
    }),
  );
  return (
    <li className="flex flex-col gap-2 rounded-md border border-line p-4">
      <h3 className="text-16">{title}</h3>
      <p className="text-quiet">
        {t.share(formatPercent(share), sittings)} {isNow ? t.now : null}
      </p>
      <p className="text-12 text-quiet">
        {t.tracks}{' '}
        {tracks.map(({ id, title: name }, i) => (
          <span key={id}>
            {i > 0 ? ', ' : ''}
            <Link href={`/track/${id}`} className="underline">
              {name}
            </Link>
          </span>
        ))}
      </p>
      <div className="mt-auto flex flex-wrap gap-2">
        <Button
          disabled={compose.isPending}
          aria-label={t.composeFor(title)}
          onClick={() => compose.mutate({ mood: key })}
        >
          <Sparkles size={16} aria-hidden />
          {t.compose}
        </Button>
        <Link
          href={`/for-you?mood=${encodeURIComponent(key)}`}
          className={buttonClass('ghost')}
          aria-label={t.recommendFor(title)}
        >
          {t.recommend}
        </Link>
      </div>
    </li>
  );
}
