'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { buttonClass } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { ErrorState, NotAllowed, SkeletonList } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { ClassificationsPanel } from './classifications-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { ModelsPanel } from './models/models-panel.tsx';
import { PrivacyPanel } from './privacy-panel.tsx';
import { SummaryPanel } from './summary-panel.tsx';
import { TrendsPanel } from './trends-panel.tsx';
import { UsersPanel } from './users-panel.tsx';

const TABS = ['classifications', 'summary', 'models', 'trends', 'jobs', 'users', 'privacy'] as const;
type Tab = (typeof TABS)[number];

/** For administrators: labels, models, jobs, users, privacy. The server checks the role again with every request. */
export function AdminPage(): ReactNode {
  const trpc = useTRPC();
  const viewer = useQuery(trpc.viewer.me.queryOptions());
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.admin.title} lead={strings.admin.lead} />
      {viewer.isPending ? (
        <SkeletonList count={6} className="h-16" />
      ) : viewer.isError ? (
        <ErrorState message={errorMessage(viewer.error)} onRetry={() => void viewer.refetch()} />
      ) : viewer.data?.role === 'admin' ? (
        <AdminTabs />
      ) : (
        <NotAllowed title={strings.admin.notAllowed} hint={strings.admin.notAllowedHint}>
          <Link href="/account" className={buttonClass('primary')}>
            {strings.admin.signIn}
          </Link>
        </NotAllowed>
      )}
    </div>
  );
}

/** What the confusion matrix hands to the table when one of its cells is opened. */
export interface Cell {
  readonly corrected: string;
  readonly predicted: string | null;
}

function AdminTabs(): ReactNode {
  const [tab, setTab] = useState<Tab>('classifications');
  const [cell, setCell] = useState<Cell | null>(null);

  const step = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!;
    setTab(next);
    document.getElementById(`admin-tab-${next}`)?.focus();
    event.preventDefault();
  };
  const openCell = (opened: Cell): void => {
    setCell(opened);
    setTab('classifications');
  };

  return (
    <div className="flex flex-col gap-4">
      <div
        role="tablist"
        aria-label={strings.admin.tabsLabel}
        onKeyDown={step}
        className="flex gap-1 overflow-x-auto border-b border-line"
      >
        {TABS.map((name) => (
          <button
            key={name}
            id={`admin-tab-${name}`}
            type="button"
            role="tab"
            aria-selected={tab === name}
            aria-controls="admin-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
            className="min-h-11 border-b-2 border-transparent px-4 font-medium whitespace-nowrap text-quiet hover:text-ink aria-selected:border-accent aria-selected:text-ink"
          >
            {strings.admin.tabs[name]}
          </button>
        ))}
      </div>
      <div id="admin-panel" role="tabpanel" aria-labelledby={`admin-tab-${tab}`}>
        {tab === 'classifications' ? (
          <ClassificationsPanel cell={cell} onClearCell={() => setCell(null)} />
        ) : null}
        {tab === 'summary' ? <SummaryPanel onOpenCell={openCell} /> : null}
        {tab === 'models' ? <ModelsPanel /> : null}
        {tab === 'trends' ? <TrendsPanel /> : null}
        {tab === 'jobs' ? <JobsPanel /> : null}
        {tab === 'users' ? <UsersPanel /> : null}
        {tab === 'privacy' ? <PrivacyPanel /> : null}
      </div>
    </div>
  );
}
