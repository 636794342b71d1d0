import { STYLES } from '@attune/core/style';
import type { ClassifierKind, LabellingState, TrainingView } from '../../api/labelling.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { ClassifiersInUse } from '../jobs/classifiers-in-use.ts';
import type { Trainer } from '../jobs/trainer.ts';
import { MODALITY_OF } from '../repositories/model-versions.ts';
import type { Repositories } from '../repositories/types.ts';
import type { TrainingRecord } from '../repositories/trainings.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { WorkerClient } from '../workers/worker-client.ts';
import { assertAdmin } from './access.ts';
import { LABEL_PARENTS } from './added-labels.ts';

/** What labelling touches beside the repositories. */
export interface LabellingDeps {
  /** Checkpoints that were trained here. */
  readonly modelFiles: FileStore;
  readonly trainer: Trainer;
  readonly classifiersInUse: ClassifiersInUse;
  /** Looks for things: it may take its time, and nobody's upload or piece waits behind it. */
  readonly finder: WorkerClient;
}

type Needs = Pick<Repositories, 'trainings' | 'modelVersions'> & {
  readonly now: () => Date;
  readonly newId: () => string;
};

type QueueNeeds = Pick<Needs, 'trainings' | 'now' | 'newId'> & Pick<LabellingDeps, 'trainer'>;

const LISTED = 12;
/** Fewer corrections than this say nothing that could be held out. */
const FEWEST = 2;

export async function labellingState(
  { trainings, modelVersions }: Pick<Needs, 'trainings' | 'modelVersions'>,
  actor: Actor,
): Promise<LabellingState> {
  assertAdmin(actor);
  const [added, score, audio, left, jobs, listening] = await Promise.all([
    trainings.labels(),
    trainings.corrected('score'),
    trainings.corrected('audio'),
    trainings.countLeft(),
    trainings.list(LISTED),
    listeningOf({ trainings, modelVersions }),
  ]);
  return {
    labels: [...STYLES, ...added.map(({ name }) => name)],
    customLabels: added.map(({ name, parent }) => ({ name, parent })),
    parents: LABEL_PARENTS,
    usable: { 'style-symbolic': score.length, 'style-audio': audio.length },
    left,
    listening,
    trainings: jobs.map(viewOfTraining),
  };
}

export async function startTraining(
  deps: QueueNeeds,
  actor: Actor,
  { task, kind }: { task: TrainingView['task']; kind: ClassifierKind },
): Promise<TrainingView> {
  assertAdmin(actor);
  if ((await deps.trainings.countOpen(kind)) > 0)
    throw new DomainError('job/limit', 'This model is being worked on already; wait, or cancel that.');
  const usable = task === 'retrain' ? (await deps.trainings.corrected(MODALITY_OF[kind])).length : FEWEST;
  if (usable < FEWEST) {
    throw new DomainError(
      'input/invalid',
      `Label at least ${FEWEST} tracks of the catalogue first: there is nothing yet to learn from.`,
    );
  }
  return viewOfTraining(await queue(deps, { userId: actor.id, task, kind }));
}

async function queue(
  deps: QueueNeeds,
  parts: Pick<TrainingRecord, 'userId' | 'task' | 'kind'>,
): Promise<TrainingRecord> {
  const job: TrainingRecord = {
    id: deps.newId(),
    ...parts,
    status: 'queued',
    stage: 'waiting',
    done: 0,
    total: 0,
    error: null,
    modelId: null,
    createdAt: deps.now(),
    startedAt: null,
    finishedAt: null,
  };
  await deps.trainings.insert(job);
  deps.trainer.wake();
  return job;
}

/**
 * Once somebody let the model of sound hear the catalogue, it goes on by itself: pieces that the version in use did not hear,
 * because they or the version are new, are queued. False where there is nothing to do, or nobody asked for it yet.
 */
export async function hearNewPieces(deps: QueueNeeds & Pick<Needs, 'modelVersions'>): Promise<boolean> {
  const { trainings } = deps;
  if (!(await trainings.wasDone('listen')) || (await trainings.countOpen('style-audio')) > 0) return false;
  if ((await listeningOf(deps)).left === 0) return false;
  await queue(deps, { userId: null, task: 'listen', kind: 'style-audio' });
  return true;
}

async function listeningOf({
  trainings,
  modelVersions,
}: Pick<Needs, 'trainings' | 'modelVersions'>): Promise<LabellingState['listening']> {
  const active = await modelVersions.active('style-audio');
  const all = await trainings.trackIds('score', { shared: true });
  const left = active ? (await trainings.unheard(active.version)).length : all.length;
  return { heard: all.length - left, left };
}

export async function cancelTraining(
  deps: Pick<Needs, 'trainings'> & Pick<LabellingDeps, 'trainer'>,
  actor: Actor,
  { id }: { id: string },
): Promise<TrainingView> {
  assertAdmin(actor);
  const job = await deps.trainings.find(id);
  if (!job) throw new DomainError('job/not-found', 'There is no such training.');
  if (job.status !== 'queued' && job.status !== 'running')
    throw new DomainError('job/finished', 'This training has ended already.');
  await deps.trainer.cancel(id);
  return viewOfTraining((await deps.trainings.find(id)) ?? job);
}

function viewOfTraining({
  userId: _,
  startedAt: __,
  createdAt,
  finishedAt,
  ...job
}: TrainingRecord): TrainingView {
  return { ...job, createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null };
}
