import { createHash } from 'node:crypto';
import { STYLE_SPACE, STYLES } from '@attune/core/style';
import type {
  CatalogueMap,
  ClassifierKind,
  LabellingState,
  ModelVersionView,
  TrainingView,
} from '../../api/labelling.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { ClassifiersInUse } from '../jobs/classifiers-in-use.ts';
import type { Trainer } from '../jobs/trainer.ts';
import { SHIPPED_VERSION } from '../jobs/trainer.ts';
import type { AdminRepository } from '../repositories/admin.ts';
import type { ModelRow } from '../repositories/model-versions.ts';
import { MODALITY_OF } from '../repositories/model-versions.ts';
import type { Repositories } from '../repositories/types.ts';
import type { TrainingRecord } from '../repositories/trainings.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { WorkerClient } from '../workers/worker-client.ts';
import { assertAdmin } from './access.ts';

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

const LISTED = 12;
/** Fewer corrections than this say nothing that could be held out. */
const FEWEST = 2;
const MOST_POINTS = 2_000;
const MOST_LABELS = 12;

export async function labellingState(
  { trainings }: Pick<Needs, 'trainings'>,
  actor: Actor,
): Promise<LabellingState> {
  assertAdmin(actor);
  const [customLabels, score, audio, left, jobs] = await Promise.all([
    trainings.labels(),
    trainings.corrected('score'),
    trainings.corrected('audio'),
    trainings.countLeft(),
    trainings.list(LISTED),
  ]);
  return {
    labels: [...STYLES, ...customLabels],
    customLabels,
    usable: { 'style-symbolic': score.length, 'style-audio': audio.length },
    left,
    trainings: jobs.map(viewOfTraining),
  };
}

/** A label of one's own: small letters, digits and hyphens, so that it can be a name anywhere. */
export async function addLabel(
  deps: Pick<Needs, 'trainings' | 'now'>,
  actor: Actor,
  { name }: { name: string },
): Promise<{ label: string }> {
  assertAdmin(actor);
  const label = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  if (!/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(label)) {
    throw new DomainError(
      'input/invalid',
      'A label has 3 to 40 letters a to z, digits and hyphens, and begins with a letter.',
    );
  }
  const known = await deps.trainings.labels();
  if ([...STYLES, ...known, 'unsure'].includes(label))
    throw new DomainError('label/exists', `There is a label ${label} already.`);
  if (known.length >= MOST_LABELS)
    throw new DomainError('label/limit', `At most ${MOST_LABELS} labels can be added.`);
  if (!(await deps.trainings.addLabel(label, deps.now())))
    throw new DomainError('label/exists', `There is a label ${label} already.`);
  return { label };
}

export async function startTraining(
  deps: Needs & Pick<LabellingDeps, 'trainer'>,
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
  const job: TrainingRecord = {
    id: deps.newId(),
    userId: actor.id,
    task,
    kind,
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
  return viewOfTraining(job);
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

export async function listVersions(
  { modelVersions }: Pick<Needs, 'modelVersions'>,
  actor: Actor,
): Promise<ModelVersionView[]> {
  assertAdmin(actor);
  return (await modelVersions.list()).map(viewOfVersion);
}

type AdoptNeeds = Pick<Needs, 'modelVersions'> &
  Pick<LabellingDeps, 'modelFiles' | 'classifiersInUse' | 'finder'>;

/** Puts a version in use, after it was read: a damaged one is refused and nothing changes. */
export async function adoptVersion(
  deps: AdoptNeeds,
  actor: Actor,
  { id }: { id: string },
): Promise<ModelVersionView> {
  assertAdmin(actor);
  return adopt(deps, await findVersion(deps, id), false);
}

/** Back to the version that the one in use replaced. */
export async function rollBack(
  deps: AdoptNeeds,
  actor: Actor,
  { kind }: { kind: ClassifierKind },
): Promise<ModelVersionView> {
  assertAdmin(actor);
  const active = await deps.modelVersions.active(kind);
  if (active?.replacedId == null)
    throw new DomainError('model/unknown', 'There is no earlier version to go back to.');
  return adopt(deps, await findVersion(deps, active.replacedId), true);
}

async function findVersion(
  { modelVersions }: Pick<Needs, 'modelVersions'>,
  id: string,
): Promise<ModelRow & { readonly kind: ClassifierKind }> {
  const row = await modelVersions.find(id);
  if (!row || !isClassifier(row.kind))
    throw new DomainError('model/unknown', 'There is no such version of a classifier.');
  return { ...row, kind: row.kind };
}

async function adopt(
  deps: AdoptNeeds,
  row: ModelRow & { readonly kind: ClassifierKind },
  back: boolean,
): Promise<ModelVersionView> {
  if (row.folder !== null) {
    const { sha256 } = row.info;
    await deps.finder.run('checkClassifier', {
      folder: deps.modelFiles.resolve(row.folder),
      kind: MODALITY_OF[row.kind],
      sha256: typeof sha256 === 'string' ? sha256 : null,
    });
  } else if (!row.available) {
    throw new DomainError('model/missing', `The version ${row.version} is not installed.`);
  }
  await deps.modelVersions.adopt(row.id, row.kind, { back });
  await deps.classifiersInUse.refresh();
  return viewOfVersion(await findVersion(deps, row.id));
}

/** Checkpoints that were trained here, looked at when the server starts: a damaged one is marked, and what ships stands in. */
export async function checkVersions({
  modelVersions,
  modelFiles,
  classifiersInUse,
  finder,
  now,
}: AdoptNeeds & Pick<Needs, 'now'>): Promise<void> {
  for (const [kind, version] of Object.entries(SHIPPED_VERSION) as [ClassifierKind, string][]) {
    const id = `${kind}/${version}`;
    await modelVersions.ensureActive(id);
    // A newer Attune ships another version: it takes the place of the one that shipped before, not of a trained one.
    const active = await modelVersions.active(kind);
    if (active?.folder === null && active.id !== id) await modelVersions.adopt(id, kind);
  }
  for (const row of await modelVersions.list()) {
    if (row.folder === null || !isClassifier(row.kind)) continue;
    const { sha256 } = row.info;
    const input = {
      folder: modelFiles.resolve(row.folder),
      kind: MODALITY_OF[row.kind],
      sha256: typeof sha256 === 'string' ? sha256 : null,
    };
    const fault = await finder.run('checkClassifier', input).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const { reason: _, ...info } = row.info;
    if (fault === null && row.available) continue;
    if (fault !== null) console.warn(`The trained model ${row.version} cannot be used: ${fault}`);
    await modelVersions.put(
      { ...row, available: fault === null, info: fault === null ? info : { ...info, reason: fault } },
      now(),
    );
  }
  await classifiersInUse.refresh();
}

function isClassifier(kind: string): kind is ClassifierKind {
  return Object.hasOwn(SHIPPED_VERSION, kind);
}

const places = new WeakMap<
  object,
  {
    readonly key: string;
    readonly answer: Promise<
      Pick<CatalogueMap, 'method'> & { places: readonly (readonly [number, number])[] }
    >;
  }
>();

/** The newest tracks by likeness in the plane. Places are computed when the tracks change, labels are always fresh. */
export async function catalogueMap(
  deps: Pick<LabellingDeps, 'finder'> & { readonly admin: AdminRepository },
  actor: Actor,
): Promise<CatalogueMap> {
  assertAdmin(actor);
  const [rows, total] = await Promise.all([deps.admin.listMap(MOST_POINTS), deps.admin.countMap()]);
  const known = rows.filter(({ vector }) => vector.space === STYLE_SPACE.version);
  const key = createHash('sha256')
    .update(known.map(({ trackId }) => trackId).join(' '))
    .digest('hex');
  let found = places.get(deps.finder);
  if (found?.key !== key) {
    const answer = deps.finder.run('mapRows', {
      rows: known.map(({ vector }) => Float64Array.from(vector.values)),
    });
    found = { key, answer };
    places.set(deps.finder, found);
    answer.catch(() => places.delete(deps.finder));
  }
  const { places: at, method } = await found.answer;
  return {
    points: known.map(({ vector: _, ...row }, i) => ({ ...row, x: at[i]![0], y: at[i]![1] })),
    method,
    left: total - known.length,
  };
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

function viewOfVersion({ folder, since, ...row }: ModelRow): ModelVersionView {
  return { ...row, trained: folder !== null, since: since.toISOString() };
}
