import type { PrismaClient } from '../../../generated/prisma/client.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import type { ComposeRequestRecord, JobRecord, JobRepository } from '../types.ts';

const OPEN = { status: { in: ['queued' as const, 'running' as const] } };

export function createPrismaJobs(prisma: PrismaClient): JobRepository {
  return {
    insert: async ({ request, seed, ...job }) => {
      await prisma.generationJob.create({
        data: { ...job, seed: BigInt(seed), request: request as unknown as Prisma.InputJsonValue },
      });
    },
    find: async (id) => {
      const row = await prisma.generationJob.findUnique({ where: { id } });
      return row ? toJob(row) : undefined;
    },
    list: async (userId, take) => {
      const rows = await prisma.generationJob.findMany({
        where: userId === undefined ? {} : { userId },
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take,
      });
      return rows.map(toJob);
    },
    countOpen: (userId) => prisma.generationJob.count({ where: { userId, ...OPEN } }),
    claim: async (at) => {
      // One statement, so that of two workers only one gets the row; SKIP LOCKED lets the other take the next.
      const claimed = await prisma.$queryRaw<{ id: string }[]>`
        UPDATE "generation_job"
        SET "status" = 'running', "startedAt" = ${at}, "attempts" = "attempts" + 1, "stage" = 'starting'
        WHERE "id" = (
          SELECT "id" FROM "generation_job" WHERE "status" = 'queued'
          ORDER BY "createdAt", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        RETURNING "id"`;
      const id = claimed[0]?.id;
      if (id === undefined) return undefined;
      const row = await prisma.generationJob.findUnique({ where: { id } });
      return row ? toJob(row) : undefined;
    },
    report: async (id, stage, done, total) => {
      await prisma.generationJob.updateMany({
        where: { id, status: 'running' },
        data: { stage, done, total },
      });
    },
    finish: async (id, end, at) => {
      const { count } = await prisma.generationJob.updateMany({
        where: { id, ...OPEN },
        data: {
          status: end.status,
          finishedAt: at,
          ...(end.status === 'done' ? { trackId: end.trackId } : {}),
          ...(end.status === 'failed' ? { error: end.error } : {}),
        },
      });
      return count > 0;
    },
    recover: async (maxAttempts, at) => {
      const failed = await prisma.generationJob.updateMany({
        where: { status: 'running', attempts: { gte: maxAttempts } },
        data: { status: 'failed', finishedAt: at, error: interrupted(maxAttempts) },
      });
      const requeued = await prisma.generationJob.updateMany({
        where: { status: 'running' },
        data: { status: 'queued', startedAt: null, stage: 'waiting', done: 0 },
      });
      return { requeued: requeued.count, failed: failed.count };
    },
  };
}

export function interrupted(attempts: number): string {
  return `The server stopped ${attempts} times while composing this piece; please start it again.`;
}

export function toJob(row: Prisma.GenerationJobGetPayload<object>): JobRecord {
  const { request, seed, mode, ...rest } = row;
  return {
    ...rest,
    mode: mode as JobRecord['mode'],
    request: request as unknown as ComposeRequestRecord,
    seed: Number(seed),
  };
}
