'use client';
import { Music, Search, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { Button, buttonClass, IconButton } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { TrackRow } from '@/components/ui/track-row.tsx';
import { strings } from '@/strings/index.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { LibraryFilters } from './library-filters.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { UploadPanel } from './upload-panel.tsx';
import { NO_FILTERS, useLibrary } from './use-library.ts';

/** Everything that can be heard, to search and sort; and the way in for one's own music. */
export function LibraryPage(): ReactNode {
  const { list, tracks, filters, setFilters } = useLibrary();
  const [removing, setRemoving] = useState<TrackSummary | null>(null);
  const { source, query, style } = filters;
  const onlyMine = source !== 'all' && source !== 'catalogue' && !query && !style;

  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.library.title} lead={strings.library.lead}>
        <Link href="/search" className={buttonClass('plain')}>
          <Search size={16} aria-hidden />
          {strings.library.searchMore}
        </Link>
      </PageHeader>
      <UploadPanel />
      <LibraryFilters filters={filters} onChange={setFilters} />
      <section aria-labelledby="library-tracks" className="flex flex-col gap-2">
        <div className="flex items-baseline justify-between">
          <h2 id="library-tracks" className="text-20">
            {strings.library.list}
          </h2>
          <p role="status" className="text-quiet">
            {list.isSuccess ? strings.library.results(tracks.length, list.hasNextPage) : ''}
          </p>
        </div>
        {list.isPending ? (
          <SkeletonList count={8} className="h-16" />
        ) : list.isError ? (
          <ErrorState message={errorMessage(list.error)} onRetry={() => void list.refetch()} />
        ) : tracks.length === 0 ? (
          <EmptyState
            title={onlyMine ? strings.library.emptyMine : strings.library.empty}
            hint={onlyMine ? strings.library.emptyMineHint : strings.library.emptyHint}
            icon={Music}
          >
            {onlyMine ? null : (
              <Button onClick={() => setFilters(NO_FILTERS)}>{strings.library.clear}</Button>
            )}
          </EmptyState>
        ) : (
          <ul aria-label={strings.library.list} className="border-t border-line" aria-busy={list.isFetching}>
            {tracks.map((track) => (
              <TrackRow
                key={track.id}
                track={track}
                queue={tracks}
                actions={
                  track.mine ? (
                    <IconButton
                      label={strings.library.remove(track.title)}
                      onClick={() => setRemoving(track)}
                    >
                      <Trash2 size={16} aria-hidden />
                    </IconButton>
                  ) : (
                    <span className="w-11 max-md:hidden" />
                  )
                }
              />
            ))}
          </ul>
        )}
        {list.hasNextPage ? (
          <Button
            className="self-center"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? strings.common.loading : strings.common.more}
          </Button>
        ) : null}
      </section>
      <RemoveDialog track={removing} onClose={() => setRemoving(null)} />
    </div>
  );
}
