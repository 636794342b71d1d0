'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AdminSummary, JobStatus } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import type { Cell } from './admin-page.tsx';
import { ConfusionMatrix } from './confusion-matrix.tsx';
import { QueryPanel } from './query-panel.tsx';

const t = strings.admin;
const COUNTS = Object.keys(t.counts) as (keyof typeof t.counts)[];

export function SummaryPanel({ onOpenCell }: { onOpenCell: (cell: Cell) => void }): ReactNode {
  const trpc = useTRPC();
  const summary = useQuery(trpc.admin.summary.queryOptions());
  return (
    <QueryPanel query={summary}>
      {(data) => (
        <div className="flex flex-col gap-8">
          <Counts summary={data} />
          <section className="flex flex-col gap-2">
            <h2 className="text-20">{t.confusion}</h2>
            <p className="text-quiet">{t.confusionHint}</p>
            {data.confusion.length === 0 ? (
              <p>{t.noConfusion}</p>
            ) : (
              <ConfusionMatrix cells={data.confusion} onOpen={onOpenCell} />
            )}
          </section>
        </div>
      )}
    </QueryPanel>
  );
}

function Counts({ summary }: { summary: AdminSummary }): ReactNode {
  const jobs = Object.entries(summary.jobs) as [JobStatus, number][];
  return (
    <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4 lg:grid-cols-5">
      {COUNTS.map((name) => (
        <Count key={name} name={t.counts[name]} value={summary[name]} />
      ))}
      {jobs.map(([status, value]) => (
        <Count key={status} name={`${t.jobs}: ${strings.compose.status[status]}`} value={value} />
      ))}
    </dl>
  );
}

function Count({ name, value }: { name: string; value: number }): ReactNode {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-quiet">{name}</dt>
      <dd className="text-28 tabular-nums">{value.toLocaleString('en')}</dd>
    </div>
  );
}
