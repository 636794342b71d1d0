import type { Prisma, PrismaClient } from '../../../generated/prisma/client.ts';
import type { TrainingRecord, TrainingRepository } from '../trainings.ts';

const OPEN = { status: { in: ['queued' as const, 'running' as const] } };
/** Tracks whose labels may be learned from. */
const LEARNED: Prisma.TrackWhereInput = { OR: [{ ownerId: null }, { owner: { role: 'admin' } }] };
export const INTERRUPTED = 'The server stopped while this was running; please start it again.';

export function createPrismaTrainings(prisma: PrismaClient): TrainingRepository {
  return {
    insert: async (job) => {
      await prisma.trainingJob.create({ data: job });
    },
    find: async (id) => {
      const row = await prisma.trainingJob.findUnique({ where: { id } });
      return row ? toTraining(row) : undefined;
    },
    list: async (take) =>
      (await prisma.trainingJob.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], take })).map(
        toTraining,
      ),
    countOpen: (kind) => prisma.trainingJob.count({ where: { kind, ...OPEN } }),
    claim: async (at) => {
      const claimed = await prisma.$queryRaw<{ id: string }[]>`
        UPDATE "training_job" SET "status" = 'running', "startedAt" = ${at}, "stage" = 'starting'
        WHERE "id" = (
          SELECT "id" FROM "training_job" WHERE "status" = 'queued'
          ORDER BY "createdAt", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        RETURNING "id"`;
      const id = claimed[0]?.id;
      const row = id === undefined ? null : await prisma.trainingJob.findUnique({ where: { id } });
      return row ? toTraining(row) : undefined;
    },
    report: async (id, stage, done, total) => {
      await prisma.trainingJob.updateMany({ where: { id, status: 'running' }, data: { stage, done, total } });
    },
    finish: async (id, end, at) => {
      const { count } = await prisma.trainingJob.updateMany({
        where: { id, ...OPEN },
        data: { ...end, finishedAt: at },
      });
      return count > 0;
    },
    failInterrupted: async (at) => {
      const { count } = await prisma.trainingJob.updateMany({
        where: { status: 'running' },
        data: { status: 'failed', error: INTERRUPTED, finishedAt: at },
      });
      return count;
    },
    corrected: (kind) =>
      prisma.correction.findMany({
        where: { track: { kind, ...LEARNED } },
        select: { trackId: true, label: true },
        orderBy: { trackId: 'asc' },
      }),
    // Not by NOT: a person without a role is neither an administrator nor, in SQL, not one.
    countLeft: async () =>
      (await prisma.correction.count()) - (await prisma.correction.count({ where: { track: LEARNED } })),
    trackIds: async (kind, { shared = false } = {}) => {
      const where = { kind, ...(shared ? { ownerId: null } : {}) };
      return (await prisma.track.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } })).map(
        ({ id }) => id,
      );
    },
    unheard: async (model) =>
      (
        await prisma.track.findMany({
          where: { kind: 'score', ownerId: null, classifications: { none: { model } } },
          select: { id: true },
          orderBy: { id: 'asc' },
        })
      ).map(({ id }) => id),
    wasDone: async (task) => (await prisma.trainingJob.count({ where: { task, status: 'done' } })) > 0,
    labels: () => prisma.customLabel.findMany({ orderBy: [{ createdAt: 'asc' }, { name: 'asc' }] }),
    addLabel: async (label) => {
      const { count } = await prisma.customLabel.createMany({ data: [label], skipDuplicates: true });
      return count > 0;
    },
    placeLabel: async (name, parent) => {
      await prisma.customLabel.updateMany({ where: { name }, data: { parent } });
    },
    removeLabel: async (name) => {
      await prisma.customLabel.deleteMany({ where: { name } });
    },
    labelledAs: async (label) =>
      (
        await prisma.correction.findMany({
          where: { label },
          select: { trackId: true },
          orderBy: { trackId: 'asc' },
        })
      ).map(({ trackId }) => trackId),
  };
}

function toTraining({ task, kind, ...row }: Prisma.TrainingJobGetPayload<object>): TrainingRecord {
  return { ...row, task: task as TrainingRecord['task'], kind: kind as TrainingRecord['kind'] };
}
