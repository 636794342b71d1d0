'use client';
import { useQuery } from '@tanstack/react-query';
import { Boxes, Shapes, Sparkles, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { ComposeEvent, SamplerView } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { SelectField } from '@/components/ui/field.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { StudioTabs } from '@/features/studio/studio-tabs.tsx';
import { composeShare } from '@/features/compose/compose-state.ts';
import { humanise } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { MadeTracks } from './made-tracks.tsx';
import { SampleFields } from './sample-fields.tsx';
import { chosenOf, emptyForm, sampleError, type SampleForm } from './sample-form.ts';
import { useSampling, type Sampling } from './use-sampling.ts';

const s = strings.others;

/** Models of other kinds than the composer, as they are installed. */
export function OthersPage(): ReactNode {
  const trpc = useTRPC();
  const samplers = useQuery(trpc.compose.samplers.queryOptions());
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.studio.tabs.others} lead={s.lead} />
      <StudioTabs current="others" />
      {samplers.isPending ? (
        <SkeletonList count={3} className="h-24" />
      ) : samplers.isError ? (
        <ErrorState message={errorMessage(samplers.error)} onRetry={() => void samplers.refetch()} />
      ) : samplers.data.length === 0 ? (
        <EmptyState title={s.none} hint={s.noneHint} icon={Boxes} />
      ) : (
        <Workbench samplers={samplers.data} />
      )}
    </div>
  );
}

function Workbench({ samplers }: { samplers: readonly SamplerView[] }): ReactNode {
  const [name, setName] = useState(samplers[0]!.name);
  const [forms, setForms] = useState<Readonly<Record<string, SampleForm>>>({});
  const [pressed, setPressed] = useState(false);
  const sampling = useSampling();
  const sampler = samplers.find((known) => known.name === name) ?? samplers[0]!;
  const form = forms[sampler.name] ?? emptyForm(sampler);
  const error = sampleError(sampler, form);
  const working = sampling.state.phase === 'working';
  const make = (): void => {
    setPressed(true);
    if (error !== null) return;
    sampling.start({
      family: sampler.name,
      count: form.count,
      sourceTrackIds: chosenOf(form),
      settings: { ...form.settings },
    });
  };
  return (
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-[360px_minmax(0,1fr)]">
      <form
        className="flex min-w-0 flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <SelectField
          label={s.choose}
          hint={sampler.summary}
          value={sampler.name}
          options={samplers.map((known) => ({
            value: known.name,
            label: s.names[known.name] ?? humanise(known.name),
          }))}
          onChange={({ target }) => {
            setName(target.value);
            setPressed(false);
          }}
        />
        <SampleFields
          key={sampler.name}
          sampler={sampler}
          form={form}
          onChange={(next) => setForms({ ...forms, [sampler.name]: next })}
        />
        {pressed && error ? (
          <p role="alert" className="text-danger">
            {error}
          </p>
        ) : null}
        <Button type="submit" tone="primary" disabled={working} aria-busy={working}>
          <Sparkles size={20} aria-hidden />
          {working ? s.making : s.make}
        </Button>
      </form>
      <section className="flex min-w-0 flex-col gap-3 lg:sticky lg:top-8 lg:self-start">
        <h2 className="text-20">{s.results}</h2>
        <Outcome sampling={sampling} onRetry={make} />
      </section>
    </div>
  );
}

function Outcome({ sampling, onRetry }: { sampling: Sampling; onRetry: () => void }): ReactNode {
  const { state } = sampling;
  if (state.phase === 'working') return <Progress event={state.event} onCancel={sampling.cancel} />;
  if (state.phase === 'cancelled') return <p role="status">{s.cancelled}</p>;
  if (state.phase === 'failed') return <ErrorState message={state.message} onRetry={onRetry} />;
  if (state.phase === 'done') return <MadeTracks ids={state.trackIds} />;
  return <EmptyState title={s.resultsEmpty} icon={Shapes} />;
}

function Progress({ event, onCancel }: { event: ComposeEvent | null; onCancel: () => void }): ReactNode {
  const share = composeShare(event);
  const words = event
    ? event.status === 'queued'
      ? strings.compose.queued
      : event.stage
    : strings.compose.starting;
  return (
    <div className="flex flex-col gap-3">
      <div
        role="progressbar"
        aria-label={s.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuetext={words}
        className="h-2 overflow-hidden rounded-full bg-hover"
      >
        <div className="h-full bg-accent" style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status">{words}</p>
        <Button onClick={onCancel} disabled={!event}>
          <X size={16} aria-hidden />
          {s.cancel}
        </Button>
      </div>
    </div>
  );
}
