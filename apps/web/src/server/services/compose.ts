import { tonicName } from '@attune/core';
import { readMidi } from '@attune/core/midi';
import { isStyle } from '@attune/core/style';
import type {
  AbilityView,
  ComposeOptions,
  ComposeTask,
  ComposeTaskKind,
  ConditioningView,
  JobView,
} from '../../api/types.ts';
import type { MoodWish } from '../../api/moods.ts';
import { faultOf, faultOfGap, takesBars } from '../../lib/check-wish.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Posted } from '../jobs/board.ts';
import { instrumentName } from '../../lib/instruments.ts';
import { barCountOf } from '../music/roll.ts';
import { styleName } from '../music/words.ts';
import type { JobRecord } from '../repositories/types.ts';
import type { GeneratorOptions } from '../worker/protocol.ts';
import { findOwnJob, findSourceTrack } from './access.ts';
import type { Deps } from './deps.ts';
import { loadListener } from './listener.ts';
import { facetOfMood } from './tastes.ts';

/** What decides where a wish is open: all of the listener's taste, or one of their moods by its key. */
export type Follow = 'taste' | MoodWish;

export type ComposeWish =
  | {
      readonly mode: 'taste';
      readonly bars?: number | undefined;
      readonly seed?: number | undefined;
      /** One of the listener's moods alone. */
      readonly mood?: string | undefined;
    }
  | {
      readonly mode: 'controls';
      readonly conditioning: ConditioningView;
      /** Default: 16. Tasks that write beside given music take none. */
      readonly bars?: number | undefined;
      readonly seed?: number | undefined;
      readonly task?: ComposeTask | undefined;
      /** Heard while it is written: no other candidate may take its place afterwards. */
      readonly listen?: boolean | undefined;
      /** Nothing if left out: then the model decides where the wish is open. */
      readonly follow?: Follow | undefined;
    };

type Needs = QueueNeeds &
  Pick<Deps, 'tracks' | 'files' | 'models' | 'ratings' | 'listeners' | 'factors' | 'moods'>;

const STANDARD_BARS = 16;

/** Queues a wish. What it costs is bounded: a person has few of them open at once. */
export async function startComposing(
  deps: Needs,
  actor: Actor,
  wish: ComposeWish,
): Promise<{ jobId: string }> {
  const { seed } = wish;
  const ofTaste = wish.mode === 'taste' && wish.mood !== undefined ? { mood: wish.mood } : undefined;
  const follow = wish.mode === 'taste' ? ofTaste : wish.follow;
  if (typeof follow === 'object') facetOfMood(await loadListener(deps, actor.id), follow.mood, deps.now());
  if (wish.mode === 'taste') {
    const bars = wish.bars ?? STANDARD_BARS;
    refuse(faultOf({ conditioning: {}, bars }));
    return queueJob(deps, actor, { request: { mode: 'taste', follow }, bars, seed });
  }
  const bars = await checkControls(deps, actor, wish);
  const { conditioning, task, listen } = wish;
  return queueJob(deps, actor, {
    request: { mode: 'controls', conditioning: { ...conditioning }, task, listen, follow },
    bars,
    seed,
  });
}

export type QueueNeeds = Pick<Deps, 'jobs' | 'composer' | 'limits' | 'now' | 'newId' | 'newSeed'>;

/** Adds a job to the queue, and wakes who carries it out. */
export async function queueJob(
  deps: QueueNeeds,
  actor: Actor,
  { request, bars, seed }: Pick<JobRecord, 'request' | 'bars'> & { readonly seed: number | undefined },
): Promise<{ jobId: string }> {
  if ((await deps.jobs.countOpen(actor.id)) >= deps.limits.openJobs) {
    throw new DomainError(
      'job/limit',
      `At most ${deps.limits.openJobs} pieces are composed for you at once; wait for one to finish.`,
    );
  }
  const job: JobRecord = {
    id: deps.newId(),
    userId: actor.id,
    status: 'queued',
    mode: request.mode,
    request,
    seed: seed ?? deps.newSeed(),
    bars,
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

/** Refuses what makes no sense before anything is stored. Returns the bars that are written, or that the source has. */
async function checkControls(
  deps: Pick<Deps, 'tracks' | 'files' | 'models'>,
  actor: Actor,
  { conditioning, bars = STANDARD_BARS, task }: Extract<ComposeWish, { mode: 'controls' }>,
): Promise<number> {
  if (conditioning.style !== undefined && !isStyle(conditioning.style)) {
    throw new DomainError('label/unknown', `There is no style called ${conditioning.style}.`);
  }
  refuse(faultOf({ conditioning, bars, task }));
  const { generator } = await deps.models();
  if (generator && task) refuse(taskAbility(task.kind, generator).reason);
  if (generator && conditioning.form !== undefined) refuse(formAbility(generator).reason);
  if (!task) return bars;
  const source = await findSourceTrack(deps, actor.id, task.sourceTrackId);
  const asset = source.kind === 'score' ? await deps.tracks.findAsset(source.id, 'midi') : undefined;
  if (!asset)
    throw new DomainError('input/invalid', 'Start from a track with notes: this one is recorded sound.');
  if (takesBars(task)) return bars;
  const present = barCountOf(readMidi(await deps.files.read(asset.path)));
  if (task.kind === 'infill') refuse(faultOfGap(task.bars, present));
  return present;
}

function refuse(fault: string | null): void {
  if (fault !== null) throw new DomainError('input/invalid', fault);
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
  const { id, status, mode, request, total, seed, bars, trackId, error } = job;
  return {
    id,
    status,
    mode,
    what: request.sample?.family ?? (mode === 'controls' ? (request.task?.kind ?? 'compose') : null),
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
    instruments: (generator?.instruments ?? []).map((program) => ({
      value: program,
      label: instrumentName(program),
    })),
    tonics: TONICS,
    modes: MODES,
    meters: generator?.meters ?? [],
    tempo: generator?.tempo ?? { min: 40, max: 220 },
    bars: generator?.bars ?? { min: 4, max: 64 },
    density: { min: 0.25, max: 16 },
    tasks: mapTasks((kind) => (generator ? taskAbility(kind, generator) : NO_MODEL)),
    form: generator ? formAbility(generator) : NO_MODEL,
  };
}

const TASK_KINDS = ['compose', 'continue', 'infill', 'accompany', 'reorchestrate', 'vary'] as const;
/** What a task is called in a sentence: "cannot …". */
const TASK_WORDS: Readonly<Record<ComposeTaskKind, string>> = {
  compose: 'compose new pieces',
  continue: 'continue a piece',
  infill: 'fill bars of a piece',
  accompany: 'add instruments to a piece',
  reorchestrate: 'set a piece for other instruments',
  vary: 'vary a piece',
};
const NO_MODEL: AbilityView = { available: false, reason: 'There is no composing model on this machine.' };
const ABLE: AbilityView = { available: true, reason: null };

function mapTasks(abilityOf: (kind: ComposeTaskKind) => AbilityView): ComposeOptions['tasks'] {
  return Object.fromEntries(TASK_KINDS.map((kind) => [kind, abilityOf(kind)])) as Record<
    ComposeTaskKind,
    AbilityView
  >;
}

type Abilities = Pick<GeneratorOptions, 'version' | 'tasks' | 'knowsForm'>;

function taskAbility(kind: ComposeTaskKind, { version, tasks }: Abilities): AbilityView {
  if (tasks.includes(kind)) return ABLE;
  return {
    available: false,
    reason: `The composing model ${nameOf(version)} has not learned to ${TASK_WORDS[kind]}.`,
  };
}

function formAbility({ version, knowsForm }: Abilities): AbilityView {
  if (knowsForm) return ABLE;
  return { available: false, reason: `The composing model ${nameOf(version)} has not learned sections.` };
}

/** "transformer-1" of "transformer-1@0123456789ab". */
function nameOf(version: string): string {
  return version.split('@')[0]!;
}
