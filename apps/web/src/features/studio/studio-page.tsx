'use client';
import { useQuery } from '@tanstack/react-query';
import { AudioLines, ListPlus, RefreshCw, RotateCcw, Sparkles } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { ComposeProgress } from '@/features/compose/compose-progress.tsx';
import { ComposeResult } from '@/features/compose/compose-result.tsx';
import { RecentJobs } from '@/features/compose/recent-jobs.tsx';
import { useCompose, type Composing } from '@/features/compose/use-compose.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { PromptNote } from './prompt-note.tsx';
import { StudioFields } from './studio-fields.tsx';
import { EMPTY_FORM, seedError, toRequest, type StudioForm } from './studio-form.ts';

/** Composing to order: what is set is asked for, what is open follows taste. */
export function StudioPage({ promptTrackId }: { promptTrackId: string | null }): ReactNode {
  const trpc = useTRPC();
  const options = useQuery(trpc.compose.options.queryOptions());
  const [form, setForm] = useState<StudioForm>({ ...EMPTY_FORM, promptTrackId });
  const composing = useCompose();
  const outcome = useRef<HTMLDivElement>(null);
  const compose = (next: StudioForm): void => {
    setForm(next);
    composing.start(toRequest(next));
    // On narrow screens the picture lies under the form; where it is in view already, nothing moves.
    outcome.current?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.studio.title} lead={strings.studio.lead} />
      {options.isPending ? (
        <SkeletonList count={4} className="h-24" />
      ) : options.isError ? (
        <ErrorState message={errorMessage(options.error)} onRetry={() => void options.refetch()} />
      ) : !options.data.available ? (
        <EmptyState
          title={strings.compose.unavailable}
          hint={options.data.reason ?? strings.compose.unavailableHint}
          icon={Sparkles}
        />
      ) : (
        <div className="grid grid-cols-1 gap-8 lg:grid-cols-[360px_minmax(0,1fr)]">
          <form
            className="flex flex-col gap-6"
            onSubmit={(event) => {
              event.preventDefault();
              if (!seedError(form.seed)) compose(form);
            }}
          >
            {form.promptTrackId ? (
              <PromptNote id={form.promptTrackId} onClear={() => setForm({ ...form, promptTrackId: null })} />
            ) : null}
            <StudioFields form={form} options={options.data} onChange={setForm} />
            <div className="flex flex-wrap gap-2">
              <Button
                type="submit"
                tone="primary"
                className="flex-1"
                disabled={composing.state.phase === 'working'}
                aria-busy={composing.state.phase === 'working'}
              >
                <Sparkles size={20} aria-hidden />
                {composing.state.phase === 'working' ? strings.forYou.composing : strings.studio.compose}
              </Button>
              <Button
                tone="ghost"
                onClick={() => setForm({ ...EMPTY_FORM, promptTrackId: form.promptTrackId })}
              >
                <RotateCcw size={16} aria-hidden />
                {strings.studio.reset}
              </Button>
            </div>
          </form>
          <div
            ref={outcome}
            className="flex min-w-0 scroll-mt-16 flex-col gap-8 lg:sticky lg:top-8 lg:self-start"
          >
            <Outcome composing={composing} form={form} onCompose={compose} />
            <RecentJobs />
          </div>
        </div>
      )}
    </div>
  );
}

interface OutcomeProps {
  readonly composing: Composing;
  readonly form: StudioForm;
  readonly onCompose: (form: StudioForm) => void;
}

function Outcome({ composing, form, onCompose }: OutcomeProps): ReactNode {
  const { state } = composing;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-20">{strings.studio.result}</h2>
      {state.phase === 'idle' ? <EmptyState title={strings.studio.resultEmpty} icon={AudioLines} /> : null}
      {state.phase === 'working' ? (
        <ComposeProgress event={state.event} bars={form.bars} onCancel={composing.cancel} />
      ) : null}
      {state.phase === 'cancelled' ? <p role="status">{strings.compose.cancelled}</p> : null}
      {state.phase === 'failed' ? (
        <ErrorState message={state.message} onRetry={() => onCompose(form)} />
      ) : null}
      {state.phase === 'done' ? (
        <ComposeResult trackId={state.trackId}>
          <Button tone="primary" onClick={() => onCompose({ ...form, seed: '' })}>
            <RefreshCw size={16} aria-hidden />
            {strings.compose.again}
          </Button>
          <Button onClick={() => onCompose({ ...form, seed: '', promptTrackId: state.trackId })}>
            <ListPlus size={16} aria-hidden />
            {strings.compose.continue}
          </Button>
        </ComposeResult>
      ) : null}
    </section>
  );
}
