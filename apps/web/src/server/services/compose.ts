import { isStyle } from '@attune/core/style';
import type { ComposeOptions, ConditioningView, JobView } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Posted } from '../jobs/board.ts';
import { instrumentName } from '../music/instruments.ts';
import { styleName, tonicName } from '../music/words.ts';
import type { JobRecord } from '../repositories/types.ts';
import { findOwnJob, findVisibleTrack } from './access.ts';
import type { Deps } from './deps.ts';

export type ComposeWish =
  | { readonly mode: 'taste'; readonly bars?: number | undefined; readonly seed?: number | undefined }
  | {
      readonly mode: 'controls';
      readonly conditioning: ConditioningView;
      readonly bars: number;
      readonly seed?: number | undefined;
      readonly promptTrackId?: string | undefined;
    };

const STANDARD_BARS = 16;

/** Queues a wish. What it costs is bounded: a person has few of them open at once. */
export async function startComposing(
  deps: Pick<Deps, 'tracks' | 'jobs' | 'composer' | 'limits' | 'now' | 'newId' | 'newSeed'>,
  actor: Actor,
  wish: ComposeWish,
): Promise<{ jobId: string }> {
  if (wish.mode === 'controls') await checkControls(deps, actor, wish);
  if ((await deps.jobs.countOpen(actor.id)) >= deps.limits.openJobs) {
    throw new DomainError('job/limit', `At most ${deps.limits.openJobs} pieces are composed for you at once; wait for one to finish.`);
  }
  const job: JobRecord = {
    id: deps.newId(),
    userId: actor.id,
    status: 'queued',
    mode: wish.mode,
    request:
      wish.mode === 'taste'
        ? { mode: 'taste' }
        : { mode: 'controls', conditioning: { ...wish.conditioning }, promptTrackId: wish.promptTrackId },
    seed: wish.seed ?? deps.newSeed(),
    bars: wish.bars ?? STANDARD_BARS,
    stage: 'waiting',
    done: 0,
    total: 0,
    attempts: 0,
    error: null,
    trackId: null,
    createdAt: deps.now(),
    startedAt: null,
    finishedAt: null,
  };
  await deps.jobs.insert(job);
  deps.composer.wake();
  return { jobId: job.id };
}

async function checkControls(
  deps: Pick<Deps, 'tracks'>,
  actor: Actor,
  { conditioning, promptTrackId }: Extract<ComposeWish, { mode: 'controls' }>,
): Promise<void> {
  if (conditioning.style !== undefined && !isStyle(conditioning.style)) {
    throw new DomainError('label/unknown', `There is no style called ${conditioning.style}.`);
  }
  if (promptTrackId === undefined) return;
  const track = await findVisibleTrack(deps, actor, promptTrackId);
  if (track.kind !== 'score') {
    throw new DomainError('input/invalid', 'A piece can continue from notes, not from recorded sound.');
  }
}

export async function* watchJob(
  deps: Pick<Deps, 'jobs' | 'composer'>,
  actor: Actor,
  { jobId, lastEventId }: { jobId: string; lastEventId?: string | null | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<Posted> {
  await findOwnJob(deps, actor, jobId);
  yield* deps.composer.watch(jobId, lastEventId ?? undefined, signal);
}

export async function cancelJob(
  deps: Pick<Deps, 'jobs' | 'composer'>,
  actor: Actor,
  { jobId }: { jobId: string },
): Promise<JobView> {
  const job = await findOwnJob(deps, actor, jobId);
  if (job.status !== 'queued' && job.status !== 'running') {
    throw new DomainError('job/finished', 'This piece is finished already.');
  }
  await deps.composer.cancel(jobId);
  return jobViewOf(await findOwnJob(deps, actor, jobId));
}

export async function listJobs(
  deps: Pick<Deps, 'jobs'>,
  actor: Actor,
  { take }: { take: number },
): Promise<JobView[]> {
  return (await deps.jobs.list(actor.id, take)).map(jobViewOf);
}

export function jobViewOf(job: JobRecord): JobView {
  const { id, status, mode, total, seed, bars, trackId, error } = job;
  return {
    id,
    status,
    mode,
    // Progress is stored now and then only: of an ended job the status says it all.
    stage: job.finishedAt ? status : job.stage,
    done: status === 'done' ? total : job.done,
    total,
    seed,
    bars,
    trackId,
    error,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

const TONICS = Array.from({ length: 12 }, (_, tonic) => ({ value: tonic, label: tonicName(tonic, 'major') }));
const MODES = [
  { value: 'major', label: 'major' },
  { value: 'minor', label: 'minor' },
] as const;

/** What the model on disk can be asked for. */
export async function composeOptions(deps: Pick<Deps, 'models'>): Promise<ComposeOptions> {
  const { reports, generator } = await deps.models();
  const report = reports.find(({ kind }) => kind === 'generator');
  return {
    available: generator !== null,
    reason: generator ? null : (report?.reason ?? 'There is no composing model on this machine.'),
    modelVersion: generator?.version ?? null,
    styles: (generator?.styles ?? []).map((style) => ({ value: style, label: styleName(style) })),
    instruments: (generator?.instruments ?? []).map((program) => ({ value: program, label: instrumentName(program) })),
    tonics: TONICS,
    modes: MODES,
    meters: generator?.meters ?? [],
    tempo: generator?.tempo ?? { min: 40, max: 220 },
    bars: generator?.bars ?? { min: 4, max: 64 },
    density: { min: 0.25, max: 16 },
  };
}
