import type { StyleVector } from '@attune/core/style';
import type { AdminUser, ConfusionCell, JobStatus, TrackKind } from '../../api/types.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { sameLabel, styleOf } from './prisma/labels.ts';
import { toJob } from './prisma/jobs.ts';
import { toTrack, toVector } from './prisma/tracks.ts';
import type { JobRecord, TrackRecord } from './types.ts';

/** The place of a row in a list: what it is sorted by, and its id. Stays a place when rows before it are labelled away. */
export interface ListPlace {
  readonly key: string | number;
  readonly id: string;
}

export interface LabelFilter {
  /** A label, or 'unsure': the person's label where there is one, else the model's. */
  readonly label?: string | undefined;
  /** The model's label alone, or 'unsure'. */
  readonly predictedLabel?: string | undefined;
  readonly minConfidence?: number | undefined;
  readonly maxConfidence?: number | undefined;
  /** 'person': a person says something else; 'models': the model of the other kind that is in use does. */
  readonly disagreement?: 'person' | 'models' | undefined;
  /** Only what no person labelled yet. */
  readonly unlabelled?: boolean | undefined;
  readonly correctedLabel?: string | undefined;
  readonly sort: 'least-sure' | 'most-sure' | 'newest' | 'title';
  /** Goes on behind this row. */
  readonly after?: ListPlace | undefined;
  readonly take: number;
}

export interface LabelledTrack {
  readonly track: TrackRecord;
  readonly correctedLabel: string | null;
  readonly place: ListPlace;
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

/** Columns to sort by, with how a key of a place is compared. */
const ORDERS = {
  'least-sure': { column: Prisma.sql`c."confidence"`, descends: false },
  'most-sure': { column: Prisma.sql`c."confidence"`, descends: true },
  newest: { column: Prisma.sql`t."createdAt"`, descends: true },
  title: { column: Prisma.sql`t."title"`, descends: false },
} as const;

export function createPrismaAdmin(prisma: PrismaClient): AdminRepository {
  return {
    listLabels: async (filter) => {
      const rows = await prisma.$queryRaw<{ id: string }[]>`
        SELECT c."id" FROM "classification" c
        JOIN "track" t ON t."id" = c."trackId"
        LEFT JOIN "correction" k ON k."trackId" = c."trackId"
        WHERE ${Prisma.join(conditionsOf(filter), ' AND ')}
        ORDER BY ${ORDERS[filter.sort].column} ${ORDERS[filter.sort].descends ? Prisma.sql`DESC` : Prisma.sql`ASC`}, c."id" ASC
        LIMIT ${filter.take}`;
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
            correctedLabel: correction?.label ?? null,
            place: { key: keyOf(filter.sort, row), id },
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

const SAID = Prisma.sql`c."label"`;
const CORRECTED = Prisma.sql`k."label"`;

/** A model in use is sure of something else than the one on show. Versions that were replaced have no say. */
const OTHERS_DISAGREE = Prisma.sql`EXISTS (SELECT 1 FROM "classification" o
    JOIN "model_version" m ON m."version" = o."model" AND m."active"
    WHERE o."trackId" = c."trackId" AND o."model" <> c."model" AND o."label" IS NOT NULL AND c."label" IS NOT NULL
      AND NOT ${sameLabel(Prisma.sql`o."label"`, SAID)})`;

const PERSON_DIFFERS = Prisma.sql`(k."label" IS NOT NULL AND (c."label" IS NULL OR NOT ${sameLabel(CORRECTED, SAID)}))`;

/** Rows that are called `label` by a column; NULL is 'unsure'. */
function isCalled(column: Prisma.Sql, label: string): Prisma.Sql {
  return label === 'unsure' ? Prisma.sql`${column} IS NULL` : sameLabel(column, Prisma.sql`${label}`);
}

function keyOf(
  sort: LabelFilter['sort'],
  { confidence, track }: { confidence: number; track: { createdAt: Date; title: string } },
): ListPlace['key'] {
  if (sort === 'newest') return track.createdAt.toISOString();
  return sort === 'title' ? track.title : confidence;
}

function behind(sort: LabelFilter['sort'], { key, id }: ListPlace): Prisma.Sql {
  const { column, descends } = ORDERS[sort];
  const value =
    sort === 'newest'
      ? Prisma.sql`${key}::timestamp`
      : sort === 'title'
        ? Prisma.sql`${key}::text`
        : Prisma.sql`${key}::double precision`;
  const further = descends ? Prisma.sql`${column} < ${value}` : Prisma.sql`${column} > ${value}`;
  return Prisma.sql`(${further} OR (${column} = ${value} AND c."id" > ${id}))`;
}

function conditionsOf(filter: LabelFilter): Prisma.Sql[] {
  const { label, predictedLabel, minConfidence, maxConfidence, disagreement, correctedLabel, after } = filter;
  return [
    Prisma.sql`c."current"`,
    ...(after ? [behind(filter.sort, after)] : []),
    ...(label !== undefined ? [isCalled(Prisma.sql`COALESCE(k."label", c."label")`, label)] : []),
    ...(predictedLabel !== undefined ? [isCalled(SAID, predictedLabel)] : []),
    ...(minConfidence !== undefined ? [Prisma.sql`c."confidence" >= ${minConfidence}`] : []),
    ...(maxConfidence !== undefined ? [Prisma.sql`c."confidence" <= ${maxConfidence}`] : []),
    ...(disagreement === 'person' ? [PERSON_DIFFERS] : []),
    ...(disagreement === 'models' ? [OTHERS_DISAGREE] : []),
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
      SELECT k."label" AS corrected, ${styleOf(SAID)} AS predicted, count(*) AS count
      FROM "correction" k JOIN "classification" c ON c."trackId" = k."trackId" AND c."current"
      GROUP BY 1, 2 ORDER BY 1, 2`,
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
