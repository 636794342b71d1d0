'use client';
import { useQuery } from '@tanstack/react-query';
import { AudioLines, RefreshCw, RotateCcw, Sparkles } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import type { ComposeOptions, ComposeTaskKind } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { ComposeProgress } from '@/features/compose/compose-progress.tsx';
import { ComposeResult } from '@/features/compose/compose-result.tsx';
import { GoOn } from '@/features/compose/go-on.tsx';
import { RecentJobs } from '@/features/compose/recent-jobs.tsx';
import { useCompose, type Composing } from '@/features/compose/use-compose.ts';
import { DeviceOutcome } from '@/features/device/device-outcome.tsx';
import { useDevice, type DeviceComposing } from '@/features/device/use-device.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { FollowField } from './follow-field.tsx';
import { SourceFields, useSourceRoll } from './source-fields.tsx';
import { StudioFields } from './studio-fields.tsx';
import { EMPTY_FORM, formError, toRequest, type StudioForm } from './studio-form.ts';
import { StudioTabs } from './studio-tabs.tsx';
import { TaskPicker } from './task-picker.tsx';
import { WayFields } from './way-fields.tsx';

interface StudioPageProps {
  readonly task: ComposeTaskKind;
  readonly sourceTrackId: string | null;
  /** The mood to start from; null: all of the listener's taste. */
  readonly mood: string | null;
}

/** Composing to order: what is set is asked for, what is open follows taste. */
export function StudioPage(start: StudioPageProps): ReactNode {
  const trpc = useTRPC();
  const options = useQuery(trpc.compose.options.queryOptions());
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.studio.title} lead={strings.studio.lead} />
      <StudioTabs current="compose" />
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
        <Workbench
          key={`${start.task} ${start.sourceTrackId} ${start.mood}`}
          start={start}
          options={options.data}
        />
      )}
    </div>
  );
}

function Workbench({ start, options }: { start: StudioPageProps; options: ComposeOptions }): ReactNode {
  const { mood, ...given } = start;
  const [form, setForm] = useState<StudioForm>({
    ...EMPTY_FORM,
    ...given,
    follow: mood === null ? EMPTY_FORM.follow : { mood },
  });
  const roll = useSourceRoll(form.sourceTrackId);
  const composing = useCompose();
  const device = useDevice();
  const outcome = useRef<HTMLDivElement>(null);
  const [pressed, setPressed] = useState(false);
  const error = formError(form, options, roll?.bars.length);
  const working = composing.state.phase === 'working' || ['loading', 'writing'].includes(device.state.phase);
  const bars =
    form.task === 'compose'
      ? form.bars
      : (roll?.bars.length ?? 0) + (form.task === 'continue' ? form.bars : 0);

  const compose = (next: StudioForm): void => {
    setForm(next);
    setPressed(true);
    if (formError(next, options, roll?.bars.length) !== null) return;
    const { mode: _mode, listen: _listen, follow: _follow, ...wish } = toRequest(next);
    if (next.onDevice) {
      composing.dismiss();
      device.start(wish, options.modelVersion ?? '', bars);
    } else {
      device.dismiss();
      composing.start(toRequest(next), bars);
    }
    // On narrow screens the picture lies under the form; where it is in view already, nothing moves.
    outcome.current?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-[360px_minmax(0,1fr)]">
      <form
        className="flex min-w-0 flex-col gap-6 lg:[&_*]:scroll-mb-20"
        onSubmit={(event) => {
          event.preventDefault();
          compose(form);
        }}
      >
        <TaskPicker
          tasks={options.tasks}
          chosen={form.task}
          onChoose={(task) => setForm({ ...form, task })}
        />
        {form.task === 'compose' ? null : <SourceFields form={form} roll={roll} onChange={setForm} />}
        <FollowField form={form} onChange={setForm} />
        <StudioFields form={form} options={options} onChange={setForm} />
        <WayFields form={form} onChange={setForm} />
        {pressed && error ? (
          <p role="alert" className="text-danger">
            {error}
          </p>
        ) : null}
        <div className="flex flex-wrap gap-2 bg-paper py-3 lg:sticky lg:bottom-[var(--player-height)] lg:z-10 lg:border-t lg:border-line">
          <Button type="submit" tone="primary" className="flex-1" disabled={working} aria-busy={working}>
            <Sparkles size={20} aria-hidden />
            {working ? strings.forYou.composing : strings.studio.doTask[form.task]}
          </Button>
          <Button
            tone="ghost"
            onClick={() => setForm({ ...form, conditioning: {}, bars: EMPTY_FORM.bars, seed: '' })}
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
        <Outcome
          composing={composing}
          device={device}
          bars={bars}
          onAgain={() => compose({ ...form, seed: '' })}
          onRetry={() => compose(form)}
        />
        <RecentJobs />
      </div>
    </div>
  );
}

interface OutcomeProps {
  readonly composing: Composing;
  readonly device: DeviceComposing;
  readonly bars: number;
  readonly onAgain: () => void;
  readonly onRetry: () => void;
}

function Outcome({ composing, device, bars, onAgain, onRetry }: OutcomeProps): ReactNode {
  const { state } = composing;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-20">{strings.studio.result}</h2>
      {device.state.phase !== 'idle' ? (
        <DeviceOutcome device={device} bars={bars} onAgain={onAgain} />
      ) : state.phase === 'idle' ? (
        <EmptyState title={strings.studio.resultEmpty} icon={AudioLines} />
      ) : null}
      {state.phase === 'working' ? (
        <ComposeProgress event={state.event} bars={bars} onCancel={composing.cancel} />
      ) : null}
      {state.phase === 'cancelled' ? <p role="status">{strings.compose.cancelled}</p> : null}
      {state.phase === 'failed' ? <ErrorState message={state.message} onRetry={onRetry} /> : null}
      {state.phase === 'done' ? (
        <ComposeResult trackId={state.trackId}>
          <Button tone="primary" onClick={onAgain}>
            <RefreshCw size={16} aria-hidden />
            {strings.compose.again}
          </Button>
          <GoOn trackId={state.trackId} />
        </ComposeResult>
      ) : null}
    </section>
  );
}
