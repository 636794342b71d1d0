'use client';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, Keyboard, ListMusic, Undo2 } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button, buttonClass, IconButton } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { EmptyState, ErrorState } from '@/components/ui/states.tsx';
import { StarButtons, WordButtons } from '@/features/rating/rating-buttons.tsx';
import { starsOf } from '@/features/shortcuts/keymap.ts';
import { useShortcutSheet } from '@/features/shortcuts/player-keys.tsx';
import { useKeys } from '@/features/shortcuts/shortcuts-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { EffectPanel } from './effect-panel.tsx';
import { TrackOnViewSkeleton, TrackPicture, TrackTitle } from './track-on-view.tsx';
import { UpNext } from './up-next.tsx';
import { useDiscover } from './use-discover.ts';

/** The rating queue: one track at a time, rated with one key, and what each rating did. */
export function DiscoverPage(): ReactNode {
  const { queue, current, waiting, rateAndGoOn, pass, undo } = useDiscover();
  const openSheet = useShortcutSheet();
  const trpc = useTRPC();
  const viewer = useQuery(trpc.viewer.me.queryOptions());

  useKeys(({ command }) => {
    if (!command || !current) return false;
    const stars = starsOf(command);
    if (stars) rateAndGoOn(stars);
    else if (command === 'skip' || command === 'not-for-me' || command === 'more-like-this')
      rateAndGoOn(command);
    else if (command === 'next') pass();
    else return false;
    return true;
  });

  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.discover.title} lead={strings.discover.lead}>
        <Button className="max-md:hidden" onClick={openSheet}>
          <Keyboard size={20} aria-hidden />
          {strings.discover.help}
        </Button>
      </PageHeader>
      {queue.isPending ? (
        <TrackOnViewSkeleton />
      ) : queue.isError ? (
        <ErrorState message={errorMessage(queue.error)} onRetry={() => void queue.refetch()} />
      ) : !current ? (
        <AllRated />
      ) : (
        <section aria-label={current.title} className="flex flex-col gap-4">
          <TrackTitle track={current} queue={waiting}>
            <div className="flex items-center">
              <StarButtons track={current} onRate={rateAndGoOn} />
              <IconButton label={strings.rating.undo} hotkey="U" onClick={() => undo()}>
                <Undo2 size={20} aria-hidden />
              </IconButton>
              <IconButton label={strings.discover.next} hotkey="Shift →" onClick={pass}>
                <ArrowRight size={20} aria-hidden />
              </IconButton>
            </div>
          </TrackTitle>
          <WordButtons track={current} onRate={rateAndGoOn} />
          <TrackPicture track={current} queue={waiting} />
        </section>
      )}
      <div className="grid grid-cols-1 gap-6 md:grid-cols-2">
        <EffectPanel ratings={viewer.data?.ratings ?? 0} />
        <UpNext tracks={waiting.filter((track) => track.id !== current?.id).slice(0, 4)} />
      </div>
    </div>
  );
}

function AllRated(): ReactNode {
  return (
    <EmptyState title={strings.discover.empty} hint={strings.discover.emptyHint} icon={ListMusic}>
      <div className="flex flex-wrap justify-center gap-2">
        <Link href="/for-you" className={buttonClass('primary')}>
          {strings.nav.forYou}
        </Link>
        <Link href="/library" className={buttonClass()}>
          {strings.upload.title}
        </Link>
      </div>
    </EmptyState>
  );
}
