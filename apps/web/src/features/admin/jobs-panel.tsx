'use client';
import { useQuery } from '@tanstack/react-query';
import { ListMusic } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { AdminJob } from '@/api/types.ts';
import { EmptyState } from '@/components/ui/states.tsx';
import { formatDate, formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { PlainTable } from './plain-table.tsx';
import { QueryPanel } from './query-panel.tsx';

const { jobColumns: columns, jobs: caption, noJobs, mode } = strings.admin;
const REFETCH_MS = 5000;

export function JobsPanel(): ReactNode {
  const trpc = useTRPC();
  const jobs = useQuery(trpc.admin.jobs.queryOptions({ take: 50 }, { refetchInterval: REFETCH_MS }));
  return (
    <QueryPanel query={jobs}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState title={noJobs} icon={ListMusic} />
        ) : (
          <PlainTable
            caption={caption}
            columns={[
              columns.status,
              columns.who,
              columns.mode,
              columns.progress,
              columns.created,
              columns.took,
              columns.result,
            ]}
            rows={rows.map((job) => ({
              id: job.id,
              cells: [
                strings.compose.status[job.status],
                job.userName,
                mode[job.mode],
                job.total > 0 ? formatPercent(job.done / job.total) : '',
                formatDate(job.createdAt),
                took(job),
                resultOf(job),
              ],
            }))}
          />
        )
      }
    </QueryPanel>
  );
}

function took(job: AdminJob): string {
  if (!job.finishedAt) return '';
  return strings.compose.elapsed(Math.round((Date.parse(job.finishedAt) - Date.parse(job.createdAt)) / 1000));
}

function resultOf(job: AdminJob): ReactNode {
  if (!job.trackId) return job.error;
  return (
    <Link href={`/track/${job.trackId}`} className="underline">
      {strings.compose.open}
    </Link>
  );
}
