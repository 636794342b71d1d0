import { isStyle, STYLES } from '@attune/core/style';
import type {
  AdminClassification,
  AdminJob,
  AdminModel,
  AdminSummary,
  AdminUser,
  ClassificationView,
  Page,
} from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { AdminRepository, LabelFilter } from '../repositories/admin.ts';
import type { ClassificationRecord, TrackRecord } from '../repositories/types.ts';
import { jobViewOf } from './compose.ts';
import type { Deps } from './deps.ts';
import { offsetOf } from './library.ts';
import { summaryOf } from './summarise.ts';

type Needs = Pick<Deps, 'tracks' | 'now'> & { readonly admin: AdminRepository };

/** Checked here as well as in the routers: a service is not safe by being reached from one place only. */
function assertAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw new DomainError('access/denied', 'Only an administrator can do this.');
}

export async function listClassifications(
  deps: Needs,
  actor: Actor,
  { cursor, take, ...filter }: Omit<LabelFilter, 'offset'> & { readonly cursor?: string | null | undefined },
): Promise<Page<AdminClassification>> {
  assertAdmin(actor);
  const offset = offsetOf(cursor);
  const rows = await deps.admin.listLabels({ ...filter, offset, take: take + 1 });
  const shown = rows.slice(0, take);
  const all = await deps.tracks.classificationsOf(shown.map(({ track }) => track.id));
  const items = shown.map(({ track, classification, correctedLabel }) =>
    entryOf(actor, track, classification, all, correctedLabel),
  );
  return { items, next: rows.length > take ? String(offset + take) : null };
}

/** A person's label on a track; null takes it back. */
export async function correctLabel(
  deps: Needs,
  actor: Actor,
  { trackId, label }: { trackId: string; label: string | null },
): Promise<AdminClassification> {
  assertAdmin(actor);
  if (label !== null && !isStyle(label)) throw new DomainError('label/unknown', `There is no style called ${label}.`);
  if (!(await deps.tracks.find(trackId))) throw new DomainError('track/not-found', 'There is no such track.');
  await deps.tracks.correct(trackId, label ?? undefined, actor.id, deps.now());
  const track = await deps.tracks.find(trackId);
  const all = await deps.tracks.classificationsOf([trackId]);
  if (!track) throw new DomainError('track/not-found', 'There is no such track.');
  return entryOf(actor, track, all[0], all, label);
}

function entryOf(
  actor: Actor,
  track: TrackRecord,
  classification: ClassificationRecord | undefined,
  all: readonly ClassificationRecord[],
  correctedLabel: string | null,
): AdminClassification {
  const own = all.filter(({ trackId }) => trackId === track.id);
  return {
    track: summaryOf(track, actor.id, null),
    classification: classification ? viewOf(classification) : UNCLASSIFIED,
    others: own.filter(({ model }) => model !== classification?.model).map(viewOf),
    correctedLabel,
  };
}

const UNCLASSIFIED: ClassificationView = { model: 'none', label: null, confidence: 0, probabilities: [] };

function viewOf({ model, label, confidence, probabilities }: ClassificationRecord): ClassificationView {
  return { model, label, confidence, probabilities };
}

export async function listModels(deps: Needs, actor: Actor): Promise<AdminModel[]> {
  assertAdmin(actor);
  return (await deps.admin.listModels()).map(({ since, ...model }) => ({ ...model, since: since.toISOString() }));
}

export async function listAllJobs(deps: Needs, actor: Actor, { take }: { take: number }): Promise<AdminJob[]> {
  assertAdmin(actor);
  return (await deps.admin.listJobs(take)).map((job) => ({ ...jobViewOf(job), userName: job.userName }));
}

export async function listUsers(deps: Needs, actor: Actor, { take }: { take: number }): Promise<AdminUser[]> {
  assertAdmin(actor);
  return deps.admin.listUsers(take);
}

export async function summariseAll(deps: Needs, actor: Actor): Promise<AdminSummary> {
  assertAdmin(actor);
  return { ...(await deps.admin.totals()), labels: STYLES };
}
