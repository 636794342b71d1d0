'use client';
import { useQuery } from '@tanstack/react-query';
import { Compass, RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import type { TasteDimension, TasteView } from '@/api/types.ts';
import { Button, buttonClass } from '@/components/ui/button.tsx';
import { Dialog } from '@/components/ui/dialog.tsx';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { DimensionRow } from './dimension-row.tsx';
import { Likings } from './likings.tsx';
import { Moods } from './moods.tsx';
import { PressedChips } from './pressed-chips.tsx';
import { telling } from './taste-words.ts';
import { useCorrectTaste } from './use-correct-taste.ts';

/** What Attune believes, to be believed or corrected. */
export function TastePage(): ReactNode {
  const trpc = useTRPC();
  const taste = useQuery(trpc.taste.get.queryOptions());
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.taste.title} lead={strings.taste.lead} />
      {taste.isPending ? (
        <SkeletonList count={6} className="h-24" />
      ) : taste.isError ? (
        <ErrorState message={errorMessage(taste.error)} onRetry={() => void taste.refetch()} />
      ) : (
        <TasteBody taste={taste.data} />
      )}
    </div>
  );
}

/** The clearest traits stand first; the others are one click away. */
const SHOWN = 8;

function TasteBody({ taste }: { taste: TasteView }): ReactNode {
  const { correct, takeBack, reset, busy } = useCorrectTaste();
  const [asking, setAsking] = useState(false);
  const { dimensions, styles, instruments, chips, ratings, sentence } = taste;
  const ordered = [...dimensions].sort((a, b) => telling(b) - telling(a));
  const known = ratings > 0 || dimensions.some((dimension) => dimension.corrected);
  return (
    <>
      {known ? (
        <p className="text-20">{sentence}</p>
      ) : (
        <EmptyState title={strings.taste.none} hint={strings.taste.noneHint} icon={Compass}>
          <Link href="/" className={buttonClass('primary')}>
            {strings.forYou.toDiscover}
          </Link>
        </EmptyState>
      )}
      <p className="text-quiet">{strings.common.ratings(ratings)}</p>
      <Moods />
      <section className="flex flex-col gap-2">
        <h2 className="text-20">{strings.taste.dimensions}</h2>
        <DimensionList dimensions={ordered.slice(0, SHOWN)} busy={busy} onCorrect={correct} />
        {ordered.length > SHOWN ? (
          <Disclosure label={strings.taste.others(ordered.length - SHOWN)}>
            <DimensionList dimensions={ordered.slice(SHOWN)} busy={busy} onCorrect={correct} />
          </Disclosure>
        ) : null}
      </section>
      <div className="grid grid-cols-1 gap-8 md:grid-cols-2">
        <Likings title={strings.taste.styles} shares={styles} />
        <Likings title={strings.taste.instruments} shares={instruments} />
      </div>
      <PressedChips chips={chips} busy={busy} onTakeBack={takeBack} />
      <Button tone="danger" className="self-start" onClick={() => setAsking(true)}>
        <RotateCcw size={16} aria-hidden />
        {strings.taste.reset}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={strings.taste.resetTitle}>
        <p>{strings.taste.resetText}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{strings.common.cancel}</Button>
          <Button tone="danger" disabled={busy} onClick={() => reset(() => setAsking(false))}>
            {strings.taste.resetConfirm}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

interface DimensionListProps {
  readonly dimensions: readonly TasteDimension[];
  readonly busy: boolean;
  readonly onCorrect: (dimension: TasteDimension, value: number | null) => void;
}

function DimensionList({ dimensions, busy, onCorrect }: DimensionListProps): ReactNode {
  return (
    <ul className="border-t border-line">
      {dimensions.map((dimension) => (
        <DimensionRow
          key={dimension.name}
          dimension={dimension}
          busy={busy}
          onCorrect={(value) => onCorrect(dimension, value)}
        />
      ))}
    </ul>
  );
}
