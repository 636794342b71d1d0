import { Play, Search, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LikeSearch } from '@/api/search.ts';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState, SkeletonList } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { FoundList } from './found-list.tsx';

const t = strings.search;

interface LikeAnswerProps {
  readonly answer: LikeSearch;
  /** Whether this is the answer to the question before. */
  readonly busy?: boolean;
  /** Whether more is being looked into. */
  readonly isGoingOn: boolean;
  readonly onStop: () => void;
  readonly onGoOn: () => void;
}

/** What was found by an example or a melody so far, how much of the catalogue was looked into, and a way to stop. */
export function LikeAnswer({ answer, busy = false, isGoingOn, onStop, onGoOn }: LikeAnswerProps): ReactNode {
  const { found, searched, total, notes, isMore } = answer;
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" aria-live="polite" className="text-quiet">
          {notes > 0 ? t.heard(notes) : null} {isMore ? t.partly(searched, total, isGoingOn) : null}{' '}
          {isMore && isGoingOn && found.length === 0 ? null : t.count(found.length)}
        </p>
        {isMore ? (
          <Button onClick={isGoingOn ? onStop : onGoOn}>
            {isGoingOn ? <Square size={16} aria-hidden /> : <Play size={16} aria-hidden />}
            {isGoingOn ? t.stop : t.goOn}
          </Button>
        ) : null}
      </div>
      {found.length > 0 ? (
        <FoundList found={found} busy={busy || isGoingOn} />
      ) : isGoingOn ? (
        <SkeletonList count={6} className="h-16" />
      ) : (
        <EmptyState title={t.none} hint={t.noneHint} icon={Search} />
      )}
    </>
  );
}
