import type { ComposeEvent } from '../../api/types.ts';
import { asDomainError } from '../errors.ts';
import type {
  JobEnd,
  JobRecord,
  JobRepository,
  SampleRequestRecord,
  TrackRepository,
} from '../repositories/types.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { ComposeOrder, ComposeProgress } from '../worker/protocol.ts';
import type { RunOptions, WorkerClient } from '../workers/worker-client.ts';
import { createBoard } from './board.ts';
import type { Posted } from './board.ts';
import { keepComposition } from './keep-composition.ts';
import { keepSamples, removeSamples, sampleTrackIds } from './keep-samples.ts';
import { sampleOrderOf } from './sample-order.ts';

export interface ComposerParts {
  readonly jobs: JobRepository;
  readonly tracks: TrackRepository;
  readonly files: FileStore;
  readonly worker: WorkerClient;
  /** What to ask the worker for: the wish of the job, with the listener's taste as it is now. */
  readonly orderOf: (job: JobRecord) => Promise<ComposeOrder>;
  readonly now: () => Date;
}

/** Carries out queued jobs one at a time. The rows of the queue are the truth; this holds only what is in the air. */
export interface Composer {
  /** Looks for queued jobs; call after one was added. */
  wake(): void;
  cancel(jobId: string): Promise<void>;
  /** News of a job, newest only, until it ends. `after`: the last event already seen. */
  watch(jobId: string, after: string | undefined, signal: AbortSignal | undefined): AsyncIterable<Posted>;
  /** What is in the air of a running job. */
  latest(jobId: string): ComposeEvent | undefined;
  close(): Promise<void>;
}

/** A job that took the process down this often is not tried again. */
export const MOST_ATTEMPTS = 2;
const REPORT_MS = 500;

export function createComposer(parts: ComposerParts): Composer {
  const { jobs, now } = parts;
  const board = createBoard();
  const running = new Map<string, AbortController>();
  let loop: Promise<void> | undefined;
  let wanted = false;
  let closed = false;

  const work = async (): Promise<void> => {
    while (wanted && !closed) {
      wanted = false;
      for (let job = await jobs.claim(now()); job && !closed; job = await jobs.claim(now())) {
        const controller = new AbortController();
        running.set(job.id, controller);
        try {
          await carryOut(parts, job, controller.signal, board.post);
        } finally {
          running.delete(job.id);
        }
      }
    }
  };
  const wake = (): void => {
    wanted = true;
    if (closed || loop) return;
    loop = work()
      .catch((error: unknown) => console.error('The queue of the composer failed.', error))
      .finally(() => {
        loop = undefined;
        if (wanted && !closed) wake();
      });
  };

  return {
    wake,
    cancel: async (jobId) => {
      if (await jobs.finish(jobId, { status: 'cancelled' }, now())) {
        running.get(jobId)?.abort();
        board.post(eventOf(jobId, { status: 'cancelled' }));
      }
    },
    watch: (jobId, after, signal) => board.watch(jobId, after, () => stateOf(parts, jobId), signal),
    latest: board.latest,
    close: async () => {
      closed = true;
      // Rows stay "running": the next start queues them again.
      for (const controller of running.values()) controller.abort();
      await loop;
    },
  };
}

async function carryOut(
  parts: ComposerParts,
  job: JobRecord,
  signal: AbortSignal,
  post: (event: ComposeEvent) => void,
): Promise<void> {
  const { jobs, worker, now } = parts;
  let reportedAt = 0;
  const onProgress = (progress: ComposeProgress): void => {
    if (signal.aborted) return;
    post({ jobId: job.id, status: 'running', ...progress });
    const time = now().getTime();
    if (time - reportedAt < REPORT_MS) return;
    reportedAt = time;
    jobs.report(job.id, progress.stage, progress.done, progress.total).catch(() => undefined);
  };
  onProgress({ stage: 'starting', done: 0, total: 1 });
  const end = await attempt(async (): Promise<JobEnd> => {
    const { sample } = job.request;
    if (sample)
      return { status: 'done', trackId: (await makeSamples(parts, job, sample, { signal, onProgress }))[0]! };
    // An earlier attempt may have stored its piece and died before saying so: a piece has the name of its job.
    if (await parts.tracks.find(job.id)) return { status: 'done', trackId: job.id };
    const composition = await worker.run('compose', await parts.orderOf(job), { signal, onProgress });
    await keepComposition(parts, job, composition);
    return { status: 'done', trackId: job.id };
  });
  if (signal.aborted) return; // cancelled by its owner, or the server is stopping: already said
  if (await jobs.finish(job.id, end, now()))
    post({ ...eventOf(job.id, end), ...(await othersOf(parts, job)) });
}

async function makeSamples(
  parts: ComposerParts,
  job: JobRecord,
  request: SampleRequestRecord,
  options: RunOptions,
): Promise<string[]> {
  const before = await parts.tracks.findMany(sampleTrackIds(job.id, request.count));
  if (before.length > 0 && before.length === before[0]!.provenance?.sample?.count)
    return before.map(({ id }) => id);
  await removeSamples(parts, sampleTrackIds(job.id, request.count)); // an attempt that died in the middle
  const answer = await parts.worker.run('sample', await sampleOrderOf(parts, job, request), options);
  return keepSamples(parts, job, request, answer);
}

/** All tracks of a job that makes several. */
async function othersOf(
  { tracks }: Pick<ComposerParts, 'tracks'>,
  { id, request }: JobRecord,
): Promise<Pick<ComposeEvent, 'trackIds'>> {
  if (!request.sample) return {};
  return {
    trackIds: (await tracks.findMany(sampleTrackIds(id, request.sample.count))).map((track) => track.id),
  };
}

async function attempt(run: () => Promise<JobEnd>): Promise<JobEnd> {
  try {
    return await run();
  } catch (error) {
    const domain = asDomainError(error);
    if (domain.code === 'server/broken') console.error('Composing failed.', error);
    return { status: 'failed', error: domain.message };
  }
}

function eventOf(jobId: string, end: JobEnd): ComposeEvent {
  const base = { jobId, status: end.status, stage: end.status, done: 1, total: 1 };
  if (end.status === 'done') return { ...base, trackId: end.trackId };
  if (end.status === 'failed') return { ...base, error: end.error };
  return base;
}

/** The state of a job of which nothing is in the air. */
async function stateOf(parts: ComposerParts, jobId: string): Promise<ComposeEvent | undefined> {
  const job = await parts.jobs.find(jobId);
  if (!job) return undefined;
  const { status, stage, done, total, trackId, error } = job;
  return {
    jobId,
    status,
    stage: status === 'running' || status === 'queued' ? stage : status,
    done,
    total,
    ...(trackId !== null ? { trackId, ...(await othersOf(parts, job)) } : {}),
    ...(error !== null ? { error } : {}),
  };
}
