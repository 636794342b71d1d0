'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SharedTasteReport } from '@/api/types.ts';
import { DefinitionList } from '@/components/ui/definition-list.tsx';
import { formatDate } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { QueryPanel } from './query-panel.tsx';

const t = strings.admin.privacy;

/** In which way the server learns from many listeners, and what that spent of their privacy. */
export function PrivacyPanel(): ReactNode {
  const trpc = useTRPC();
  const report = useQuery(trpc.admin.sharedTaste.queryOptions());
  return (
    <QueryPanel query={report}>
      {(data) => (
        <section className="flex flex-col gap-4">
          <h2 className="text-20">{t.title}</h2>
          <p className="max-w-[64ch]">{t.modes[data.mode]}</p>
          {data.mode === 'private' ? <DefinitionList pairs={pairsOf(data)} /> : null}
          <p className="text-quiet">{t.how}</p>
        </section>
      )}
    </QueryPanel>
  );
}

function pairsOf(
  report: Extract<SharedTasteReport, { mode: 'private' }>,
): readonly (readonly [string, string | null])[] {
  const { stoodOut, releasedAt, nextAfter } = report;
  return [
    [t.spent, t.spentText(report.spentEpsilon.toFixed(2), report.epsilon)],
    [t.delta, String(report.delta)],
    [t.releases, t.releasesText(report.releases, report.plannedReleases)],
    [t.last, releasedAt === null ? t.none : formatDate(releasedAt)],
    [t.noise, report.deviation === null ? null : report.deviation.toFixed(2)],
    [t.found, stoodOut === null ? null : stoodOut ? t.foundText.yes : t.foundText.no],
    [t.next, nextAfter === null ? t.spentUp : t.nextText(formatDate(nextAfter), report.days)],
  ];
}
