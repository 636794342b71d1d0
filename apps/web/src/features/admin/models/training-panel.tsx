'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ear, GraduationCap, X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ClassifierKind, TrainingView } from '@/api/labelling.ts';
import { Button } from '@/components/ui/button.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { QueryPanel } from '../query-panel.tsx';

const t = strings.admin.training;
const KINDS: readonly ClassifierKind[] = ['style-symbolic', 'style-audio'];
const POLL_MS = 1000;
const isOpen = ({ status }: TrainingView): boolean => status === 'queued' || status === 'running';

/** What people labelled, and learning from it. */
export function TrainingPanel(): ReactNode {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast, announce } = useFeedback();
  const state = useQuery(
    trpc.admin.labelling.queryOptions(undefined, {
      refetchInterval: (query) => (query.state.data?.trainings.some(isOpen) ? POLL_MS : false),
    }),
  );
  const again = async (): Promise<void> =>
    queries.invalidateQueries({ queryKey: trpc.admin.labelling.queryKey() });
  const failed = (error: unknown): void => toast({ message: errorMessage(error), tone: 'error' });
  const start = useMutation(trpc.admin.train.mutationOptions({ onSuccess: again, onError: failed }));
  const cancel = useMutation(
    trpc.admin.cancelTraining.mutationOptions({ onSuccess: again, onError: failed }),
  );

  const last = state.data?.trainings[0];
  const wasOpen = useRef(false);
  const open = last ? isOpen(last) : false;
  useEffect(() => {
    if (wasOpen.current && !open && last) {
      announce(t.ended[last.status as keyof typeof t.ended] ?? '');
      void queries.invalidateQueries({ queryKey: trpc.admin.pathKey() });
    }
    wasOpen.current = open;
  }, [open, last, announce, queries, trpc]);

  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-20">{t.title}</h2>
      <p className="max-w-[80ch] text-quiet">{t.lead}</p>
      <QueryPanel query={state}>
        {({ usable, left, trainings }) => (
          <>
            <ul className="grid grid-cols-1 gap-3 md:grid-cols-2">
              {KINDS.map((kind) => (
                <li key={kind} className="flex flex-col gap-2 rounded-md border border-line p-4">
                  <h3 className="text-16">{t.kinds[kind]}</h3>
                  <p className="text-quiet">{t.usable(usable[kind])}</p>
                  <div className="flex flex-wrap gap-2">
                    <Button
                      tone="primary"
                      disabled={open || start.isPending || usable[kind] < 2}
                      aria-label={t.retrainKind(t.kinds[kind])}
                      onClick={() => start.mutate({ task: 'retrain', kind })}
                    >
                      <GraduationCap size={16} aria-hidden />
                      {t.retrain}
                    </Button>
                    {kind === 'style-audio' ? (
                      <Button
                        disabled={open || start.isPending}
                        onClick={() => start.mutate({ task: 'listen', kind })}
                      >
                        <Ear size={16} aria-hidden />
                        {t.listen}
                      </Button>
                    ) : null}
                  </div>
                  {usable[kind] < 2 ? <p className="text-12 text-quiet">{t.tooFew}</p> : null}
                  {kind === 'style-audio' ? <p className="text-12 text-quiet">{t.listenHint}</p> : null}
                </li>
              ))}
            </ul>
            {left > 0 ? <p className="text-12 text-quiet">{t.left(left)}</p> : null}
            {trainings[0] ? (
              <Progress job={trainings[0]} onCancel={(id) => cancel.mutate({ id })} busy={cancel.isPending} />
            ) : null}
          </>
        )}
      </QueryPanel>
    </section>
  );
}

function Progress({
  job,
  onCancel,
  busy,
}: {
  job: TrainingView;
  onCancel: (id: string) => void;
  busy: boolean;
}): ReactNode {
  const { id, status, stage, done, total, error } = job;
  const what = t.tasks[job.task](t.kinds[job.kind]);
  if (!isOpen(job)) {
    const words = t.ended[status as keyof typeof t.ended];
    return (
      <p className={status === 'failed' ? 'text-danger' : 'text-quiet'}>
        {what}: {words} {error}
      </p>
    );
  }
  const share = total > 0 ? done / total : 0;
  const words = t.stages[stage as keyof typeof t.stages] ?? stage;
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-md border border-line p-4">
      <div className="flex min-w-48 flex-1 flex-col gap-1">
        <p>
          {what}: {words} {total > 0 ? formatPercent(share) : null}
        </p>
        <progress
          aria-label={what}
          className="h-2 w-full accent-accent"
          max={1}
          value={total > 0 ? share : undefined}
        />
      </div>
      <Button disabled={busy} onClick={() => onCancel(id)}>
        <X size={16} aria-hidden />
        {t.cancel}
      </Button>
    </div>
  );
}
