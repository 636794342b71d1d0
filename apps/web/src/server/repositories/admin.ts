import type { AdminUser, ConfusionCell, JobStatus } from '../../api/types.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { toJob } from './prisma/jobs.ts';
import { toClassification, toTrack } from './prisma/tracks.ts';
import type { ClassificationRecord, JobRecord, TrackRecord } from './types.ts';

export interface LabelFilter {
  /** A label, or 'unsure'. */
  readonly label?: string | undefined;
  readonly minConfidence?: number | undefined;
  readonly maxConfidence?: number | undefined;
  readonly disagreement?: boolean | undefined;
  readonly correctedLabel?: string | undefined;
  readonly sort: 'least-sure' | 'most-sure' | 'newest' | 'title';
  readonly offset: number;
  readonly take: number;
}

export interface LabelledTrack {
  readonly track: TrackRecord;
  readonly classification: ClassificationRecord;
  readonly correctedLabel: string | null;
}

export interface Totals {
  readonly tracks: number;
  readonly generated: number;
  readonly uploads: number;
  readonly users: number;
  readonly guests: number;
  readonly ratings: number;
  readonly jobs: Readonly<Record<JobStatus, number>>;
  readonly classified: number;
  readonly unsure: number;
  readonly corrected: number;
  readonly confusion: readonly ConfusionCell[];
}

export interface ModelRow {
  readonly id: string;
  readonly kind: string;
  readonly version: string;
  readonly available: boolean;
  readonly info: Readonly<Record<string, string | number | boolean | null>>;
  readonly since: Date;
}

/** Views across all people, for administrators. */
export interface AdminRepository {
  listLabels(filter: LabelFilter): Promise<LabelledTrack[]>;
  listJobs(take: number): Promise<(JobRecord & { userName: string })[]>;
  listUsers(take: number): Promise<AdminUser[]>;
  totals(): Promise<Totals>;
  listModels(): Promise<ModelRow[]>;
  /** Adds or refreshes a model; `since` stays the time it was first seen. */
  putModel(model: Omit<ModelRow, 'since'>, at: Date): Promise<void>;
}

const ORDERS = {
  'least-sure': Prisma.sql`c."confidence" ASC`,
  'most-sure': Prisma.sql`c."confidence" DESC`,
  newest: Prisma.sql`t."createdAt" DESC`,
  title: Prisma.sql`t."title" ASC`,
} as const;

export function createPrismaAdmin(prisma: PrismaClient): AdminRepository {
  return {
    listLabels: async (filter) => {
      const rows = await prisma.$queryRaw<{ id: string }[]>`
        SELECT c."id" FROM "classification" c
        JOIN "track" t ON t."id" = c."trackId"
        LEFT JOIN "correction" k ON k."trackId" = c."trackId"
        WHERE ${Prisma.join(conditionsOf(filter), ' AND ')}
        ORDER BY ${ORDERS[filter.sort]}, c."id" ASC
        LIMIT ${filter.take} OFFSET ${filter.offset}`;
      const ids = rows.map(({ id }) => id);
      const full = await prisma.classification.findMany({
        where: { id: { in: ids } },
        include: { track: { include: { correction: { select: { label: true } } } } },
      });
      const byId = new Map(full.map((row) => [row.id, row]));
      return ids.flatMap((id) => {
        const row = byId.get(id);
        if (!row) return [];
        const { correction, ...track } = row.track;
        return [{ track: toTrack(track), classification: toClassification(row), correctedLabel: correction?.label ?? null }];
      });
    },
    listJobs: async (take) => {
      const rows = await prisma.generationJob.findMany({
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take,
        include: { user: { select: { name: true } } },
      });
      return rows.map(({ user, ...job }) => ({ ...toJob(job), userName: user.name }));
    },
    listUsers: async (take) => {
      const rows = await prisma.user.findMany({
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take,
        select: {
          id: true,
          name: true,
          email: true,
          isAnonymous: true,
          role: true,
          createdAt: true,
          _count: { select: { ratings: true, tracks: true } },
        },
      });
      return rows.map(({ id, name, email, isAnonymous, role, createdAt, _count }) => ({
        id,
        name,
        email: isAnonymous ? null : email,
        isGuest: isAnonymous === true,
        role: role === 'admin' ? ('admin' as const) : ('user' as const),
        ratings: _count.ratings,
        tracks: _count.tracks,
        createdAt: createdAt.toISOString(),
      }));
    },
    totals: () => countTotals(prisma),
    listModels: async () => {
      const rows = await prisma.modelVersion.findMany({ orderBy: [{ kind: 'asc' }, { version: 'asc' }] });
      return rows.map((row) => ({ ...row, info: row.info as ModelRow['info'] }));
    },
    putModel: async ({ id, kind, version, available, info }, at) => {
      const data = { available, info: info as Prisma.InputJsonValue };
      await prisma.modelVersion.upsert({
        where: { kind_version: { kind, version } },
        create: { id, kind, version, since: at, ...data },
        update: data,
      });
    },
  };
}

function conditionsOf(filter: LabelFilter): Prisma.Sql[] {
  const { label, minConfidence, maxConfidence, disagreement, correctedLabel } = filter;
  const differs = Prisma.sql`(k."label" IS NOT NULL AND k."label" IS DISTINCT FROM c."label")`;
  return [
    Prisma.sql`TRUE`,
    ...(label === 'unsure' ? [Prisma.sql`c."label" IS NULL`] : []),
    ...(label !== undefined && label !== 'unsure' ? [Prisma.sql`c."label" = ${label}`] : []),
    ...(minConfidence !== undefined ? [Prisma.sql`c."confidence" >= ${minConfidence}`] : []),
    ...(maxConfidence !== undefined ? [Prisma.sql`c."confidence" <= ${maxConfidence}`] : []),
    ...(disagreement === true ? [differs] : []),
    ...(disagreement === false ? [Prisma.sql`NOT ${differs}`] : []),
    ...(correctedLabel !== undefined ? [Prisma.sql`k."label" = ${correctedLabel}`] : []),
  ];
}

async function countTotals(prisma: PrismaClient): Promise<Totals> {
  const [sources, users, guests, ratings, statuses, classified, unsure, corrected, cells] = await Promise.all([
    prisma.track.groupBy({ by: ['source'], _count: true }),
    prisma.user.count({ where: { NOT: { isAnonymous: true } } }),
    prisma.user.count({ where: { isAnonymous: true } }),
    prisma.rating.count(),
    prisma.generationJob.groupBy({ by: ['status'], _count: true }),
    prisma.classification.count(),
    prisma.classification.count({ where: { label: null } }),
    prisma.correction.count(),
    prisma.$queryRaw<{ corrected: string; predicted: string | null; count: bigint | number }[]>`
      SELECT k."label" AS corrected, c."label" AS predicted, count(*) AS count
      FROM "correction" k JOIN "classification" c ON c."trackId" = k."trackId"
      GROUP BY k."label", c."label" ORDER BY k."label", c."label"`,
  ]);
  const bySource = new Map(sources.map((row) => [row.source, row._count]));
  const byStatus = new Map(statuses.map((row) => [row.status, row._count]));
  const jobs = (status: JobStatus): number => byStatus.get(status) ?? 0;
  return {
    tracks: [...bySource.values()].reduce((sum, count) => sum + count, 0),
    generated: bySource.get('generated') ?? 0,
    uploads: bySource.get('upload') ?? 0,
    users,
    guests,
    ratings,
    jobs: {
      queued: jobs('queued'),
      running: jobs('running'),
      done: jobs('done'),
      failed: jobs('failed'),
      cancelled: jobs('cancelled'),
    },
    classified,
    unsure,
    corrected,
    confusion: cells.map(({ corrected: label, predicted, count }) => ({ corrected: label, predicted, count: Number(count) })),
  };
}
