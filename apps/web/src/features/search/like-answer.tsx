import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LikeSearch } from '@/api/search.ts';
import { EmptyState } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { FoundList } from './found-list.tsx';

const t = strings.search;

/** What was found by an example or a melody, and how much of the catalogue was looked into. */
export function LikeAnswer({ answer, busy = false }: { answer: LikeSearch; busy?: boolean }): ReactNode {
  const { found, searched, total, notes } = answer;
  return (
    <>
      <p role="status" className="text-quiet">
        {notes > 0 ? t.heard(notes) : null} {t.count(found.length)}{' '}
        {searched < total ? t.partly(searched, total) : null}
      </p>
      {found.length === 0 ? (
        <EmptyState title={t.none} hint={t.noneHint} icon={Search} />
      ) : (
        <FoundList found={found} busy={busy} />
      )}
    </>
  );
}
