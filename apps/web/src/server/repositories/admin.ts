import type { StyleVector } from '@attune/core/style';
import type { AdminUser, ConfusionCell, JobStatus, TrackKind } from '../../api/types.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { toJob } from './prisma/jobs.ts';
import { toClassification, toTrack, toVector } from './prisma/tracks.ts';
import type { ClassificationRecord, JobRecord, TrackRecord } from './types.ts';

export interface LabelFilter {
  /** A label, or 'unsure'. */
  readonly label?: string | undefined;
  readonly minConfidence?: number | undefined;
  readonly maxConfidence?: number | undefined;
  /** 'person': a person says something else; 'models': another model does. */
  readonly disagreement?: 'person' | 'models' | undefined;
  /** Of 'models': this one; any if left out. */
  readonly against?: string | undefined;
  /** Only what no person labelled yet. */
  readonly unlabelled?: boolean | undefined;
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

/** A track as a point of the map. */
export interface MapRow {
  readonly trackId: string;
  readonly title: string;
  readonly kind: TrackKind;
  readonly vector: StyleVector;
  readonly label: string | null;
  readonly confidence: number;
  readonly correctedLabel: string | null;
  readonly disagrees: boolean;
}

/** Views across all people, for administrators. */
export interface AdminRepository {
  listLabels(filter: LabelFilter): Promise<LabelledTrack[]>;
  listJobs(take: number): Promise<(JobRecord & { userName: string })[]>;
  listUsers(take: number): Promise<AdminUser[]>;
  totals(): Promise<Totals>;
  /** The newest classified tracks of the catalogue and of administrators that have a place in the style space. */
  listMap(take: number): Promise<MapRow[]>;
  countMap(): Promise<number>;
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
        return [
          {
            track: toTrack(track),
            classification: toClassification(row),
            correctedLabel: correction?.label ?? null,
          },
        ];
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
    listMap: async (take) => {
      const rows = await prisma.$queryRaw<StoredMapRow[]>`
        SELECT t."id" AS "trackId", t."title", t."kind", t."styleSpace", t."styleVector", c."label", c."confidence",
          k."label" AS "correctedLabel", ${OTHERS_DISAGREE} AS "disagrees"
        FROM "track" t
        LEFT JOIN "classification" c ON c."trackId" = t."id" AND c."current"
        LEFT JOIN "correction" k ON k."trackId" = t."id"
        WHERE ${ON_MAP}
        ORDER BY t."createdAt" DESC, t."id" LIMIT ${take}`;
      return rows.flatMap(({ styleSpace, styleVector, confidence, ...row }) => {
        const vector = toVector(styleSpace, styleVector);
        return vector ? [{ ...row, vector, confidence: confidence ?? 0 }] : [];
      });
    },
    countMap: async () => {
      const rows = await prisma.$queryRaw<
        { count: bigint | number }[]
      >`SELECT count(*) AS count FROM "track" t WHERE ${ON_MAP}`;
      return Number(rows[0]?.count ?? 0);
    },
  };
}

interface StoredMapRow extends Omit<MapRow, 'vector' | 'confidence'> {
  readonly styleSpace: string | null;
  readonly styleVector: Prisma.JsonValue;
  readonly confidence: number | null;
}

/** What is on the map belongs to everybody: private music of others is looked at one by one only. */
const ON_MAP = Prisma.sql`t."styleSpace" IS NOT NULL AND (t."ownerId" IS NULL
  OR t."ownerId" IN (SELECT u."id" FROM "user" u WHERE u."role" = 'admin'))`;

/** Labels of the model of sound that stand for styles of another name. */
const SAME = Prisma.sql`(o."label" = c."label"
  OR (o."label" = 'jazz-standard' AND c."label" = 'standards') OR (c."label" = 'jazz-standard' AND o."label" = 'standards')
  OR (o."label" = 'march-ragtime' AND c."label" IN ('march', 'ragtime'))
  OR (c."label" = 'march-ragtime' AND o."label" IN ('march', 'ragtime')))`;

/** Another model is sure of something else than the one on show. */
const OTHERS_DISAGREE = disagreeing(undefined);

function disagreeing(model: string | undefined): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "classification" o
    WHERE o."trackId" = c."trackId" AND o."model" <> c."model" AND o."label" IS NOT NULL AND c."label" IS NOT NULL
      AND NOT ${SAME} ${model === undefined ? Prisma.empty : Prisma.sql`AND o."model" = ${model}`})`;
}

function conditionsOf(filter: LabelFilter): Prisma.Sql[] {
  const { label, minConfidence, maxConfidence, disagreement, against, correctedLabel } = filter;
  const differs = Prisma.sql`(k."label" IS NOT NULL AND k."label" IS DISTINCT FROM c."label")`;
  return [
    Prisma.sql`c."current"`,
    ...(label === 'unsure' ? [Prisma.sql`c."label" IS NULL`] : []),
    ...(label !== undefined && label !== 'unsure' ? [Prisma.sql`c."label" = ${label}`] : []),
    ...(minConfidence !== undefined ? [Prisma.sql`c."confidence" >= ${minConfidence}`] : []),
    ...(maxConfidence !== undefined ? [Prisma.sql`c."confidence" <= ${maxConfidence}`] : []),
    ...(disagreement === 'person' ? [differs] : []),
    ...(disagreement === 'models' ? [disagreeing(against)] : []),
    ...(filter.unlabelled ? [Prisma.sql`k."label" IS NULL`] : []),
    ...(correctedLabel !== undefined ? [Prisma.sql`k."label" = ${correctedLabel}`] : []),
  ];
}

async function countTotals(prisma: PrismaClient): Promise<Totals> {
  const [sources, users, guests, ratings, statuses, classified, unsure, corrected, cells] = await Promise.all(
    [
      prisma.track.groupBy({ by: ['source'], _count: true }),
      prisma.user.count({ where: { NOT: { isAnonymous: true } } }),
      prisma.user.count({ where: { isAnonymous: true } }),
      prisma.rating.count(),
      prisma.generationJob.groupBy({ by: ['status'], _count: true }),
      prisma.classification.count({ where: { current: true } }),
      prisma.classification.count({ where: { label: null, current: true } }),
      prisma.correction.count(),
      prisma.$queryRaw<{ corrected: string; predicted: string | null; count: bigint | number }[]>`
      SELECT k."label" AS corrected, c."label" AS predicted, count(*) AS count
      FROM "correction" k JOIN "classification" c ON c."trackId" = k."trackId" AND c."current"
      GROUP BY k."label", c."label" ORDER BY k."label", c."label"`,
    ],
  );
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
    confusion: cells.map(({ corrected: label, predicted, count }) => ({
      corrected: label,
      predicted,
      count: Number(count),
    })),
  };
}
