'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Box, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ClassifierKind, ModelVersionView } from '@/api/labelling.ts';
import { Button } from '@/components/ui/button.tsx';
import { DefinitionList } from '@/components/ui/definition-list.tsx';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { EmptyState } from '@/components/ui/states.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { formatDate, humanise } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { QueryPanel } from '../query-panel.tsx';
import { ReportView } from './report-view.tsx';
import { TrainingPanel } from './training-panel.tsx';

const t = strings.admin;

/** Versions of models: training them again, what that changes, putting one in use and going back. */
export function ModelsPanel(): ReactNode {
  const trpc = useTRPC();
  const models = useQuery(trpc.admin.models.queryOptions());
  return (
    <div className="flex flex-col gap-8">
      <TrainingPanel />
      <section className="flex flex-col gap-4">
        <h2 className="text-20">{t.models}</h2>
        <QueryPanel query={models}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState title={t.noModels} icon={Box} />
            ) : (
              <ul className="flex flex-col gap-4">
                {inOrder(rows).map((model) => (
                  <ModelCard key={model.id} model={model} />
                ))}
              </ul>
            )
          }
        </QueryPanel>
      </section>
    </div>
  );
}

/** By kind; of a kind the one in use first, then the newest. */
function inOrder(rows: readonly ModelVersionView[]): ModelVersionView[] {
  return [...rows].sort(
    (a, b) =>
      a.kind.localeCompare(b.kind) || Number(b.active) - Number(a.active) || b.since.localeCompare(a.since),
  );
}

function isClassifier(kind: string): kind is ClassifierKind {
  return kind === 'style-symbolic' || kind === 'style-audio';
}

const HIDDEN: ReadonlySet<string> = new Set(['sha256', 'reason']);

function ModelCard({ model }: { model: ModelVersionView }): ReactNode {
  const { kind, version, active, available, info, report } = model;
  const { adopt, rollBack, busy } = useAdopting();
  const reason = info['reason'];
  return (
    <li className="flex flex-col gap-3 rounded-md border border-line p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-16">{version}</h3>
        <span
          className={
            active ? 'rounded-full bg-tint px-3 py-1 text-12 font-medium text-accent' : 'text-12 text-quiet'
          }
        >
          {!available ? t.missing : active ? t.inUse : isClassifier(kind) ? t.notInUse : t.available}
        </span>
      </div>
      {typeof reason === 'string' ? <p className="text-danger">{reason}</p> : null}
      <DefinitionList
        pairs={[
          [t.modelKind, humanise(kind)],
          [t.modelSince, formatDate(model.since)],
          ...Object.entries(info)
            .filter(([name]) => !HIDDEN.has(name))
            .map(([name, value]) => [humanise(name), value === null ? null : String(value)] as const),
        ]}
      />
      {report ? (
        active ? (
          <Disclosure label={t.report.open}>
            <ReportView report={report} />
          </Disclosure>
        ) : (
          <ReportView report={report} />
        )
      ) : null}
      {isClassifier(kind) ? (
        <div className="flex flex-wrap gap-2">
          {!active ? (
            <Button
              tone={report ? 'primary' : 'plain'}
              disabled={busy || !available}
              aria-label={t.adoptVersion(version)}
              onClick={() => adopt(model.id)}
            >
              {t.adopt}
            </Button>
          ) : null}
          {active && model.replacedId !== null ? (
            <Button disabled={busy} onClick={() => rollBack(kind)}>
              <Undo2 size={16} aria-hidden />
              {t.rollBack(model.replacedId.split('/').at(-1)!)}
            </Button>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

function useAdopting() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const done = async ({ version }: ModelVersionView): Promise<void> => {
    toast({ message: t.adopted(version) });
    await queries.invalidateQueries({ queryKey: trpc.admin.pathKey() });
  };
  const failed = (error: unknown): void => toast({ message: errorMessage(error), tone: 'error' });
  const adopting = useMutation(trpc.admin.adopt.mutationOptions({ onSuccess: done, onError: failed }));
  const goingBack = useMutation(trpc.admin.rollBack.mutationOptions({ onSuccess: done, onError: failed }));
  return {
    adopt: (id: string) => adopting.mutate({ id }),
    rollBack: (kind: ClassifierKind) => goingBack.mutate({ kind }),
    busy: adopting.isPending || goingBack.isPending,
  };
}
