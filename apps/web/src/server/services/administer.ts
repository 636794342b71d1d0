import { isStyle, STYLES } from '@attune/core/style';
import type {
  AdminClassification,
  AdminJob,
  AdminSummary,
  AdminUser,
  Page,
  ShownClassification,
} from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { AdminRepository, LabelFilter, ListPlace } from '../repositories/admin.ts';
import type { TrackRecord } from '../repositories/types.ts';
import { assertAdmin } from './access.ts';
import { jobViewOf } from './compose.ts';
import type { Deps } from './deps.ts';
import type { SaidOfTrack } from './said-in-use.ts';
import { saidInUse, shownOf } from './said-in-use.ts';
import { summaryOf } from './summarise.ts';

type Needs = Pick<Deps, 'tracks' | 'now' | 'trainings' | 'modelVersions'> & {
  readonly admin: AdminRepository;
};

export async function listClassifications(
  deps: Needs,
  actor: Actor,
  { cursor, take, ...filter }: Omit<LabelFilter, 'after'> & { readonly cursor?: string | null | undefined },
): Promise<Page<AdminClassification>> {
  assertAdmin(actor);
  const after = placeOf(filter.sort, cursor);
  const rows = await deps.admin.listLabels({ ...filter, after, take: take + 1 });
  const shown = rows.slice(0, take);
  const all = await saidInUse(
    deps,
    shown.map(({ track }) => track.id),
  );
  const items = shown.map(({ track, correctedLabel }) => entryOf(actor, track, all, correctedLabel));
  const last = rows.length > take ? shown.at(-1) : undefined;
  return { items, next: last ? JSON.stringify([last.place.key, last.place.id]) : null };
}

/** Where a page begins, from the cursor that the page before gave. */
function placeOf(sort: LabelFilter['sort'], cursor: string | null | undefined): ListPlace | undefined {
  if (cursor == null) return undefined;
  const isKey = (key: unknown): key is ListPlace['key'] =>
    sort === 'title' ? typeof key === 'string' : sort === 'newest' ? isDate(key) : Number.isFinite(key);
  try {
    const [key, id] = JSON.parse(cursor) as readonly unknown[];
    if (isKey(key) && typeof id === 'string') return { key, id };
  } catch {
    // told below
  }
  throw new DomainError('input/invalid', 'The page asked for does not exist.');
}

function isDate(key: unknown): key is string {
  return (
    typeof key === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(key) && !Number.isNaN(Date.parse(key))
  );
}

/** A person's label on a track; null takes it back. */
export async function correctLabel(
  deps: Needs,
  actor: Actor,
  { trackId, label }: { trackId: string; label: string | null },
): Promise<AdminClassification> {
  assertAdmin(actor);
  if (
    label !== null &&
    !isStyle(label) &&
    !(await deps.trainings.labels()).some(({ name }) => name === label)
  )
    throw new DomainError('label/unknown', `There is no label called ${label}.`);
  if (!(await deps.tracks.find(trackId))) throw new DomainError('track/not-found', 'There is no such track.');
  await deps.tracks.correct(trackId, label ?? undefined, actor.id, deps.now());
  const track = await deps.tracks.find(trackId);
  const all = await saidInUse(deps, [trackId]);
  if (!track) throw new DomainError('track/not-found', 'There is no such track.');
  return entryOf(actor, track, all, label);
}

/** What is said of one track. */
export async function getClassification(
  deps: Needs,
  actor: Actor,
  { trackId }: { trackId: string },
): Promise<AdminClassification> {
  assertAdmin(actor);
  const track = await deps.tracks.find(trackId);
  if (!track) throw new DomainError('track/not-found', 'There is no such track.');
  const [all, label] = await Promise.all([saidInUse(deps, [trackId]), deps.tracks.correctionOf(trackId)]);
  return entryOf(actor, track, all, label ?? null);
}

function entryOf(
  actor: Actor,
  track: TrackRecord,
  all: readonly SaidOfTrack[],
  correctedLabel: string | null,
): AdminClassification {
  const own = all.filter(({ trackId }) => trackId === track.id);
  const current = own.find((said) => said.current);
  return {
    track: summaryOf(track, actor.id, null),
    classification: current ? shownOf(current) : UNCLASSIFIED,
    others: own.filter((said) => said !== current).map(shownOf),
    correctedLabel,
  };
}

const UNCLASSIFIED: ShownClassification = {
  model: 'none',
  label: null,
  confidence: 0,
  probabilities: [],
  broad: null,
};

export async function listAllJobs(
  deps: Needs,
  actor: Actor,
  { take }: { take: number },
): Promise<AdminJob[]> {
  assertAdmin(actor);
  return (await deps.admin.listJobs(take)).map((job) => ({ ...jobViewOf(job), userName: job.userName }));
}

export async function listUsers(deps: Needs, actor: Actor, { take }: { take: number }): Promise<AdminUser[]> {
  assertAdmin(actor);
  return deps.admin.listUsers(take);
}

export async function summariseAll(deps: Needs, actor: Actor): Promise<AdminSummary> {
  assertAdmin(actor);
  const [totals, added] = await Promise.all([deps.admin.totals(), deps.trainings.labels()]);
  return { ...totals, labels: [...STYLES, ...added.map(({ name }) => name)] };
}
