import type { TrainingReport } from '../../../api/labelling.ts';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { PrismaClient } from '../../../generated/prisma/client.ts';
import type { ModelRow, ModelVersionRepository } from '../model-versions.ts';
import { MODALITY_OF } from '../model-versions.ts';
import { styleOf } from './labels.ts';
import { fromClassification } from './tracks.ts';

export function createPrismaModelVersions(prisma: PrismaClient): ModelVersionRepository {
  return {
    list: async () =>
      (
        await prisma.modelVersion.findMany({
          orderBy: [{ kind: 'asc' }, { since: 'asc' }, { version: 'asc' }],
        })
      ).map(toModel),
    find: async (id) => {
      const row = await prisma.modelVersion.findUnique({ where: { id } });
      return row ? toModel(row) : undefined;
    },
    active: async (kind) => {
      const row = await prisma.modelVersion.findFirst({ where: { kind, active: true } });
      return row ? toModel(row) : undefined;
    },
    put: async ({ id, kind, version, available, info, folder, report }, at) => {
      const data = {
        available,
        info: info as Prisma.InputJsonValue,
        ...(folder !== undefined ? { folder } : {}),
        ...(report !== undefined
          ? { report: report === null ? Prisma.JsonNull : (report as unknown as Prisma.InputJsonValue) }
          : {}),
      };
      await prisma.modelVersion.upsert({
        where: { kind_version: { kind, version } },
        create: { id, kind, version, since: at, ...data },
        update: data,
      });
    },
    ensureActive: (id) =>
      prisma.$transaction(async (tx) => {
        const row = await tx.modelVersion.findUnique({ where: { id } });
        if (!row || (await tx.modelVersion.count({ where: { kind: row.kind, active: true } })) > 0) return;
        await tx.modelVersion.update({ where: { id }, data: { active: true } });
      }),
    adopt: (id, kind, { back = false } = {}) =>
      prisma.$transaction(async (tx) => {
        const row = await tx.modelVersion.findUnique({ where: { id } });
        if (row?.kind !== kind) return false;
        const before = await tx.modelVersion.findFirst({ where: { kind, active: true } });
        await tx.modelVersion.updateMany({ where: { kind }, data: { active: false } });
        const replacedId = back || before?.id === id ? row.replacedId : (before?.id ?? null);
        await tx.modelVersion.update({ where: { id }, data: { active: true, replacedId } });
        await showClassificationsOf(tx, row.version, MODALITY_OF[kind]);
        return true;
      }),
    remove: async (id) => {
      await prisma.modelVersion.deleteMany({ where: { id } });
    },
    putClassifications: async (records) => {
      if (records.length === 0) return;
      await prisma.$transaction([
        prisma.classification.deleteMany({
          where: { OR: records.map(({ trackId, model }) => ({ trackId, model })) },
        }),
        prisma.classification.createMany({ data: records.map(fromClassification) }),
      ]);
    },
    removeClassifications: async (model) => {
      await prisma.classification.deleteMany({ where: { model, current: false } });
    },
  };
}

/** Tracks that the version did not hear keep what is on show. */
async function showClassificationsOf(
  tx: Prisma.TransactionClient,
  version: string,
  modality: 'score' | 'audio',
): Promise<void> {
  const heard = Prisma.sql`SELECT c."trackId" FROM "classification" c JOIN "track" t ON t."id" = c."trackId"
    WHERE c."model" = ${version} AND t."kind" = ${modality}::"TrackKind"`;
  await tx.$executeRaw`UPDATE "classification" SET "current" = ("model" = ${version}) WHERE "trackId" IN (${heard})`;
  await tx.$executeRaw`
    UPDATE "track" t SET "style" = ${styleOf(Prisma.sql`c."label"`)}
    FROM "classification" c
    WHERE c."trackId" = t."id" AND c."model" = ${version} AND t."kind" = ${modality}::"TrackKind"
      AND t."provenance" #>> '{conditioning,style}' IS NULL
      AND NOT EXISTS (SELECT 1 FROM "correction" k WHERE k."trackId" = t."id")`;
}

function toModel({ info, report, ...row }: Prisma.ModelVersionGetPayload<object>): ModelRow {
  return { ...row, info: info as ModelRow['info'], report: report as unknown as TrainingReport | null };
}
