'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { JobView } from '@/api/types.ts';
import { formatDate } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';

const TAKE = 8;

/** What was composed lately, finished or not. */
export function RecentJobs(): ReactNode {
  const trpc = useTRPC();
  const jobs = useQuery(trpc.compose.jobs.queryOptions({ take: TAKE }));
  if (!jobs.data || jobs.data.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-16">{strings.compose.recent}</h2>
      <ul className="border-t border-line">
        {jobs.data.map((job) => {
          const words = [
            whatWords(job),
            strings.compose.status[job.status],
            job.bars > 0 ? strings.common.bars(job.bars) : null,
            strings.compose.seed(job.seed),
            formatDate(job.createdAt),
          ]
            .filter(Boolean)
            .join(' · ');
          return (
            <li key={job.id} className="border-b border-line">
              {job.trackId ? (
                <Link href={`/track/${job.trackId}`} className="flex min-h-11 items-center hover:underline">
                  {words}
                </Link>
              ) : (
                <p className="flex min-h-11 items-center text-quiet" title={job.error ?? undefined}>
                  {words}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** "Vary", "Morph"; nothing where taste decided. */
function whatWords({ mode, what }: JobView): string | null {
  if (what === null) return null;
  const tasks: Readonly<Record<string, string>> = strings.studio.tasks;
  return (mode === 'sample' ? strings.others.names[what] : tasks[what]) ?? what;
}
