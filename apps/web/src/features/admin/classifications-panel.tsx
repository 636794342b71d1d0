'use client';
import { ListChecks, X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { AdminClassification } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { usePlayer } from '@/features/player/player-provider.tsx';
import { useKeys } from '@/features/shortcuts/shortcuts-provider.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import type { Cell } from './admin-page.tsx';
import { AdminFiltersBar } from './admin-filters.tsx';
import { ClassificationTable } from './classification-table.tsx';
import { NotHeard } from './not-heard.tsx';
import { LabelPanel } from './label-panel.tsx';
import { MapPanel } from './map/map-panel.tsx';
import { labelOfKey } from './label-keys.ts';
import { stepFrom } from './row-step.ts';
import { useClassifications } from './use-classifications.ts';

interface ClassificationsPanelProps {
  readonly cell: Cell | null;
  readonly onClearCell: () => void;
}

const VIEWS = ['table', 'map'] as const;

/** A labelling tool: filters on top, the tracks as a table or as a map, and beside it the chosen one with its keys. */
export function ClassificationsPanel({ cell, onClearCell }: ClassificationsPanelProps): ReactNode {
  const all = useClassifications(cell);
  const { labels, filters, setFilters, correct } = all;
  const [view, setView] = useState<(typeof VIEWS)[number]>('table');
  return (
    <div className="flex flex-col gap-4">
      <div role="group" aria-label={strings.admin.views.label} className="flex gap-2">
        {VIEWS.map((name) => (
          <Button
            key={name}
            aria-pressed={view === name}
            className="aria-pressed:border-accent aria-pressed:bg-tint"
            onClick={() => setView(name)}
          >
            {strings.admin.views[name]}
          </Button>
        ))}
      </div>
      <AdminFiltersBar filters={filters} labels={labels} onChange={setFilters} />
      {view === 'map' ? (
        <MapPanel filters={filters} labels={labels} onFilters={setFilters} correct={correct} />
      ) : (
        <TableView {...all} cell={cell} onClearCell={onClearCell} />
      )}
    </div>
  );
}

function TableView({
  cell,
  onClearCell,
  list,
  filters,
  rows,
  labels,
  correct,
}: ClassificationsPanelProps & ReturnType<typeof useClassifications>): ReactNode {
  const player = usePlayer();
  const { toast, announce } = useFeedback();
  const [chosenId, setChosenId] = useState<string | null>(null);
  // Not a toast: that would take the place of the one that takes the last label back.
  const [ended, setEnded] = useState(false);
  const chosen = rows.find((row) => row.track.id === chosenId) ?? rows[0] ?? null;

  // A row that was just fetched is there to be focused after the next render only.
  const focusOn = useRef<string | null>(null);
  useEffect(() => {
    const row = focusOn.current && document.getElementById(`admin-row-${focusOn.current}`);
    if (!row) return;
    focusOn.current = null;
    row.focus();
  });
  const choose = (next: AdminClassification, among: readonly AdminClassification[], focus: boolean): void => {
    setChosenId(next.track.id);
    setEnded(false);
    if (focus) focusOn.current = next.track.id;
    const { status } = player.getState();
    if (status === 'playing' || status === 'loading')
      void player.play(
        next.track,
        among.map((row) => row.track),
      );
  };
  const goOn = async (index: number, focus: boolean): Promise<void> => {
    announce(strings.common.loading);
    const { data, isError, error } = await list.fetchNextPage();
    const all = data?.pages.flatMap((page) => page.items) ?? [];
    if (isError) toast({ message: errorMessage(error), tone: 'error' });
    else if (all[index]) choose(all[index], all, focus);
    else setEnded(true);
  };
  const move = (by: number, focus = true): void => {
    if (list.isFetchingNextPage) return;
    const index = rows.findIndex((row) => row.track.id === chosen?.track.id);
    const step = stepFrom(index, by, { count: rows.length, hasMore: list.hasNextPage });
    if (step.kind === 'row') choose(rows[step.index]!, rows, focus);
    else if (step.kind === 'fetch') void goOn(index + by, focus);
    else if (by > 0) setEnded(true);
    else announce(strings.admin.firstRow);
  };
  const label = (value: string | null, { typed = false } = {}): void => {
    // While the next rows come, the row before them is still chosen: a key that is pressed ahead is not meant for it.
    if (!chosen || list.isFetchingNextPage) return;
    correct(chosen, value);
    if (value !== null) move(1, !typed);
  };

  useKeys(({ key, focused }) => {
    if (focused.types || !chosen) return false;
    const value = labelOfKey(labels, key);
    if (value) label(value);
    else if (key === 'ArrowDown' && !focused.moves) move(1);
    else if (key === 'ArrowUp' && !focused.moves) move(-1);
    else return false;
    return true;
  });

  return (
    <>
      {cell ? (
        <Button className="self-start" aria-label={strings.admin.clearCell} onClick={onClearCell}>
          {strings.admin.cellFilter(styleName(cell.corrected))}
          <X size={16} aria-hidden />
        </Button>
      ) : null}
      {list.isPending ? (
        <SkeletonList count={8} className="h-12" />
      ) : list.isError && !list.isFetchNextPageError ? (
        <ErrorState message={errorMessage(list.error)} onRetry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <Empty differing={filters.disagreement === 'models'} />
      ) : (
        <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_360px]">
          <div className="flex min-w-0 flex-col gap-3 max-lg:order-2">
            <ClassificationTable rows={rows} chosenId={chosen?.track.id ?? null} onChoose={setChosenId} />
            <p role="status" className="text-center text-quiet">
              {ended ? strings.admin.lastRow : null}
            </p>
            {list.hasNextPage ? (
              <Button
                className="self-center"
                disabled={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                {strings.common.more}
              </Button>
            ) : null}
          </div>
          {chosen ? <LabelPanel row={chosen} labels={labels} onLabel={label} onMove={move} /> : null}
        </div>
      )}
    </>
  );
}

function Empty({ differing }: { differing: boolean }): ReactNode {
  const empty = <EmptyState title={strings.admin.empty} hint={strings.admin.emptyHint} icon={ListChecks} />;
  return differing ? <NotHeard otherwise={empty} /> : empty;
}
