'use client';
import { useQuery } from '@tanstack/react-query';
import { Compass } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { buttonClass } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { ComposeForMe } from '@/features/compose/compose-for-me.tsx';
import { useHeld } from '@/lib/use-held.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { MoodPicker } from './mood-picker.tsx';
import { RecommendationRow } from './recommendation-row.tsx';

const TAKE = 20;

/** What should fit, with reasons that can be pressed, and a piece composed to order. */
export function ForYouPage({ startMood }: { readonly startMood: string | null }): ReactNode {
  const trpc = useTRPC();
  const listening = useQuery(trpc.recommend.listening.queryOptions());
  const [wanted, setMood] = useState(startMood);
  // Moods come and go with what is said: one that is gone is all of them.
  const mood = listening.data && !listening.data.moods.some(({ key }) => key === wanted) ? null : wanted;
  const list = useQuery(trpc.recommend.list.queryOptions({ take: TAKE, ...(mood === null ? {} : { mood }) }));
  const [held, setHeld] = useState(false);
  const items = useHeld(list.data, held) ?? [];
  const queue = items.map((item) => item.track);
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.forYou.title} lead={strings.forYou.lead} />
      <ComposeForMe mood={mood} />
      <section className="flex flex-col gap-2">
        <h2 className="text-20">{strings.forYou.list}</h2>
        {listening.data ? <MoodPicker listening={listening.data} mood={mood} onChange={setMood} /> : null}
        {list.isPending ? (
          <SkeletonList count={6} className="h-24" />
        ) : list.isError ? (
          <ErrorState message={errorMessage(list.error)} onRetry={() => void list.refetch()} />
        ) : items.length === 0 ? (
          <EmptyState title={strings.forYou.empty} hint={strings.forYou.emptyHint} icon={Compass}>
            <Link href="/" className={buttonClass('primary')}>
              {strings.forYou.toDiscover}
            </Link>
          </EmptyState>
        ) : (
          <ol aria-label={strings.forYou.list} className="border-t border-line" aria-busy={list.isFetching}>
            {items.map((item) => (
              <RecommendationRow key={item.track.id} item={item} queue={queue} onHold={setHeld} />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
