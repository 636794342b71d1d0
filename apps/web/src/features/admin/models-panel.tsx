'use client';
import { useQuery } from '@tanstack/react-query';
import { Box } from 'lucide-react';
import type { ReactNode } from 'react';
import { DefinitionList } from '@/components/ui/definition-list.tsx';
import { EmptyState } from '@/components/ui/states.tsx';
import { formatDate, humanise } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { QueryPanel } from './query-panel.tsx';

const t = strings.admin;

export function ModelsPanel(): ReactNode {
  const trpc = useTRPC();
  const models = useQuery(trpc.admin.models.queryOptions());
  return (
    <QueryPanel query={models}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState title={t.noModels} icon={Box} />
        ) : (
          <ul className="grid grid-cols-1 gap-4 md:grid-cols-2">
            {rows.map((model) => (
              <li key={model.id} className="flex flex-col gap-3 rounded-md border border-line p-4">
                <h2 className="flex items-baseline justify-between gap-4 text-16">
                  {model.id}
                  <span className="text-12 font-normal text-quiet">
                    {model.available ? t.available : t.missing}
                  </span>
                </h2>
                <DefinitionList
                  pairs={[
                    [t.modelKind, humanise(model.kind)],
                    [t.modelVersion, model.version],
                    [t.modelSince, formatDate(model.since)],
                    ...Object.entries(model.info).map(
                      ([name, value]) => [humanise(name), value === null ? null : String(value)] as const,
                    ),
                  ]}
                />
              </li>
            ))}
          </ul>
        )
      }
    </QueryPanel>
  );
}
