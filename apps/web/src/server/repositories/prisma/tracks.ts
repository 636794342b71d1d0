import type { StyleVector } from '@attune/core/style';
import type { LabelProbability, Provenance, ThumbnailNote } from '../../../api/types.ts';
import { styleOfLabel } from '../../../lib/same-label.ts';
import type { PrismaClient } from '../../../generated/prisma/client.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import type {
  AssetKind,
  AssetRecord,
  ClassificationRecord,
  TasteTrack,
  TrackFilter,
  TrackRecord,
  TrackRepository,
  TrackSort,
} from '../types.ts';

type Row = Prisma.TrackGetPayload<object>;

export function createPrismaTracks(prisma: PrismaClient): TrackRepository {
  return {
    find: async (id) => {
      const row = await prisma.track.findUnique({ where: { id } });
      return row ? toTrack(row) : undefined;
    },
    findMany: async (ids) => {
      const rows = await prisma.track.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, toTrack(row)]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    insert: async ({ track, assets, classifications }) => {
      await prisma.$transaction([
        prisma.track.create({ data: fromTrack(track) }),
        prisma.asset.createMany({ data: assets.map((asset) => ({ ...asset })) }),
        prisma.classification.createMany({ data: classifications.map(fromClassification) }),
      ]);
    },
    remove: async (id) => {
      await prisma.track.deleteMany({ where: { id } });
    },
    list: async (filter) => {
      const rows = await prisma.track.findMany({
        where: whereOf(filter),
        orderBy: orderOf(filter.sort),
        skip: filter.offset,
        take: filter.take,
      });
      return rows.map(toTrack);
    },
    listForTaste: async (viewerId, scope = 'all') => {
      const rows = await prisma.track.findMany({
        where: {
          OR: [
            ...(scope === 'own' ? [] : [{ ownerId: null }]),
            ...(scope === 'shared' ? [] : [{ ownerId: viewerId }]),
          ],
          styleSpace: { not: null },
        },
        select: {
          id: true,
          ownerId: true,
          title: true,
          source: true,
          kind: true,
          style: true,
          seconds: true,
          tempo: true,
          meter: true,
          tonic: true,
          mode: true,
          instruments: true,
          styleSpace: true,
          styleVector: true,
          provenance: true,
        },
        orderBy: { id: 'asc' },
      });
      return rows.map(({ styleSpace, styleVector, provenance, mode, ...row }): TasteTrack => ({
        ...row,
        mode: mode as TasteTrack['mode'],
        vector: toVector(styleSpace, styleVector),
        provenance: provenance as Provenance | null,
      }));
    },
    catalogueKeys: async () => {
      const rows = await prisma.track.findMany({
        where: { catalogueKey: { not: null } },
        select: { catalogueKey: true },
      });
      return new Set(rows.flatMap((row) => row.catalogueKey ?? []));
    },
    usageOf: async (ownerId) => {
      const uploads = { ownerId, source: 'upload' as const };
      const count = await prisma.track.count({ where: uploads });
      const sum = await prisma.asset.aggregate({ where: { track: uploads }, _sum: { bytes: true } });
      return { uploads: count, bytes: sum._sum.bytes ?? 0 };
    },
    findAsset: async (trackId, kind) => {
      const row = await prisma.asset.findUnique({ where: { trackId_kind: { trackId, kind } } });
      return row ? toAsset(row) : undefined;
    },
    putAsset: async (asset) => {
      const { id, trackId, kind, ...rest } = asset;
      await prisma.asset.upsert({
        where: { trackId_kind: { trackId, kind } },
        create: { id, trackId, kind, ...rest },
        update: rest,
      });
    },
    assetsOf: async (trackIds) => {
      const rows = await prisma.asset.findMany({
        where: { trackId: { in: [...trackIds] } },
        orderBy: { path: 'asc' },
      });
      return rows.map(toAsset);
    },
    trackIdsOf: async (ownerId) => {
      const rows = await prisma.track.findMany({
        where: { ownerId },
        select: { id: true },
        orderBy: { createdAt: 'asc' },
      });
      return rows.map(({ id }) => id);
    },
    assetPaths: async () => {
      const rows = await prisma.asset.findMany({ select: { path: true } });
      return new Set(rows.map((row) => row.path));
    },
    classificationsOf: async (trackIds) => {
      const rows = await prisma.classification.findMany({
        where: { trackId: { in: [...trackIds] } },
        orderBy: [{ trackId: 'asc' }, { model: 'asc' }],
      });
      return rows.map(toClassification);
    },
    correctionOf: async (trackId) => {
      const row = await prisma.correction.findUnique({ where: { trackId } });
      return row?.label;
    },
    correct: (trackId, label, userId, at) =>
      prisma.$transaction(async (tx) => {
        if (label !== undefined) {
          const data = { label, userId, correctedAt: at };
          await tx.correction.upsert({ where: { trackId }, create: { trackId, ...data }, update: data });
          await tx.track.update({ where: { id: trackId }, data: { style: label } });
          return;
        }
        await tx.correction.deleteMany({ where: { trackId } });
        const first = await tx.classification.findFirst({
          where: { trackId, current: true },
          orderBy: { confidence: 'desc' },
        });
        const track = await tx.track.findUnique({ where: { id: trackId }, select: { provenance: true } });
        const composedAs = (track?.provenance as Provenance | null)?.conditioning.style;
        await tx.track.update({
          where: { id: trackId },
          data: { style: composedAs ?? styleOfLabel(first?.label ?? null) },
        });
      }),
  };
}

function whereOf({ viewerId, query, style, source }: TrackFilter): Prisma.TrackWhereInput {
  const scope: Record<NonNullable<TrackFilter['source']> | 'all', Prisma.TrackWhereInput> = {
    all: { OR: [{ ownerId: null }, { ownerId: viewerId }] },
    catalogue: { ownerId: null },
    mine: { ownerId: viewerId },
    uploads: { ownerId: viewerId, source: 'upload' },
    generated: { ownerId: viewerId, source: 'generated' },
  };
  return {
    AND: [
      scope[source ?? 'all'],
      ...(query ? [{ title: { contains: escapeLike(query), mode: 'insensitive' as const } }] : []),
      ...(style ? [{ style }] : []),
    ],
  };
}

/** `contains` becomes LIKE, whose wildcards a listener does not mean. */
function escapeLike(query: string): string {
  return query.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}

function orderOf(sort: TrackSort): Prisma.TrackOrderByWithRelationInput[] {
  const tail = { id: 'asc' } as const;
  switch (sort) {
    case 'newest':
      return [{ createdAt: 'desc' }, tail];
    case 'title':
      return [{ title: 'asc' }, tail];
    case 'seconds':
      return [{ seconds: 'asc' }, tail];
    case 'tempo':
      return [{ tempo: { sort: 'asc', nulls: 'last' } }, tail];
  }
}

export function toTrack(row: Row): TrackRecord {
  const { styleSpace, styleVector, thumbnail, provenance, mode, ...rest } = row;
  return {
    ...rest,
    mode: mode as TrackRecord['mode'],
    vector: toVector(styleSpace, styleVector),
    thumbnail: thumbnail as unknown as ThumbnailNote[],
    provenance: provenance as Provenance | null,
  };
}

function fromTrack(track: TrackRecord): Prisma.TrackUncheckedCreateInput {
  const { vector, thumbnail, provenance, instruments, ...rest } = track;
  return {
    ...rest,
    instruments: [...instruments],
    thumbnail,
    // JSON has no NaN: a value that the source could not tell is null.
    ...(vector
      ? {
          styleSpace: vector.space,
          styleVector: vector.values.map((value) => (Number.isNaN(value) ? null : value)),
        }
      : {}),
    ...(provenance ? { provenance: provenance as unknown as Prisma.InputJsonValue } : {}),
  };
}

export function toVector(space: string | null, values: Prisma.JsonValue): StyleVector | null {
  if (space === null || !Array.isArray(values)) return null;
  return { space, values: values.map((value) => (typeof value === 'number' ? value : NaN)) };
}

function toAsset(row: Prisma.AssetGetPayload<object>): AssetRecord {
  const { id, trackId, kind, path, mime, sha256, bytes } = row;
  return { id, trackId, kind: kind as AssetKind, path, mime, sha256, bytes };
}

export function toClassification(row: Prisma.ClassificationGetPayload<object>): ClassificationRecord {
  const { trackId, model, label, unsure, confidence, probabilities, current } = row;
  return {
    trackId,
    model,
    label,
    ...(unsure !== null && { unsure: unsure as NonNullable<ClassificationRecord['unsure']> }),
    confidence,
    probabilities: probabilities as unknown as LabelProbability[],
    current,
  };
}

export function fromClassification(record: ClassificationRecord): Prisma.ClassificationCreateManyInput {
  const { trackId, model, label, unsure = null, confidence, probabilities, current } = record;
  return {
    id: `${trackId}/${model}`,
    trackId,
    model,
    label,
    unsure,
    confidence,
    probabilities: probabilities as unknown as Prisma.InputJsonValue,
    current,
  };
}
